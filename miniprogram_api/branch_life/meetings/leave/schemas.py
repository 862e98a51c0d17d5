"""Wire shapes of requests for leave."""

from backend.branch_life.meetings.leave.flow import FLOW
from backend.branch_life.meetings.leave.models import LeaveStatus
from backend.branch_life.meetings.models import AbsenceReason, MeetingKind
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, Schema
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr


class LeaveIn(OneIn):
    """A code and nothing else: what exactly somebody suffers from is nobody's business."""

    reason_code = fields.Choice(AbsenceReason, required=True)


class LeaveQuery(PageQuery):
    organization_id = fields.QueryInt(1)
    status = fields.Choice(LeaveStatus)
    decidable = fields.QueryBool(load_default=False)


class LeaveOut(Schema):
    id = fields.Id(required=True)
    member = fields.Part(NamedOut, required=True)
    reason_code = fields.Choice(AbsenceReason, required=True, attribute="reason")
    status = fields.Choice(LeaveStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    created_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    refuse_reason = CheckedStr(required=True, allow_none=True, part="refuse_reason")


class MeetingRefOut(Schema):
    id = fields.Id(required=True)
    kind = fields.Choice(MeetingKind, required=True)
    title = CheckedStr(required=True, part="plan")
    starts_at = fields.Moment(required=True)
    organization = fields.Part(NamedOut, required=True)


class LeaveOfMeetingOut(LeaveOut):
    meeting = fields.Part(MeetingRefOut, required=True)
