"""Who keeps which organisations, units and roster entries (spec 8.5, D2 and D3): the organisation
departments of city and district, the secretary of the organisation above, and of the roster the
branch's own secretary and the unit's own contact. Everything not named here is refused."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core.actor import Actor, Role
from backend.core.errors import Forbidden
from backend.people.areas.models import Area
from backend.people.areas.service import below
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, OrganizationKind, Unit

DEPARTMENTS = (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
# Under which others may stand, but Party groups.
WITH_OTHERS_BELOW = (OrganizationKind.COMMITTEE, OrganizationKind.GENERAL_BRANCH)
_Above = aliased(Organization)


def check_keeps_something(actor: Actor) -> None:
    """Refuse whoever keeps no roster at all, before anything is looked for. Raises Forbidden."""
    led, contact = actor.organizations(Role.BRANCH_SECRETARY), actor.units(Role.UNIT_CONTACT)
    if not (actor.areas(*DEPARTMENTS) or led or contact):
        raise Forbidden("not_yours_to_keep", "您不负责党员名册和党组织，不能办理。")


def may_begin(actor: Actor) -> list[str]:
    """Return what the actor may begin in the rosters, beside what each thing says one may do."""
    if actor.areas(*DEPARTMENTS):
        return ["founding", "entering"]
    led, contact = actor.organizations(Role.BRANCH_SECRETARY), actor.units(Role.UNIT_CONTACT)
    return ["entering"] if led or contact else []


def keeps_area(actor: Actor, area: Area) -> bool:
    """Return whether an area lies where the actor is of the organisation department."""
    places = {area.id, area.district_id, area.city_id}
    return bool(actor.areas(*DEPARTMENTS) & places)


def _in_own_area(actor: Actor, area_id: sa.SQLColumnExpression[int]) -> sa.ColumnElement[bool]:
    ids = actor.areas(*DEPARTMENTS)
    return area_id.in_(sa.select(Area.id).where(below(ids))) if ids else sa.false()


def _led_from_above(actor: Actor) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _Above.id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
        _Above.id != Organization.id,
        Organization.path.op("<@")(_Above.path),
    )


def keeps(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether the actor keeps an Organization row itself: names, moves and ends it."""
    return sa.or_(_in_own_area(actor, Organization.area_id), _led_from_above(actor))


def keeps_roster(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether the actor keeps the roster of an Organization row."""
    led = Organization.id.in_(actor.organizations(Role.BRANCH_SECRETARY))
    return sa.or_(keeps(actor), led)


def sees(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether an Organization row shows to the actor what only those who keep it may know."""
    own = Organization.unit_id.in_(actor.units(Role.UNIT_CONTACT))
    return sa.or_(keeps_roster(actor), own)


def keeps_unit(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether the actor keeps a Unit row itself."""
    return _in_own_area(actor, Unit.community_id)


def sees_unit(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether a Unit row shows to the actor what only those who keep it may know."""
    return sa.or_(keeps_unit(actor), Unit.id.in_(actor.units(Role.UNIT_CONTACT)))


def keeps_member(actor: Actor) -> sa.ColumnElement[bool]:
    """Say whether the actor keeps a Member row."""
    kept = sa.select(Organization.id).where(keeps_roster(actor))
    own = Member.unit_id.in_(actor.units(Role.UNIT_CONTACT))
    return sa.or_(Member.branch_id.in_(kept), own)


def moves_members(actor: Actor, session: Session, *branch_ids: int) -> bool:
    """Return whether the actor keeps all these branches: a transfer concerns both."""
    kept = sa.select(sa.func.count()).where(Organization.id.in_(branch_ids), keeps(actor))
    return session.scalar(kept) == len(set(branch_ids))
