"""Who may do what with meetings. Everything not named here is refused."""

import sqlalchemy as sa

from backend.branch_life.meetings import kinds
from backend.branch_life.meetings.models import Gathering, Meeting
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker, asker_of
from backend.flows.steps import Party
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.support.attachments.declared import Opening


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a meeting exists for the asker.

    It does for those due to attend, its recorder, and the branch's secretary. What a committee or a
    Party group discusses is not the other members' to read.
    """
    branch, gathering = Meeting.organization_id, Meeting.gathering
    me = sa.select(Member.group_id).where(asker.own(Member.id))
    return sa.or_(
        RECORDER.holds(asker),
        sa.and_(asker.belongs(branch), gathering == Gathering.MEMBERS),
        sa.and_(asker.serves(branch, *members.COMMITTEE), gathering == Gathering.COMMITTEE),
        Meeting.group_id == me.scalar_subquery(),
    )


# Closes, cancels, and decides who may vote.
SECRETARY = Party(
    "branch secretary",
    lambda asker: asker.leads(Meeting.organization_id, Role.BRANCH_SECRETARY),
    "not_the_branch_secretary",
    "只有党支部书记可以办理此事项。",
)
# Whoever was named recorder keeps list, votes and minutes; the branch secretary can, too.
RECORDER = Party(
    "recorder or branch secretary",
    lambda asker: sa.or_(SECRETARY.holds(asker), asker.own(Meeting.recorder_id)),
    "not_the_recorder",
    "只有本次会议的记录人和党支部书记可以登记。",
)


def may_convene(actor: Actor, organization_id: int) -> bool:
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)


def may_set_online_voting(actor: Actor) -> bool:
    """Let the city's officers set it, for the whole city (spec 2.5)."""
    return bool(actor.areas(OFFICERS[-1]))


FILES = Opening(kinds.FILES, Meeting, lambda actor: visible(asker_of(actor)))
