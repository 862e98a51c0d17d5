"""Questions about units' registrations."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload, with_expression

from backend.community.unit_registrations import policy
from backend.community.unit_registrations.models import (
    ResourceKind,
    ResourceOffer,
    UnitRegistration,
    UnitRegistrationStatus,
)
from backend.core.actor import Actor, Role
from backend.core.finding import found_by
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit, UnitKind
from backend.support.text_checks import withheld

S = UnitRegistrationStatus
STANDING = (S.ACTIVE, S.RENEWAL_DUE)
LIVE = (S.SUBMITTED, S.RETURNED, S.ACTIVE, S.RENEWAL_DUE)


@cache
def shown() -> sa.Select[UnitRegistration]:
    """Select registrations with what every answer shows of them."""
    return sa.select(UnitRegistration).options(
        joinedload(UnitRegistration.unit),
        joinedload(UnitRegistration.area),
        joinedload(UnitRegistration.contact),
        selectinload(UnitRegistration.resources),
        with_expression(UnitRegistration.withheld, _withheld()),
        with_expression(UnitRegistration.of_secretary, policy.of_secretary()),
    )


def _withheld() -> sa.ScalarSelect[Any]:
    return withheld.of(UnitRegistration.__tablename__, UnitRegistration.id)


def units_registered_with(area_id: int) -> sa.Select[int]:
    """Select the units that stand registered with a community or street today."""
    return sa.select(UnitRegistration.unit_id).where(
        UnitRegistration.area_id == area_id, UnitRegistration.status.in_(STANDING)
    )


class Wanted(TypedDict, total=False):
    """Of which units, and where."""

    q: str
    kind: UnitKind
    district_code: str


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    unit_id: int | None = None,
    status: UnitRegistrationStatus | None = None,
    decidable: bool = False,
    **of: Unpack[Wanted],
) -> sa.Select[UnitRegistration]:
    """Select what exists for the actor; `community_code` names the receiver, a street too."""
    statement = shown().where(policy.visible(actor))
    if decidable:
        statement = statement.where(policy.decidable(actor))
    if community_code is not None:
        statement = statement.where(UnitRegistration.area_id == areas.id_of(community_code))
    if unit_id is not None:
        statement = statement.where(UnitRegistration.unit_id == unit_id)
    if status is not None:
        statement = statement.where(UnitRegistration.status == status)
    return statement.where(*(_WANTED[name](value) for name, value in of.items()))


def _of_units(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return UnitRegistration.unit_id.in_(sa.select(Unit.id).where(condition))


def _in_district(code: str) -> sa.ColumnElement[bool]:
    inside = sa.select(Area.id).where(Area.district_id == areas.id_of(code))
    return UnitRegistration.area_id.in_(inside)


_WANTED: dict[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "q": lambda text: _of_units(found_by(Unit.found_as, Unit.name, text)),
    "kind": lambda kind: _of_units(Unit.kind == kind),
    "district_code": _in_district,
}


def of_own_units(actor: Actor) -> sa.Select[UnitRegistration]:
    """Select the registrations of the units whose contact the actor is."""
    units = actor.units(Role.UNIT_CONTACT)
    return shown().where(UnitRegistration.unit_id.in_(units))


def resources(
    *, community_code: str | None = None, kind: ResourceKind | None = None
) -> sa.Select[ResourceOffer]:
    """Select what units offer where they are registered; `community_code` may be a street's."""
    statement = (
        sa.select(ResourceOffer)
        .join(ResourceOffer.registration)
        .options(
            contains_eager(ResourceOffer.registration).options(
                joinedload(UnitRegistration.unit),
                joinedload(UnitRegistration.area),
                with_expression(UnitRegistration.withheld, _withheld()),
            )
        )
        .where(UnitRegistration.status.in_(STANDING))
    )
    if community_code is not None:
        statement = statement.where(UnitRegistration.area_id == areas.id_of(community_code))
    if kind is not None:
        statement = statement.where(ResourceOffer.kind == kind)
    return statement


def live(unit_id: int, area_id: int) -> sa.Select[UnitRegistration]:
    return sa.select(UnitRegistration).where(
        UnitRegistration.unit_id == unit_id,
        UnitRegistration.area_id == area_id,
        UnitRegistration.status.in_(LIVE),
    )


def to_be_renewed(before: date) -> sa.Select[UnitRegistration]:
    """Select what was last confirmed before a day, in one order for every worker."""
    confirmed = sa.func.coalesce(UnitRegistration.renewed_on, UnitRegistration.accepted_on)
    return (
        sa.select(UnitRegistration)
        .where(UnitRegistration.status == S.ACTIVE, confirmed < before)
        .order_by(UnitRegistration.unit_id, UnitRegistration.id)
    )
