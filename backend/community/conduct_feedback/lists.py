"""The lists in which an actor finds feedback. They are executed with `asked_by`."""

from functools import cache

import sqlalchemy as sa

from backend.community.conduct_feedback.flow import FLOW
from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.conduct_feedback.policy import MEMBER
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of


def listed(actor: Actor, *, year: int | None = None) -> sa.Select[ConductFeedback]:
    """Select what the actor wrote for a community or received for a branch, not the own notes."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker).where(asker.anothers(ConductFeedback.member_id))
    return statement if year is None else statement.where(ConductFeedback.year == year)


def own(actor: Actor) -> sa.Select[ConductFeedback]:
    """Select the notes about the actor. Raises Forbidden without a roster entry."""
    actor.as_member()
    return _own(asker_of(actor))


@cache
def _own(asker: Asker) -> sa.Select[ConductFeedback]:
    return FLOW.shown(asker).where(MEMBER.holds(asker))
