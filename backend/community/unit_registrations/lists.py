"""The lists in which an actor finds units' registrations. They are executed with `asked_by`."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from backend.community.unit_registrations import policy
from backend.community.unit_registrations.flow import FLOW
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.core.actor import Actor
from backend.core.asker import Asker, asker_of
from backend.core.finding import found_by
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit, UnitKind


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
    asker = asker_of(actor)
    statement = FLOW.shown(asker)
    if decidable:
        statement = statement.where(policy.RECEIVER.holds(asker))
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
    return _of_own_units(asker_of(actor))


@cache
def _of_own_units(asker: Asker) -> sa.Select[UnitRegistration]:
    return FLOW.shown(asker).where(asker.contacts(UnitRegistration.unit_id))
