"""Wire shapes of claims."""

from backend.community.claims import progress
from backend.community.claims.flow import FLOW, Delivery
from backend.community.claims.models import ClaimStatus, ReleaseReason
from backend.community.claims.policy import READER
from backend.community.claims.service import Claiming
from backend.community.demands.flow import Evaluation
from miniprogram_api import fields
from miniprogram_api.community.projects.schemas import ProjectOut
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import GuardedCheckedStr
from miniprogram_api.timeline import Timeline


class ClaimIn(Schema):
    makes = Claiming
    unit_id = fields.Id(load_default=None, allow_none=True)
    note = fields.Text(200, least=0, load_default="")
    wait = fields.Bool(
        load_default=False, metadata={"description": "Queue for a place where none is left"}
    )


class DeliveryIn(Schema):
    makes = Delivery
    summary = fields.Text(500, required=True)
    delivered_on = fields.Day(required=True)


class EvaluationIn(Schema):
    """Of the project, never a score for a person."""

    makes = Evaluation
    solved = fields.Bool(required=True)
    satisfied = fields.Bool(required=True)
    comment = fields.Text(200, least=0, load_default="")


class ClaimQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    project_id = fields.QueryInt(1)
    status = fields.Choice(ClaimStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


may_see_person = READER.stands


class ClaimOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(ClaimStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    project = fields.Part(ProjectOut, required=True)
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=may_see_person)
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    note = GuardedCheckedStr(part="note", allowed=may_see_person)
    created_at = fields.Moment(required=True)
    waiting_position = fields.Whole(
        required=True, allow_none=True, metadata={"description": "1 is the next to move up"}
    )
    answer_due_on = fields.Day(required=True, allow_none=True)
    answer_due_provisional = fields.Bool(required=True)
    retry_until = fields.Day(required=True, allow_none=True)
    start_due_on = fields.Day(required=True, allow_none=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    decline_reason = GuardedCheckedStr(part="decline_reason", allowed=may_see_person)
    summary = GuardedCheckedStr(part="summary", allowed=may_see_person)
    delivered_on = fields.Day(required=True, allow_none=True)
    return_reason = GuardedCheckedStr(part="return_reason", allowed=may_see_person)
    release_reason = fields.Choice(ReleaseReason, required=True, allow_none=True)
    failure_reason = GuardedCheckedStr(part="failure_reason", allowed=may_see_person)
    timeline = Timeline(progress.of)
    # How it went: the community's view, and the claimant's.
    solved = fields.Bool(required=True, allow_none=True)
    satisfied = fields.Bool(required=True, allow_none=True)
    comment = GuardedCheckedStr(part="comment", allowed=may_see_person)
    claimant_solved = fields.Bool(required=True, allow_none=True)
    claimant_satisfied = fields.Bool(required=True, allow_none=True)
    claimant_comment = GuardedCheckedStr(part="claimant_comment", allowed=may_see_person)
