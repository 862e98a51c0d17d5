"""Who may do what with registrations. Everything not named here is refused."""

import sqlalchemy as sa

from backend.areas import service as areas
from backend.areas.models import Area
from backend.core.actor import OFFICERS, Actor, Role
from backend.registrations.models import CommunityRegistration


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a registration exists for the actor: own, received, or within the own territory."""
    within = sa.select(Area.id).where(areas.below(actor.areas(*OFFICERS)))
    return sa.or_(
        CommunityRegistration.member_id == actor.member_id,
        CommunityRegistration.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
        CommunityRegistration.community_id.in_(within),
    )


def may_list(actor: Actor) -> bool:
    """Lists are for those who answer for a territory; members have their own list."""
    return bool(actor.areas(Role.COMMUNITY_SECRETARY, *OFFICERS))


def may_decide(actor: Actor, registration: CommunityRegistration) -> bool:
    """The secretary of the receiving community decides, never about the own registration."""
    return (
        registration.community_id in actor.areas(Role.COMMUNITY_SECRETARY)
        and registration.member_id != actor.member_id
    )


def may_see_person(actor: Actor, registration: CommunityRegistration) -> bool:
    """Street, district and city see that something waits, not who (spec 8.4)."""
    return registration.member_id == actor.member_id or registration.community_id in actor.areas(
        Role.COMMUNITY_SECRETARY
    )
