"""Wire shapes of feedback."""

from backend.community.conduct_feedback.flow import FLOW, Replying
from backend.community.conduct_feedback.models import FeedbackStatus
from backend.community.conduct_feedback.service import Note
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.areas.schemas import AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr

ORGANISED = "Activities the member drew up for the community, at which somebody was present"
STOOD_IN = "Turns the member took over from somebody who could not come"
UNIT_PROJECTS = "Projects completed for the member's unit, as its contact"


class FeedbackIn(Schema):
    """A short comment beside the facts, which come from the records; no grade."""

    makes = Note
    year = fields.Int(2000, 2100, required=True)
    comment = fields.Text(500, required=True)


class FeedbackFactsQuery(Schema):
    year = fields.QueryInt(2000, 2100, required=True)


class FeedbackQuery(PageQuery):
    year = fields.QueryInt(2000, 2100)


class ReplyIn(Schema):
    makes = Replying
    reply = fields.Text(
        500, least=0, load_default="", metadata={"description": "Empty: nothing to add"}
    )


class FeedbackFactsOut(Schema):
    member = fields.Part(NamedOut, required=True)
    year = fields.Whole(required=True)
    services = fields.Whole(required=True)
    minutes = fields.Whole(required=True)
    categories = fields.ListOf(fields.Str(), required=True)
    projects = fields.Whole(required=True)
    organised = fields.Whole(required=True, metadata={"description": ORGANISED})
    stood_in = fields.Whole(required=True, metadata={"description": STOOD_IN})
    unit_projects = fields.Whole(required=True, metadata={"description": UNIT_PROJECTS})


class FeedbackOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(FeedbackStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    member = fields.Part(NamedOut, required=True)
    community = fields.Part(AreaRefOut, required=True)
    year = fields.Whole(required=True)
    services = fields.Whole(required=True)
    minutes = fields.Whole(required=True)
    categories = fields.ListOf(fields.Str(), required=True)
    projects = fields.Whole(required=True)
    organised = fields.Whole(required=True, metadata={"description": ORGANISED})
    stood_in = fields.Whole(required=True, metadata={"description": STOOD_IN})
    unit_projects = fields.Whole(required=True, metadata={"description": UNIT_PROJECTS})
    comment = CheckedStr(part="comment", required=True)
    written_at = fields.Moment(required=True)
    reply_due_on = fields.Day(required=True)
    reply = CheckedStr(part="reply", required=True, allow_none=True)
    replied_at = fields.Moment(required=True, allow_none=True)
    handed_over_at = fields.Moment(required=True, allow_none=True)
