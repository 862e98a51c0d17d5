"""Who may do what with registrations. Everything not named here is refused."""

from functools import cache

import sqlalchemy as sa

from backend.community.registrations import kinds
from backend.community.registrations.models import CommunityRegistration
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.asker import Asker, asker_of
from backend.flows.steps import Party
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.support.attachments.declared import Opening

_R = CommunityRegistration


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a registration exists for the asker: own, received or in the own territory."""
    return sa.or_(visible_request(asker), received_of_own_branch(asker))


def visible_request(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether what was asked of a registration exists for the asker.

    The home branch learns what was decided, not what somebody thinks of doing.
    """
    return sa.or_(
        asker.own(_R.member_id),
        asker.over(_R.community_id, Role.COMMUNITY_SECRETARY),
        areas.within(asker, _R.community_id, *OFFICERS),
        _judges(asker),
    )


def received_of_own_branch(asker: Asker) -> sa.ColumnElement[bool]:
    """Let the home branch learn who of its members has been received, and where (spec 3.2)."""
    return sa.and_(_R.accepted_on.is_not(None), _of_own_branch(asker))


def _of_own_branch(asker: Asker) -> sa.ColumnElement[bool]:
    return _R.member_id.in_(
        sa.select(Member.id).where(asker.leads(Member.branch_id, Role.BRANCH_SECRETARY))
    )


def _judges(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker judges about somebody who lives outside the city (spec 3.5).

    The home branch does; of its secretary the organisation above does, too.
    """
    if Role.BRANCH_SECRETARY not in asker.roles:
        return sa.false()
    below = sa.select(Organization.id).where(
        asker.leads(Organization.parent_id, Role.BRANCH_SECRETARY)
    )
    ours = sa.select(Member.id).where(Member.branch_id.in_(below))
    of_secretary_below = sa.and_(_R.member_id.in_(ours), members.leads_own_branch(_R.member_id))
    return sa.and_(_R.community_id.is_(None), sa.or_(_of_own_branch(asker), of_secretary_below))


@cache
def _of_secretary() -> sa.ColumnElement[bool]:
    """Return whether a registration is that of the receiving community's own secretary."""
    return members.holds(Role.COMMUNITY_SECRETARY, member_id=_R.member_id, area_id=_R.community_id)


def _receives(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is secretary there.

    Of the secretary's own registration the street's officers answer, too (spec 3.5).
    """
    streets = sa.select(Area.id).where(asker.over(Area.township_id, Role.STREET_OFFICER))
    return sa.or_(
        asker.over(_R.community_id, Role.COMMUNITY_SECRETARY),
        sa.and_(_R.community_id.in_(streets), _of_secretary()),
    )


def _decides(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker decides: nobody does about the own one.

    `queries.deciders` selects the same people.
    """
    return sa.and_(asker.anothers(_R.member_id), sa.or_(_receives(asker), _judges(asker)))


def _either(asker: Asker) -> sa.ColumnElement[bool]:
    return sa.or_(asker.own(_R.member_id), _decides(asker))


def shows_member(asker: Asker) -> sa.ColumnElement[bool]:
    """Let the home branch know who it is, too, but not what was asked, offered or answered."""
    return sa.or_(_either(asker), _of_own_branch(asker))


def may_assist(actor: Actor, community: Area) -> bool:
    """Let who receives in a community also enter the paper slips handed in there."""
    return community.id in actor.areas(Role.COMMUNITY_SECRETARY)


NOT_YOURS = ("not_your_decision", "只有接收社区的书记可以办理，且不能办理本人的报到。")
DECIDER = Party("community secretary", _decides, *NOT_YOURS)
MEMBER = Party(
    "member",
    lambda asker: asker.own(_R.member_id),
    "not_yours",
    "只能办理本人的报到和申请。",
)
# To these two sides it shows the person; street, district and city see that something waits, not
# who, unless it is theirs to decide (spec 8.4).
EITHER = Party("member or community secretary", _either, *NOT_YOURS)
# Takes the steps that come with what happens elsewhere.
SYSTEM = Party("system", lambda _asker: sa.false())

KNOWS_MEMBER = Party("whoever knows the member", shows_member)
# To the others a registration somebody asks to be taken out of stands as before, until that is
# decided.
LEARNS = Party("whoever learns what is asked", visible_request)

FILES = Opening(kinds.FILES, CommunityRegistration, lambda actor: _either(asker_of(actor)))
