"""The lists in which an actor finds requests for leave. They are executed with `asked_by`."""

import sqlalchemy as sa

from backend.branch_life.meetings.leave import policy
from backend.branch_life.meetings.leave.flow import FLOW
from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.models import Meeting, MeetingStatus
from backend.core.actor import Actor
from backend.core.asker import asker_of


def listed(
    actor: Actor,
    *,
    organization_id: int | None = None,
    status: LeaveStatus | None = None,
    decidable: bool = False,
) -> sa.Select[LeaveRequest]:
    """Select what the actor may see; `decidable`: what waits for the actor's decision."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker)
    if organization_id is not None:
        statement = statement.where(Meeting.organization_id == organization_id)
    if status is not None:
        statement = statement.where(LeaveRequest.status == status)
    if decidable:
        statement = statement.where(
            LeaveRequest.status == LeaveStatus.SUBMITTED,
            Meeting.status == MeetingStatus.CONVENED,
            policy.DECIDER.holds(asker),
        )
    return statement


def of_meeting(actor: Actor, meeting_id: int, *, own: bool = False) -> sa.Select[LeaveRequest]:
    """Select the requests of a meeting for its recorder, or the actor's own of them, the newest
    first."""
    asker = asker_of(actor)
    requests = FLOW.selected(asker).where(LeaveRequest.meeting_id == meeting_id)
    if own:
        requests = requests.where(asker.own(LeaveRequest.member_id))
    return requests.order_by(LeaveRequest.id.desc())
