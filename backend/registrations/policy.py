"""Who may do what with registrations. Everything not named here is refused."""

import sqlalchemy as sa

from backend.areas import service as areas
from backend.areas.models import Area
from backend.core.actor import OFFICERS, Actor, Role
from backend.members import policy as members_policy
from backend.members import queries as members
from backend.registrations.models import CommunityRegistration


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a registration exists for the actor: own, received, or within the own territory."""
    within = sa.select(Area.id).where(areas.below(actor.areas(*OFFICERS)))
    return sa.or_(
        CommunityRegistration.member_id == actor.member_id,
        CommunityRegistration.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        CommunityRegistration.community_id.in_(within),
    )


def of_secretary() -> sa.ColumnElement[bool]:
    """Whether a registration is that of the receiving community's own secretary."""
    return members.holds(
        Role.COMMUNITY_SECRETARY,
        member_id=CommunityRegistration.member_id,
        area_id=CommunityRegistration.community_id,
    )


def may_decide(actor: Actor, registration: CommunityRegistration) -> bool:
    """The secretary of the receiving community decides; of the secretary's own registration a
    deputy or the street does (spec 3.5). Nobody decides about the own one."""
    return registration.member_id != actor.member_id and _answers_for(actor, registration)


def _answers_for(actor: Actor, registration: CommunityRegistration) -> bool:
    if registration.community_id in actor.areas(Role.COMMUNITY_SECRETARY):
        return True
    street = registration.community.township_id
    return bool(registration.of_secretary) and street in actor.areas(Role.STREET_OFFICER)


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows: whether the actor may decide about a registration."""
    return members_policy.decides(
        actor,
        member_id=CommunityRegistration.member_id,
        area_id=CommunityRegistration.community_id,
    )


def may_see_person(actor: Actor, registration: CommunityRegistration) -> bool:
    """Street, district and city see that something waits, not who, unless it is theirs to decide
    (spec 8.4)."""
    return registration.member_id == actor.member_id or _answers_for(actor, registration)
