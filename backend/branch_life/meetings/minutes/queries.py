"""Questions about minutes and their amendments."""

import sqlalchemy as sa
from sqlalchemy.orm import with_expression

from backend.branch_life.meetings.minutes.models import MeetingMinutes, MinutesAmendment
from backend.support.text_checks import withheld


def of_meeting(meeting_id: int) -> sa.Select[MeetingMinutes]:
    return (
        sa.select(MeetingMinutes)
        .where(MeetingMinutes.meeting_id == meeting_id)
        .options(
            with_expression(
                MeetingMinutes.withheld,
                withheld.of(MeetingMinutes.__tablename__, MeetingMinutes.id),
            )
        )
    )


def amendments(meeting_id: int) -> sa.Select[MinutesAmendment]:
    """Select what was added after closing, in order."""
    return (
        sa.select(MinutesAmendment)
        .where(MinutesAmendment.meeting_id == meeting_id)
        .options(
            with_expression(
                MinutesAmendment.withheld,
                withheld.of(MinutesAmendment.__tablename__, MinutesAmendment.id),
            )
        )
        .order_by(MinutesAmendment.number)
    )
