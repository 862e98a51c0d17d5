"""Finds what the rows of a file point to, as `registers.pointing` does for one entry: places,
what they belong to, and what their slots hold.

A cell that says what an entry points to already is left as it is: what has ended since, or has its
name from two, is found again.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from backend.core import wording
from backend.core.asker import asked_by, asker_of
from backend.forms.cells import Wrong
from backend.imports.columns import Desk, Row
from backend.imports.registers.heads import BRANCH, PARENT, PLACE
from backend.imports.registers.people import People
from backend.imports.registers.stored import Stored
from backend.imports.targets.bodies import Bodies, only_one
from backend.people.areas.models import Area
from backend.people.organizations.models import OrganizationKind, Unit
from backend.registers import policy
from backend.registers.declared import Register, Slot, SlotName
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion

NO_PLACE = "没有找到该区划，请核对代码。"
NOT_THERE = "不在这个区划内，请核对。"


class Above(NamedTuple):
    """An entry to which others may belong."""

    id: int
    code: str
    name: str
    place_id: int


class Pointers:
    """What the rows of one file may point to."""

    def __init__(self, desk: Desk, register: Register, rows: Sequence[Row]) -> None:
        self.desk, self.register, self.session = desk, register, desk.session
        areas = self.session.scalars(sa.select(Area).where(~Area.hidden))
        self.areas = {area.id: area for area in areas}
        self._below: dict[int, set[int]] = {}
        self._codes = {area.code: area for area in self.areas.values()}
        slots = register.slots
        self._bodies = Bodies(self.session) if SlotName.ORGANIZATION in slots else None
        self._people = People(desk, rows) if SlotName.MEMBER in slots else None
        self._units, self._named = self._load_units() if SlotName.UNIT in slots else ({}, {})
        self._above = self._load_parents() if register.parent else {}

    # What there is.

    def _load_units(self) -> tuple[dict[int, Any], dict[str, list[int]]]:
        found = sa.select(Unit.id, Unit.name, Unit.credit_code, Unit.community_id)
        units = {row.id: row for row in self.session.execute(found.where(Unit.ended_on.is_(None)))}
        named: dict[str, list[int]] = defaultdict(list)
        for row in units.values():
            named[wording.key(row.name)].append(row.id)
            if row.credit_code:
                named[wording.key(row.credit_code)] = [row.id]
        return units, named

    def _load_parents(self) -> dict[str, list[Above]]:
        """Return those that are there for whoever brings the file, by code and by name."""
        entry, version, actor = RegisterEntry, RegisterVersion, self.desk.actor
        kind = self.register.parent.kind if self.register.parent else ""
        rows = (
            sa.select(entry.id, entry.code, version.name, entry.place_id)
            .join(version, version.entry_id == entry.id)
            .where(
                entry.register == kind,
                entry.status == EntryStatus.STANDING,
                version.superseded_at.is_(None),
                sa.true() if actor is None else policy.visible(asker_of(actor)),
            )
            .ext(postgresql.distinct_on(entry.id))
            .order_by(entry.id, version.starts_on.desc())
        )
        found: dict[str, list[Above]] = defaultdict(list)
        for row in self.session.execute(rows, asked_by(actor) if actor else {}):
            above = Above(*row)
            found[wording.key(above.name)].append(above)
            found[wording.key(above.code)] = [above]
        return found

    # What a row says of it.

    def find(self, row: Row, known: Stored | None) -> None:
        """Fill in the ids in a row's record; say what is not found."""
        for key, told in (
            ("unit", self._unit), (PARENT, self._parent), (PLACE, self._place),
            ("organization", self._organization), ("member", self._member), ("area", self._area),
        ):  # fmt: skip
            try:
                told(row, known)
            except Wrong as wrong:
                row.problems.setdefault(key, str(wrong))

    def name_of(self, slot: str, id_: int | None) -> str:
        """Return what a unit or an area is called that an entry is called after."""
        if slot == "area":
            return self.areas[id_].name if id_ in self.areas else ""
        if slot == "unit":
            return str(self._units[id_].name) if id_ in self._units else ""
        if slot == "organization" and self._bodies:
            body = self._bodies.by_id.get(id_ or 0)
            return body.name if body else ""
        return self._people.name_of(id_) if self._people else ""

    def _settled(self, row: Row, slot: str, known: Stored | None, words: str | None) -> str | None:
        """Return what a cell says; None where what is stored stays."""
        column, cell = f"{slot}_id", row.values.get(slot)
        if known is not None and (cell is None or cell == words):
            row.record[column] = getattr(known, column)
            return None
        row.record[column] = None
        if cell is None and slot in self.register.slots:
            declared = self.register.slots[SlotName(slot)]
            if declared.required:
                raise Wrong(f"请填写{declared.label}。")
        return cell

    def _unit(self, row: Row, known: Stored | None) -> None:
        cell = self._settled(row, "unit", known, known.unit if known else None)
        if cell is None:
            return
        found = self._named.get(wording.key(cell), [])
        if not found:
            raise Wrong("单位名录中没有这个单位，请核对名称或统一社会信用代码。")
        if len(found) > 1:
            raise Wrong(f"有 {len(found)} 个同名的单位，请填写统一社会信用代码。")
        row.record["unit_id"] = found[0]

    def _parent(self, row: Row, known: Stored | None) -> None:
        declared, cell = self.register.parent, row.values.get(PARENT)
        if known is not None and (cell is None or cell == known.parent):
            row.record["parent_id"] = known.parent_id
            return
        row.record["parent_id"] = None
        if declared is None or cell is None:
            if declared is not None and declared.required:
                raise Wrong(f"请填写{declared.label}。")
            return
        within = self._codes.get(row.values.get(PLACE, ""))
        found = self._above.get(wording.key(cell), [])
        near = [one for one in found if within is None or self._lies_in(one.place_id, within)]
        near = [one for one in near if within and one.place_id == within.id] or near
        if not near:
            raise Wrong(f"没有找到这个{declared.label}，请核对编号。")
        if len(near) > 1:
            raise Wrong(f"有 {len(near)} 个同名的，请填写编号。")
        row.record["parent_id"] = near[0].id
        row.record["place_id"] = near[0].place_id

    def _place(self, row: Row, known: Stored | None) -> None:
        place_id = self._follows(row, known)
        told = row.values.get(PLACE)
        if isinstance(self.register.place, tuple):
            area = self._codes.get(told) if told else self.areas.get(place_id or 0)
            if area is None or area.level not in self.register.place:
                raise Wrong(NO_PLACE if told else "请填写区划代码。")
            stays = known is not None and area.id == known.place_id
            if area.valid_to is not None and not stays:
                raise Wrong(NO_PLACE)
            place_id = area.id
            self._check_parent(row, area)
        elif place_id is None:
            return  # what it follows was not found, and that is told
        elif told and (told not in self._codes or not self._lies_in(place_id, self._codes[told])):
            raise Wrong(NOT_THERE)
        row.record["place_id"] = place_id

    def _follows(self, row: Row, known: Stored | None) -> int | None:
        """Return where a row lies that does not say it, or says it no more."""
        if self.register.place == "unit":
            unit = self._units.get(row.record.get("unit_id") or 0)
            return unit.community_id if unit is not None else known.place_id if known else None
        if self.register.place == "parent" and "place_id" in row.record:
            return int(row.record["place_id"])
        return known.place_id if known else None

    def _check_parent(self, row: Row, area: Area) -> None:
        lies = row.record.pop("place_id", None)
        if lies is not None and not self._lies_in(lies, area):
            row.problems.setdefault(PARENT, NOT_THERE)

    def _organization(self, row: Row, known: Stored | None) -> None:
        cell = self._settled(row, "organization", known, known.organization if known else None)
        place = self.areas.get(row.record.get("place_id") or 0)
        if cell is None or place is None or self._bodies is None:
            return
        declared = self.register.slots[SlotName.ORGANIZATION]
        around = self.areas.get(place.district_id or place.city_id or place.id, place)
        found = [
            body
            for body in self._bodies.meant(cell, declared.kinds or tuple(OrganizationKind))
            if self._lies_in(body.area_id, around)
        ]
        near = [body for body in found if self._lies_in(body.area_id, place)]
        row.record["organization_id"] = only_one(near or found, "党组织").id

    def _member(self, row: Row, known: Stored | None) -> None:
        branch = row.values.get(BRANCH)
        stays = known is None or branch in (None, known.branch)
        cell = self._settled(row, "member", known, known.member if known and stays else None)
        place = self.areas.get(row.record.get("place_id") or 0)
        if cell is None or place is None or self._people is None:
            return
        there = self._inside(place)
        row.record["member_id"] = self._people.meant(cell, branch, there, row.record.get("unit_id"))

    def _area(self, row: Row, known: Stored | None) -> None:
        cell = self._settled(row, "area", known, known.area if known else None)
        place = self.areas.get(row.record.get("place_id") or 0)
        if cell is None or place is None:
            return
        declared: Slot = self.register.slots[SlotName.AREA]
        area = self._codes.get(cell)
        fits = area is not None and area.valid_to is None and area.level in declared.levels
        if area is None or not fits or not self._lies_in(area.id, place):
            raise Wrong(f"没有找到可选的{declared.label}，请核对代码。")
        row.record["area_id"] = area.id

    def _inside(self, place: Area) -> set[int]:
        if place.id not in self._below:
            self._below[place.id] = {one for one in self.areas if self._lies_in(one, place)}
        return self._below[place.id]

    def _lies_in(self, id_: int, around: Area) -> bool:
        area = self.areas.get(id_)
        return area is not None and around.id in {
            area.id, area.township_id, area.district_id, area.city_id,
        }  # fmt: skip
