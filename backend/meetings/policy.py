"""Who may do what with meetings. Everything not named here is refused."""

import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.meetings.models import Meeting


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """A meeting exists for the branch's members and its secretary."""
    return sa.or_(
        Meeting.organization_id == actor.branch_id,
        Meeting.organization_id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
    )


def may_convene(actor: Actor, organization_id: int) -> bool:
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)


def may_record(actor: Actor, meeting: Meeting) -> bool:
    """The branch secretary keeps the list and closes."""
    return may_convene(actor, meeting.organization_id)
