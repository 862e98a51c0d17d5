"""Who may do what with registrations. Everything not named here is refused."""

from functools import cache

import sqlalchemy as sa

from backend.community.registrations import kinds
from backend.community.registrations.models import CommunityRegistration
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.own import is_anothers, is_own
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import policy as members_policy
from backend.people.members import queries as members
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.support.attachments.declared import Opening


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a registration exists for the actor: own, received, or within the own territory."""
    return sa.or_(visible_request(actor), received_of_own_branch(actor))


def visible_request(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether what was asked of a registration exists for the actor: the home branch learns what
    was decided, not what somebody thinks of doing."""
    within = sa.select(Area.id).where(areas.below(actor.areas(*OFFICERS)))
    return sa.or_(
        is_own(CommunityRegistration.member_id, actor.member_id),
        CommunityRegistration.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        CommunityRegistration.community_id.in_(within),
        _outside_judged_by(actor),
    )


def learns_what_is_asked(actor: Actor, registration: CommunityRegistration) -> bool:
    """`visible_request` for one row. To the others a registration somebody asks to be taken out of
    stands as before, until that is decided."""
    community = registration.community
    within = community is not None and areas.lies_below(community, actor.areas(*OFFICERS))
    return within or may_see_person(actor, registration)


def received_of_own_branch(actor: Actor) -> sa.ColumnElement[bool]:
    """The home branch learns who of its members has been received, and where (spec 3.2)."""
    return sa.and_(CommunityRegistration.accepted_on.is_not(None), _of_own_branch(actor))


def _of_own_branch(actor: Actor) -> sa.ColumnElement[bool]:
    branches = actor.organizations(Role.BRANCH_SECRETARY)
    own = sa.select(Member.id).where(Member.branch_id.in_(branches))
    return CommunityRegistration.member_id.in_(own)


def _outside_judged_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Of somebody who lives outside the city the home branch judges (spec 3.5); of its secretary
    the organisation above does, too."""
    judged = sa.or_(_of_own_branch(actor), _of_secretary_below(actor))
    return sa.and_(CommunityRegistration.community_id.is_(None), judged)


def _of_secretary_below(actor: Actor) -> sa.ColumnElement[bool]:
    above = actor.organizations(Role.BRANCH_SECRETARY)
    below = sa.select(Organization.id).where(Organization.parent_id.in_(above))
    ours = sa.select(Member.id).where(Member.branch_id.in_(below))
    member_id = CommunityRegistration.member_id
    return sa.and_(member_id.in_(ours), members.leads_own_branch(member_id))


@cache
def of_secretary() -> sa.ColumnElement[bool]:
    """Whether a registration is that of the receiving community's own secretary, or, outside the
    city, of the home branch's."""
    member_id, community_id = CommunityRegistration.member_id, CommunityRegistration.community_id
    return sa.or_(
        members.holds(Role.COMMUNITY_SECRETARY, member_id=member_id, area_id=community_id),
        sa.and_(community_id.is_(None), members.leads_own_branch(member_id)),
    )


def may_decide(actor: Actor, registration: CommunityRegistration) -> bool:
    """The secretary of the receiving community decides; of the secretary's own registration a
    deputy or the street does (spec 3.5); of one outside the city the secretary of the home branch,
    of that secretary's own a deputy or the organisation above. Nobody decides about the own one."""
    return not is_own(registration.member_id, actor.member_id) and _answers_for(actor, registration)


def _answers_for(actor: Actor, registration: CommunityRegistration) -> bool:
    community = registration.community
    if community is None:
        return _judges_for_branch(actor, registration)
    if community.id in actor.areas(Role.COMMUNITY_SECRETARY):
        return True
    street = community.township_id
    return bool(registration.of_secretary) and street in actor.areas(Role.STREET_OFFICER)


def _judges_for_branch(actor: Actor, registration: CommunityRegistration) -> bool:
    home, led = registration.member.branch, actor.organizations(Role.BRANCH_SECRETARY)
    return home.id in led or (bool(registration.of_secretary) and home.parent_id in led)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows: whether the actor may decide about a registration."""
    received = members_policy.decides(
        actor,
        member_id=CommunityRegistration.member_id,
        area_id=CommunityRegistration.community_id,
    )
    outside = sa.and_(
        _outside_judged_by(actor),
        is_anothers(CommunityRegistration.member_id, actor.member_id),
    )
    return sa.or_(received, outside)


def may_assist(actor: Actor, community: Area) -> bool:
    """Who receives in a community also enters the paper slips handed in there."""
    return community.id in actor.areas(Role.COMMUNITY_SECRETARY)


def may_see_member(actor: Actor, registration: CommunityRegistration) -> bool:
    """Who it is the home branch knows too; what was asked, offered or answered it does not."""
    home = registration.member.branch_id in actor.organizations(Role.BRANCH_SECRETARY)
    return home or may_see_person(actor, registration)


def shows_person(actor: Actor) -> sa.ColumnElement[bool]:
    """`may_see_person` for rows: to whom the receipt from outside the city opens."""
    own = is_own(CommunityRegistration.member_id, actor.member_id)
    return sa.or_(own, decidable(actor))


def shows_member(actor: Actor) -> sa.ColumnElement[bool]:
    """`may_see_member` for rows: who may look for somebody by name."""
    return sa.or_(shows_person(actor), _of_own_branch(actor))


def may_see_person(actor: Actor, registration: CommunityRegistration) -> bool:
    """Street, district and city see that something waits, not who, unless it is theirs to decide
    (spec 8.4)."""
    return is_own(registration.member_id, actor.member_id) or _answers_for(actor, registration)


FILES = Opening(kinds.FILES, CommunityRegistration, shows_person)
