"""Finds what an entry points to: the place it lies in, what it belongs to, and what its slots hold.

Of what somebody may not know nothing is told: it is not found.
"""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.errors import Invalid, InvalidParts
from backend.people.areas.models import Area
from backend.people.areas.service import below
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, OrganizationKind, Unit
from backend.registers import policy
from backend.registers.content import Writing
from backend.registers.declared import Register, Slot, SlotName
from backend.registers.models import EntryStatus, RegisterEntry

Found = Any


@dataclass(frozen=True)
class Pointed:
    """What an entry points to; `ids` and `names` by slot."""

    place: Area
    parent: RegisterEntry | None = None
    ids: dict[SlotName, int] = field(default_factory=dict)
    names: dict[SlotName, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, int | None]:
        """The same as the columns of a version."""
        slots = {f"{slot}_id": self.ids.get(slot) for slot in SlotName}
        return {
            "place_id": self.place.id,
            "parent_id": self.parent.id if self.parent else None,
        } | slots


def of(session: Session, actor: Actor, register: Register, said: Writing) -> Pointed:
    """Return what is pointed to. Raises InvalidParts."""
    problems: dict[str, str] = {}
    found: dict[SlotName, Found] = {}
    place, parent, unit = _where(session, actor, register, said, problems)
    if unit is not None:
        found[SlotName.UNIT] = unit
    if place is not None:
        for slot, told in _told(said).items():
            one = _slot(session, register, slot, told, problems, (place, said.unit_id))
            if one is not None:
                found[slot] = one
    if problems or place is None:
        raise InvalidParts(problems or {"place_code": "请选择所在区划。"})
    return Pointed(
        place,
        parent,
        {slot: one.id for slot, one in found.items()},
        {slot: one.name for slot, one in found.items()},
    )


def place_of(session: Session, actor: Actor, register: Register, said: Writing) -> Area | None:
    """Return where an entry would lie by what was said of it so far; None where that is open."""
    place, _parent, _unit = _where(session, actor, register, said, {})
    return place


def _where(
    session: Session, actor: Actor, register: Register, said: Writing, problems: dict[str, str]
) -> tuple[Area | None, RegisterEntry | None, Unit | None]:
    unit = _slot(session, register, SlotName.UNIT, said.unit_id, problems, None)
    parent = _parent(session, actor, register, said, problems)
    return _place(session, register, said, parent, unit, problems), parent, unit


def _told(said: Writing) -> dict[SlotName, int | str | None]:
    return {
        SlotName.ORGANIZATION: said.organization_id,
        SlotName.MEMBER: said.member_id,
        SlotName.AREA: said.area_code,
    }


def field_of(slot: SlotName) -> str:
    """Return under which name a slot is given."""
    return "area_code" if slot is SlotName.AREA else f"{slot}_id"


def _slot(
    session: Session,
    register: Register,
    slot: SlotName,
    told: int | str | None,
    problems: dict[str, str],
    where: tuple[Area, int | None] | None,
) -> Found:
    declared, name = register.slots.get(slot), field_of(slot)
    if declared is None:
        if told is not None:
            problems[name] = "这份名册没有这一项。"
        return None
    if told is None:
        if declared.required:
            problems[name] = f"请选择{declared.label}。"
        return None
    one = session.scalars(_select(slot, declared, told, where)).first()
    if one is None:
        problems[name] = f"没有找到可选的{declared.label}，请重新选择。"
    return one


def _select(
    slot: SlotName, declared: Slot, told: int | str, where: tuple[Area, int | None] | None
) -> sa.Select[Any]:
    key = {
        SlotName.UNIT: Unit.id,
        SlotName.ORGANIZATION: Organization.id,
        SlotName.MEMBER: Member.id,
    }
    return candidates(slot, declared, where).where(key.get(slot, Area.code) == told)


def candidates(
    slot: SlotName, declared: Slot, where: tuple[Area, int | None] | None
) -> sa.Select[Any]:
    """Select what a slot may point to. `where` the entry lies, and of which unit it is, decides but
    for the unit itself."""
    if slot is SlotName.UNIT:
        return sa.select(Unit).where(Unit.ended_on.is_(None))
    if where is None:
        raise TypeError("what is chosen by where an entry lies needs that")
    place, unit_id = where
    if slot is SlotName.ORGANIZATION:
        return _organizations(declared, place)
    if slot is SlotName.MEMBER:
        return _members(place, unit_id)
    inside = sa.select(Area).where(below([place.id]), ~Area.hidden, Area.valid_to.is_(None))
    return inside.where(Area.level.in_(declared.levels))


def _organizations(declared: Slot, place: Area) -> sa.Select[Organization]:
    """Those of the district, or of the city for what lies in none."""
    around = place.district_id or place.city_id or place.id
    kinds = declared.kinds or tuple(OrganizationKind)
    return sa.select(Organization).where(
        Organization.area_id.in_(sa.select(Area.id).where(below([around]))),
        Organization.kind.in_(kinds),
        Organization.dissolved_on.is_(None),
    )


def _members(place: Area, unit_id: int | None) -> sa.Select[Member]:
    """Those who are registered there, of a branch that lies there, or of the unit in question."""
    there = sa.select(Area.id).where(below([place.id]))
    branches = sa.select(Organization.id).where(Organization.area_id.in_(there))
    return sa.select(Member).where(
        Member.active,
        sa.or_(
            Member.community_id.in_(there),
            Member.branch_id.in_(branches),
            sa.literal(place.id) == sa.any_(Member.also_in),
            sa.false() if unit_id is None else Member.unit_id == unit_id,
        ),
    )


def _parent(
    session: Session, actor: Actor, register: Register, said: Writing, problems: dict[str, str]
) -> RegisterEntry | None:
    declared = register.parent
    if declared is None:
        if said.parent_id is not None:
            problems["parent_id"] = "这份名册没有这一项。"
        return None
    if said.parent_id is None:
        if declared.required:
            problems["parent_id"] = f"请选择{declared.label}。"
        return None
    asker = asker_of(actor)
    shown = sa.select(RegisterEntry).where(
        RegisterEntry.id == said.parent_id,
        RegisterEntry.register == declared.kind,
        RegisterEntry.status == EntryStatus.STANDING,
        policy.visible(asker),
    )
    found = session.scalars(shown, asked_by(actor)).first()
    if found is None:
        problems["parent_id"] = f"没有找到可选的{declared.label}，请重新选择。"
    return found


def _place(
    session: Session,
    register: Register,
    said: Writing,
    parent: RegisterEntry | None,
    unit: Unit | None,
    problems: dict[str, str],
) -> Area | None:
    if not isinstance(register.place, tuple):
        if said.place_code is not None:
            problems["place_code"] = "所在区划由所选内容确定，不必填写。"
        above = parent.place_id if register.place == "parent" and parent else None
        followed = unit.community_id if register.place == "unit" and unit else above
        return session.get(Area, followed) if followed else None
    if said.place_code is None:
        problems["place_code"] = "请选择所在区划。"
        return None
    area = session.scalars(
        sa.select(Area).where(
            Area.code == said.place_code, ~Area.hidden, Area.level.in_(register.place)
        )
    ).first()
    if area is None or area.valid_to is not None:
        problems["place_code"] = "没有找到该区划，请重新选择。"
        return None
    if parent is not None and not _lies_in(session, parent.place_id, area):
        problems["parent_id"] = "所选内容不在这个区划内，请重新选择。"
    return area


def _lies_in(session: Session, place_id: int, area: Area) -> bool:
    inside = sa.select(Area.id).where(Area.id == place_id, below([area.id]))
    return session.scalar(inside) is not None


def refuse_code(register: Register) -> Invalid:
    """Return what is said where another entry that stands has the code."""
    return Invalid("code", f"已有{register.noun}使用这个{register.code.label}，请核对。")
