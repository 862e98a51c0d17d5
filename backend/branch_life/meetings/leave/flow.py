"""What may happen to a request for leave, and what follows from it (spec 2). The meeting is locked
first."""

import sqlalchemy as sa

from backend.branch_life.meetings import attendance, kinds
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.guards import OPEN
from backend.branch_life.meetings.leave import news, policy, queries
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.leave.models import LeaveStatus as S
from backend.branch_life.meetings.leave.policy import DECIDER, MEMBER
from backend.branch_life.meetings.models import AttendanceRecord, AttendanceStatus, Meeting
from backend.core import clock
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Reason, Step, Taken

# Nobody can come any more.
NOT_OVER = Guard(
    "meeting_over",
    "the meeting is not over",
    "会议已经结束，不能再撤回请假；如已到会，请告诉记录人登记。",
    lambda row: row.meeting.ends_at > clock.now(),
)


def _excuse(taken: Taken[LeaveRequest]) -> None:
    """Excuse the member, with the reason, on the list, unless there already."""
    row = taken.row
    if not attendance.is_present(taken.session, row.meeting_id, row.member_id):
        mark = Mark(AttendanceStatus.EXCUSED, row.reason)
        attendance.write(taken.session, row.meeting_id, {row.member_id: mark})


def _take_off_the_list(taken: Taken[LeaveRequest]) -> None:
    """Who was excused comes after all."""
    row = taken.row
    if row.status is S.APPROVED:
        taken.session.execute(
            sa.delete(AttendanceRecord).where(
                AttendanceRecord.meeting_id == row.meeting_id,
                AttendanceRecord.member_id == row.member_id,
                AttendanceRecord.status == AttendanceStatus.EXCUSED,
            )
        )


FLOW = Flow(
    "leave_request",
    LeaveRequest,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份请假。",
    texts=kinds.LEAVE_TEXTS,
    area_id=lambda row: row.meeting.organization.area_id,
    lock_first=lambda session, row: session.get_one(Meeting, row.meeting_id, with_for_update=True),
    audited_as="leave",
    steps=[
        Step("approve", "approval",
             "Excuse the member on the meeting's list.",
             {S.SUBMITTED: S.APPROVED}, DECIDER, within=[OPEN], signs="decided",
             then=_excuse, past="approved", tells=news.tell_member, awaited=True),
        Step("refuse", "refusal",
             "Refuse with a reason, which the member is told.",
             {S.SUBMITTED: S.REFUSED}, DECIDER, "with a reason", within=[OPEN],
             says=Reason, writes={"reason": "refuse_reason"}, signs="decided",
             past="refused", tells=news.tell_member),
        Step("withdraw", "withdrawal",
             "Take one's own request back, approved or not, while the meeting is open.",
             {S.SUBMITTED: S.WITHDRAWN, S.APPROVED: S.WITHDRAWN}, MEMBER,
             within=[OPEN], guards=[NOT_OVER], first=_take_off_the_list, past="withdrawn"),
        Step("lapse", "", "Let what was asked for another time, or in vain, lapse.",
             {S.SUBMITTED: S.LAPSED, S.APPROVED: S.LAPSED}, CLOCK,
             "the meeting is at another time, or cancelled before anybody decided"),
    ],
)  # fmt: skip
