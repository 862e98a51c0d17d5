"""Questions about requests for leave."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, with_expression

from backend.branch_life.meetings.leave.models import LeaveRequest, LeaveStatus
from backend.branch_life.meetings.models import Meeting
from backend.support.text_checks import withheld

LIVE = (LeaveStatus.SUBMITTED, LeaveStatus.APPROVED)


@cache
def shown() -> sa.Select[LeaveRequest]:
    """Select requests with what every answer shows of them: who, and from which meeting."""
    return (
        sa.select(LeaveRequest)
        .join(LeaveRequest.meeting)
        .options(
            contains_eager(LeaveRequest.meeting).joinedload(Meeting.organization),
            contains_eager(LeaveRequest.meeting).with_expression(
                Meeting.withheld, withheld.of(Meeting.__tablename__, Meeting.id)
            ),
            joinedload(LeaveRequest.member),
            with_expression(
                LeaveRequest.withheld, withheld.of(LeaveRequest.__tablename__, LeaveRequest.id)
            ),
        )
    )


def undecided(meeting_id: int) -> sa.Select[LeaveRequest]:
    """Select those of a meeting that wait for an answer."""
    return sa.select(LeaveRequest).where(
        LeaveRequest.meeting_id == meeting_id, LeaveRequest.status == LeaveStatus.SUBMITTED
    )
