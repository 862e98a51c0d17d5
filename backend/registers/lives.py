"""Reads how entries have been, for what the ledger holds of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import PositionKind
from backend.core.db import among
from backend.ledger.restating import Held
from backend.people.areas.models import Area
from backend.people.members.models import Position
from backend.registers.catalogue import registers
from backend.registers.declared import SlotName
from backend.registers.facts import Span, Stated, of
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion

SOURCE = RegisterEntry.__tablename__
LEADING = (PositionKind.SECRETARY, PositionKind.GROUP_LEADER)
_V = RegisterVersion
_COLUMNS = (
    _V.entry_id,
    RegisterEntry.register,
    RegisterEntry.status,
    _V.starts_on,
    _V.ends_on,
    _V.place_id,
    Area.level,
    _V.values,
    _V.parent_id,
    _V.organization_id,
    _V.unit_id,
    _V.member_id,
    _V.area_id,
    _V.lapsed,
)
_SLOTS = (SlotName.ORGANIZATION, SlotName.UNIT, SlotName.MEMBER, SlotName.AREA)


class Life(NamedTuple):
    """An entry's register, and how it was; nothing where it was a mistake."""

    register: str
    versions: list[Stated]


def of_all(session: Session) -> dict[int, Life]:
    """Return the life of each entry there is."""
    return _read(session, sa.true())


def of_some(session: Session, ids: Collection[int]) -> dict[int, Life]:
    """Return the lives of some entries, and of all to which they belong."""
    found = _read(session, among(_V.entry_id, [*ids]))
    above = {v.parent_id for life in found.values() for v in life.versions if v.parent_id}
    return found | of_some(session, missing) if (missing := above - found.keys()) else found


def with_below(session: Session, ids: Collection[int]) -> set[int]:
    """Return ids with those of all entries that belong, or have belonged, to them."""
    found, new = set(ids), set(ids)
    while new:
        below = sa.select(_V.entry_id).where(among(_V.parent_id, [*new])).distinct()
        new = {*session.scalars(below)} - found
        found |= new
    return found


def _read(session: Session, which: sa.ColumnElement[bool]) -> dict[int, Life]:
    rows = (
        sa.select(*_COLUMNS)
        .join(RegisterEntry, RegisterEntry.id == _V.entry_id)
        .join(Area, Area.id == _V.place_id)
        .where(which, _V.superseded_at.is_(None))
        .order_by(_V.entry_id, _V.starts_on)
    )
    found: dict[int, Life] = {}
    told = session.execute(rows).all()
    led = _led(session, {row.organization_id for row in told if row.register in _asking()})
    for id_, register, status, *version in told:
        life = found.setdefault(id_, Life(register, []))
        if status is not EntryStatus.VOIDED:
            life.versions.append(_stated(version, led))
    return found


@cache
def _asking() -> frozenset[str]:
    """Return the registers that ask who leads an organisation."""
    return frozenset(
        name for name, one in registers().items() if any(fact.led for fact in one.facts)
    )


def _led(session: Session, organization_ids: Collection[int | None]) -> dict[int, list[Span]]:
    """Return while when organisations are led: a branch by a secretary, a group by its leader."""
    ids = [id_ for id_ in organization_ids if id_ is not None]
    found: dict[int, list[Span]] = defaultdict(list)
    posts = (
        sa.select(Position.organization_id, Position.starts_on, Position.ends_on)
        .where(among(Position.organization_id, ids), Position.kind.in_(LEADING))
        .order_by(Position.organization_id, Position.starts_on)
    )
    for organization_id, starts_on, ends_on in session.execute(posts) if ids else ():
        found[organization_id].append(Span(starts_on, ends_on))
    return found


def _stated(row: Sequence[Any], led: Mapping[int, Sequence[Span]]) -> Stated:
    starts_on, ends_on, place_id, level, values, parent_id, *ids, lapsed = row
    slots = {slot: id_ for slot, id_ in zip(_SLOTS, ids, strict=True) if id_ is not None}
    days = {name: date.fromisoformat(day) for name, day in lapsed.items()}
    span, leading = Span(starts_on, ends_on), led.get(slots.get(SlotName.ORGANIZATION, 0), ())
    return Stated(span, place_id, level, values, parent_id, slots, days, leading)


def wanted(lives: Mapping[int, Life], ids: Collection[int]) -> dict[int, Sequence[Held]]:
    """Return what the ledger has to hold of some entries, by whose it is."""
    versions = {id_: life.versions for id_, life in lives.items()}
    return {
        id_: of(registers()[life.register], id_, life.versions, versions)
        for id_ in sorted(ids)
        if (life := lives.get(id_)) is not None and life.register in registers()
    }
