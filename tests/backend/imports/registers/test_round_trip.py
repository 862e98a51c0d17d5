"""What goes out comes back the same: every register, whatever its fields hold."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import IO, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Grant, Role
from backend.core.errors import InvalidParts
from backend.forms.fields import Column
from backend.imports import checking, layout, reading, staging
from backend.imports.columns import Desk, Row
from backend.imports.models import Change
from backend.imports.registers import export
from backend.imports.registers.comparison import target_of
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area, AreaLevel
from backend.registers import content
from backend.registers.catalogue import registers
from backend.registers.content import Writing
from backend.registers.declared import Register, SlotName
from backend.registers.models import RegisterEntry, RegisterVersion
from backend.registers.relations import ACTING
from backend.registers.writing import code_for
from tests.backend.registers import strategies
from tests.factories import Make
from tests.random_cases import cases

A_WHILE = timedelta(days=200)


class Place:
    """Where entries of a register may lie, and what they may point to."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self.community = make.community()
        self.unit = make.unit(self.community, name="海口市示范局")
        self.branch = make.branch(self.unit, name="示范党支部")
        self.member = make.member(self.branch, name="黄小梅")

    def area_of(self, register: Register) -> Area:
        if register.place == "parent" and register.parent is not None:
            return self.area_of(registers()[register.parent.kind])
        lowest = register.place[-1] if isinstance(register.place, tuple) else AreaLevel.COMMUNITY
        own = self.community
        ids = {
            AreaLevel.COMMUNITY: own.id,
            AreaLevel.TOWNSHIP: own.township_id,
            AreaLevel.DISTRICT: own.district_id,
            AreaLevel.CITY: own.city_id,
        }
        return self.session.get_one(Area, ids[lowest])

    def reader(self, register: Register) -> Actor:
        area = self.area_of(register)
        role = ACTING[area.level]
        if register.place == "unit":
            role, area = Role.CITY_OFFICER, self.session.get_one(Area, self.community.city_id)
        member = self.make.member(self.branch)
        self.make.appointment(member, role, area_id=area.id)
        return self.make.actor(member, Grant(role, area_id=area.id))

    def entered(self, register: Register, name: str, values: dict[str, Any]) -> RegisterEntry:
        """Store an entry that points to whatever it may."""
        slots = {
            SlotName.ORGANIZATION: self.branch.id,
            SlotName.UNIT: self.unit.id,
            SlotName.MEMBER: self.member.id,
            SlotName.AREA: self.community.id,
        }
        pointed: dict[str, Any] = {f"{slot}_id": slots[slot] for slot in register.slots}
        if register.parent is not None:
            above = registers()[register.parent.kind]
            pointed["parent_id"] = self.entered(above, f"{name}上级", least(above)).id
        said = Writing(values, name=None if register.called.of else name)
        found = content.of(register, said, coded=True)
        area = self.area_of(register)
        names = {SlotName.UNIT: self.unit.name, SlotName.AREA: self.community.name}
        own = {key: id_ for key, id_ in pointed.items() if hasattr(RegisterEntry, key)}
        entry = RegisterEntry(register=register.name, code=f"?{name}", place_id=area.id, **own)
        self.session.add(entry)
        self.session.flush()
        entry.code = code_for(register, entry.id)
        called = content.name_of(register, found, names, entry.code)
        version = RegisterVersion(
            entry_id=entry.id, starts_on=clock.today(), schema_version=register.version,
            ends_on=clock.today() + A_WHILE if register.until_required else None,
            name=called, place_id=area.id, values=found.values, **pointed,
        )  # fmt: skip
        self.session.add(version)
        self.session.flush()
        return entry


def least(register: Register) -> dict[str, Any]:
    """Return values of what is required alone."""
    return {
        one.name: next(iter(one.choices), None) or strategies.SHORTEST[one.type](cast(Column, one))
        for one in register.asked
        if one.required
    }


def read_back(desk: Desk, register: Register, made: IO[bytes]) -> list[Row]:
    """Return the rows of a file as an import judges them."""
    notes: list[str] = []
    target = target_of(register)
    with made:
        sheet = layout.understood(reading.rows(made.read(), notes), target, notes)
    places = {one.key: one.index for one in sheet.headings if one.key}
    lengths = sheet.lengths(target)
    rows = [
        checking.understood(
            target, places, target.needed(None), number, staging.held(cells, lengths)
        )
        for number, cells in sheet.lines
    ]
    target.compare(desk, frozenset(places)).judge(rows)
    return rows


@pytest.fixture
def place(session: Session, make: Make) -> Place:
    return Place(session, make)


@pytest.mark.parametrize("shape", [export.as_csv, export.as_xlsx])
@pytest.mark.parametrize("name", registers())
@cases(4)
@given(data=st.data())
def test_a_file_that_comes_back_unchanged_changes_nothing(
    place: Place,
    rules: RulePack,
    data: st.DataObject,
    name: str,
    shape: Callable[[export.Export], IO[bytes]],
) -> None:
    register, session = registers()[name], place.session
    drawn = data.draw(st.lists(strategies.values(register.fields), min_size=1, max_size=3))
    kept = {field.name for field in register.asked if not field.sealed}
    reader = place.reader(register)
    with session.begin_nested() as whole:
        for number, values in enumerate(drawn):
            told = {key: value for key, value in values.items() if key in kept}
            with suppress(InvalidParts):  # digits may happen to be somebody's number
                place.entered(register, f"示例{'甲乙丙'[number]}", told)
        found = export.of(session, reader, name, on=None, area_code=None, q=None)
        desk = Desk(session, place.make.keys, rules, None)
        rows = read_back(desk, register, shape(found)) if found.number else []
        whole.rollback()

    assert [(row.change, row.problems) for row in rows] == [(Change.SAME, {})] * found.number
