"""Questions about votes, who is left out of an election, and online voting."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload, with_expression

from backend.branch_life.meetings.models import Meeting
from backend.branch_life.meetings.voting.models import (
    OnlineVotingSetting,
    Resolution,
    ResolutionStatus,
    VoterExclusion,
)
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[Resolution]:
    """Select votes with what every answer shows of them, and the meeting of each."""
    return (
        sa.select(Resolution)
        .join(Resolution.meeting)
        .options(
            contains_eager(Resolution.meeting).joinedload(Meeting.organization),
            selectinload(Resolution.candidates),
            with_expression(
                Resolution.withheld, withheld.of(Resolution.__tablename__, Resolution.id)
            ),
        )
    )


def of_meeting(meeting_id: int) -> sa.Select[Resolution]:
    """Select the votes of a meeting, voided ones too, in the order in which they were recorded."""
    return shown().where(Resolution.meeting_id == meeting_id).order_by(Resolution.id)


def standing(meeting_id: int) -> sa.Select[Resolution]:
    """Select those that were not voided."""
    return of_meeting(meeting_id).where(Resolution.status == ResolutionStatus.RECORDED)


def exclusions(meeting_id: int) -> sa.Select[VoterExclusion]:
    """Select who is left out of the meeting's elections, and on which decision."""
    return (
        sa.select(VoterExclusion)
        .where(VoterExclusion.meeting_id == meeting_id, VoterExclusion.withdrawn_at.is_(None))
        .options(
            joinedload(VoterExclusion.member),
            with_expression(
                VoterExclusion.withheld,
                withheld.of(VoterExclusion.__tablename__, VoterExclusion.id),
            ),
        )
        .order_by(VoterExclusion.id)
    )


@cache
def online_voting() -> sa.Select[OnlineVotingSetting]:
    """Select the setting in force; nothing: online meetings may not vote."""
    return sa.select(OnlineVotingSetting).order_by(OnlineVotingSetting.id.desc()).limit(1)
