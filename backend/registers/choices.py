"""What may be chosen for an entry: where it lies, and what it points to. The same that writing
accepts, so that nobody is offered what is refused."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import asker_of
from backend.core.errors import Forbidden, Invalid, NotFound
from backend.core.finding import found_by
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, Unit
from backend.registers import pointing, policy, queries, reading, service
from backend.registers.content import Writing
from backend.registers.declared import Register, SlotName
from backend.registers.flow import FLOW
from backend.registers.models import RegisterEntry
from backend.registers.policy import KEEPER


class Of(enum.StrEnum):
    """What of an entry is chosen."""

    PLACE = "place"
    PARENT = "parent"
    ORGANIZATION = "organization"
    UNIT = "unit"
    MEMBER = "member"
    AREA = "area"


@dataclass(frozen=True)
class Choice:
    """One that may be chosen. `code`: of an area; `note`: where it lies, for names are not
    unique."""

    id: int
    name: str
    code: str | None
    note: str


# Fewer letters of a person's name would list a whole roster.
LEAST_OF_A_NAME = 2
Found = tuple[sa.Select[Any], InstrumentedAttribute[int]]


def of(session: Session, actor: Actor, *, name: str, of: Of, said: Writing, q: str | None) -> Found:
    """Select what may be chosen, with the key of its order; `said`: what was chosen before. Raises
    NotFound, Forbidden, Invalid."""
    register = service.find(actor, name)
    if not policy.keeps(actor, register):
        raise KEEPER.refusal()
    if of is Of.PLACE:
        return _named(_places(actor, register), Area, q)
    if of is Of.PARENT:
        return _parents(actor, register, said.place_code, q)
    return _for_slot(session, actor, register, SlotName(of), said, q)


def _places(actor: Actor, register: Register) -> sa.Select[Any]:
    """The areas whose register somebody keeps."""
    if not isinstance(register.place, tuple):
        raise NotFound("nothing_to_choose", "所在区划由所选内容确定，不必选择。")
    there = sa.and_(Area.level.in_(register.place), ~Area.hidden, Area.valid_to.is_(None))
    return sa.select(Area).where(there, policy.keeps_area(actor, register)).options(*_LIES)


def _parents(actor: Actor, register: Register, place_code: str | None, q: str | None) -> Found:
    if register.parent is None:
        raise _nothing()
    shown = FLOW.shown(asker_of(actor))
    found = queries.listed(shown, register.parent.kind, on=clock.today(), area_code=place_code, q=q)
    return found, RegisterEntry.id


def _for_slot(
    session: Session,
    actor: Actor,
    register: Register,
    slot: SlotName,
    said: Writing,
    q: str | None,
) -> Found:
    declared = register.slots.get(slot)
    if declared is None:
        raise _nothing()
    place = pointing.place_of(session, actor, register, said)
    if place is None and slot is not SlotName.UNIT:
        raise Invalid("place_code", "请先选择所在区划或所属内容。")
    if slot is SlotName.MEMBER:
        _check_names(actor, register, place, q)
    where = (place, said.unit_id) if place is not None else None
    model, options = _SLOTS[slot]
    return _named(pointing.candidates(slot, declared, where).options(*options), model, q)


def _check_names(actor: Actor, register: Register, place: Area | None, q: str | None) -> None:
    """Names of persons are told to who keeps the register there, and not as a list."""
    if place is None or not service.keeps_there(actor, register, place):
        raise Forbidden("not_yours_to_keep", "您不负责这里的这份名册。")
    if len(q or "") < LEAST_OF_A_NAME:
        raise Invalid("q", "请输入至少两个字。")


def _named(found: sa.Select[Any], model: type[Any], q: str | None) -> Found:
    if q:
        found = found.where(found_by(model.found_as, model.name, q))
    return found, model.id


def _nothing() -> NotFound:
    return NotFound("nothing_to_choose", "这份名册没有这一项。")


_LIES = (joinedload(Area.district), joinedload(Area.township))
_SLOTS: dict[SlotName, tuple[type[Any], tuple[Any, ...]]] = {
    SlotName.ORGANIZATION: (Organization, (joinedload(Organization.area),)),
    SlotName.UNIT: (Unit, (joinedload(Unit.community),)),
    SlotName.MEMBER: (Member, (joinedload(Member.branch),)),
    SlotName.AREA: (Area, _LIES),
}


def shown(session: Session, rows: list[Any]) -> list[Choice]:
    """Return rows as they are offered."""
    reading.fill(session, [row for row in rows if isinstance(row, RegisterEntry)], clock.today())
    return [_SHOWN[type(row)](row) for row in rows]


def _area(row: Area) -> Choice:
    above = [one.name for one in (row.district, row.township) if one and one.id != row.id]
    return Choice(row.id, row.name, row.code, " · ".join(above))


_SHOWN: dict[type[Any], Callable[[Any], Choice]] = {
    Area: _area,
    Organization: lambda row: Choice(row.id, row.name, None, row.area.name),
    Unit: lambda row: Choice(row.id, row.name, None, row.community.name),
    Member: lambda row: Choice(row.id, row.name, None, row.branch.name),
    RegisterEntry: lambda row: Choice(row.id, row.version.name, None, row.place.name),
}
