"""Who may do what with meetings. Everything not named here is refused."""

import sqlalchemy as sa

from backend.branch_life.meetings.models import Gathering, Meeting
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.own import is_own
from backend.people.members import queries as members
from backend.people.members.models import Member


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """A meeting exists for those due to attend, its recorder, and the branch's secretary.

    What a committee or a Party group discusses is not the other members' to read.
    """
    me = sa.select(Member.group_id).where(is_own(Member.id, actor.member_id))
    return sa.or_(
        Meeting.organization_id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
        is_own(Meeting.recorder_id, actor.member_id),
        sa.and_(
            is_own(Meeting.organization_id, actor.branch_id), Meeting.gathering == Gathering.MEMBERS
        ),
        sa.and_(
            Meeting.organization_id.in_(actor.serves(*members.COMMITTEE)),
            Meeting.gathering == Gathering.COMMITTEE,
        ),
        Meeting.group_id == me.scalar_subquery(),
    )


def may_convene(actor: Actor, organization_id: int) -> bool:
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)


def may_lead(actor: Actor, meeting: Meeting) -> bool:
    """The branch secretary closes, cancels, and decides about leave and who may vote."""
    return may_convene(actor, meeting.organization_id)


def may_record(actor: Actor, meeting: Meeting) -> bool:
    """Whoever was named recorder keeps list, votes and minutes; the branch secretary can, too."""
    return is_own(meeting.recorder_id, actor.member_id) or may_lead(actor, meeting)


def may_set_online_voting(actor: Actor) -> bool:
    """The city's officers, for the whole city (spec 2.5)."""
    return bool(actor.areas(OFFICERS[-1]))
