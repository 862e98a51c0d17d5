"""Who may do what with units' registrations. Everything not named here is refused."""

import sqlalchemy as sa

from backend.community.unit_registrations.models import UnitRegistration
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.own import is_anothers, is_own
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.members import queries as members

# A community's secretary receives there, a street's officer for the street itself.
RECEIVERS = (Role.COMMUNITY_SECRETARY, Role.STREET_OFFICER)


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether a registration exists for the actor: the own unit's, or received in the own area."""
    within = sa.select(Area.id).where(areas.below(actor.areas(Role.COMMUNITY_SECRETARY, *OFFICERS)))
    return sa.or_(
        UnitRegistration.unit_id.in_(actor.units(Role.UNIT_CONTACT)),
        UnitRegistration.area_id.in_(within),
    )


def may_act_for(actor: Actor, unit_id: int) -> bool:
    """The unit's contact registers it, corrects, renews and says what it offers."""
    return unit_id in actor.units(Role.UNIT_CONTACT)


def may_decide(actor: Actor, registration: UnitRegistration) -> bool:
    """The receiver decides, never about the unit whose contact the same person is, nor about what
    the same person sent when still being that. What the community's own secretary sent a deputy or
    the street decides, as with members' registrations (spec 3.5)."""
    sender = is_own(registration.contact_id, actor.member_id)
    own = sender or may_act_for(actor, registration.unit_id)
    street = registration.area.township_id in actor.areas(Role.STREET_OFFICER)
    above = bool(registration.of_secretary) and street
    return (is_receiver(actor, registration) or above) and not own


def decidable(actor: Actor) -> sa.ColumnElement[bool]:
    """The same question for rows: whether the actor may decide about a registration."""
    streets = sa.select(Area.id).where(Area.township_id.in_(actor.areas(Role.STREET_OFFICER)))
    return sa.and_(
        sa.or_(
            UnitRegistration.area_id.in_(actor.areas(*RECEIVERS)),
            sa.and_(UnitRegistration.area_id.in_(streets), of_secretary()),
        ),
        UnitRegistration.unit_id.not_in(actor.units(Role.UNIT_CONTACT)),
        is_anothers(UnitRegistration.contact_id, actor.member_id),
    )


def of_secretary() -> sa.ColumnElement[bool]:
    """Whether a registration was sent by the receiving community's own secretary."""
    row = UnitRegistration
    return members.holds(Role.COMMUNITY_SECRETARY, member_id=row.contact_id, area_id=row.area_id)


def may_end(actor: Actor, registration: UnitRegistration) -> bool:
    """Either side ends it."""
    return is_receiver(actor, registration) or may_act_for(actor, registration.unit_id)


def is_receiver(actor: Actor, registration: UnitRegistration) -> bool:
    return registration.area_id in actor.areas(*RECEIVERS)


def may_see_person(actor: Actor, registration: UnitRegistration) -> bool:
    """Who the contact is, is for the two sides; officers end at the unit (spec 8.5)."""
    return may_end(actor, registration)
