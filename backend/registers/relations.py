"""How somebody stands to entries: each relation one condition on `RegisterEntry`, written once
(spec 8.5). Everything not named in a declaration is refused."""

from collections.abc import Callable

import sqlalchemy as sa

from backend.core.actor import OFFICERS, Role
from backend.core.asker import ACCOUNT, Asker
from backend.people.areas.models import Area, AreaLevel
from backend.registers.declared import Relation
from backend.registers.models import RegisterEntry, RegisterVersion

_E = RegisterEntry
# Who acts for an area of which level.
ACTING: dict[AreaLevel, Role] = {
    AreaLevel.COMMUNITY: Role.COMMUNITY_SECRETARY,
    AreaLevel.TOWNSHIP: Role.STREET_OFFICER,
    AreaLevel.DISTRICT: Role.DISTRICT_OFFICER,
    AreaLevel.CITY: Role.CITY_OFFICER,
}


def own(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker acts for the place of an entry."""
    return asker.over(_E.place_id, *ACTING.values())


def above(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether an entry lies below an area for which the asker acts."""
    if not asker.roles.intersection(OFFICERS):
        return sa.false()
    columns = {
        AreaLevel.TOWNSHIP: Area.township_id,
        AreaLevel.DISTRICT: Area.district_id,
        AreaLevel.CITY: Area.city_id,
    }
    led = (
        sa.and_(Area.level != level, asker.over(column, ACTING[level]))
        for level, column in columns.items()
    )
    return _E.place_id.in_(sa.select(Area.id).where(sa.or_(*led)))


def next_above(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker acts for what lies right above the place of an entry."""
    if not asker.roles.intersection(OFFICERS):
        return sa.false()
    ids = sa.select(Area.id).where(asker.over(Area.parent_id, *OFFICERS))
    return _E.place_id.in_(ids)


def counterpart(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker acts for the area that an entry is linked with."""
    linked = sa.select(RegisterVersion.entry_id).where(
        RegisterVersion.superseded_at.is_(None),
        asker.over(RegisterVersion.area_id, *ACTING.values()),
    )
    return _E.id.in_(linked)


def unit(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is the contact of the unit of an entry."""
    return asker.contacts(_E.unit_id)


def person(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker is the member an entry is about."""
    return asker.own(_E.member_id)


def grid(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker works a grid in the community of an entry."""
    return asker.over(_E.place_id, Role.GRID_WORKER)


def recorder(_asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether the asker entered it."""
    return _E.recorded_by == ACCOUNT


def everyone(_asker: Asker) -> sa.ColumnElement[bool]:
    """Return true: it is public information (D1)."""
    return sa.true()


def nobody(_asker: Asker) -> sa.ColumnElement[bool]:
    """Return false: of entries these read nothing."""
    return sa.false()


HOLDS: dict[Relation, Callable[[Asker], sa.ColumnElement[bool]]] = {
    Relation.OWN: own,
    Relation.NEXT: next_above,
    Relation.ABOVE: above,
    Relation.ABOVE_COUNTS: nobody,
    Relation.COUNTERPART: counterpart,
    Relation.UNIT: unit,
    Relation.PERSON: person,
    Relation.GRID: grid,
    Relation.RECORDER: recorder,
    Relation.EVERYONE: everyone,
}
