"""Holds the rows of a file against a register: which entry each is, and what would change."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from backend.core import clock
from backend.core.actor import Role
from backend.core.db import among
from backend.core.errors import InvalidParts
from backend.imports.columns import Comparison, Desk, Row, Target, Written
from backend.imports.registers import stored, undoing, writing
from backend.imports.registers.heads import (
    CODE,
    NAME,
    PLACE,
    STARTS,
    UNTIL,
    columns_of,
    key_of,
)
from backend.imports.registers.known import Entries, Known
from backend.imports.registers.pointers import Pointers
from backend.imports.registers.stored import DAY, POINTING, Stored
from backend.registers import content, policy, service, stating
from backend.registers.catalogue import registers
from backend.registers.content import Content, Writing
from backend.registers.declared import Register, Relation, SlotName
from backend.registers.models import RegisterEntry
from backend.registers.policy import KEEPER
from backend.registers.writing import AHEAD, FIRST, code_for, locked_whole, unseal

OVER = "这条登记已结束；如需恢复，请重新登记。"
SEALED = "（保密）"
SINCE_TODAY = "修改自今天起算；如需更正以前的内容，请另填开始日期。"


class EntryComparison(Comparison):
    """Holds a list against the entries of one register."""

    def __init__(self, register: Register, desk: Desk, mapped: frozenset[str]) -> None:
        super().__init__(desk, mapped)
        self.register = register
        self.entries = Entries(desk, register)
        self._fields = register.asked
        self._open = [one.name for one in register.asked if not one.sealed]
        self._versions: dict[int, list[Stored]] = {}
        self._places: set[int] = set()

    # Which entry a row is.

    def judge(self, rows: Sequence[Row]) -> None:
        coded = [row for row in rows if CODE in row.values]
        self.entries.load(codes={row.values[CODE] for row in coded})
        for row in coded:
            self._by_code(row)
        self._load([row.subject_id for row in coded if row.subject_id])
        self.pointers = Pointers(self.desk, self.register, rows)
        for row in rows:
            self.pointers.find(row, self._reference(row))
            self._places.add(row.record.get("place_id") or 0)
        self.entries.load(place_ids=self._places)
        taken: dict[Any, Row] = {}
        for row in rows:
            self._judge(row, taken)

    def _judge(self, row: Row, taken: dict[Any, Row]) -> None:
        for step in (self._describe, partial(self._refuse_twice, taken), self._compare):
            if not row.problems:
                step(row)
        if row.problems:
            row.subject_id = None

    def _by_code(self, row: Row) -> None:
        code = row.values[CODE]
        found = self.entries.coded(code, over=False)
        if found is None and self._speaks_of_the_past(row):
            found = self.entries.coded(code, over=True)
        if found is None:
            return
        if not found.seen:
            row.problems[CODE] = self._taken()
        else:
            row.subject_id = found.id

    def _taken(self) -> str:
        return f"已有{self.register.noun}使用这个{self.register.code.label}，请核对。"

    @staticmethod
    def _speaks_of_the_past(row: Row) -> bool:
        return str(row.values.get(UNTIL, "9999")) < clock.today().isoformat()

    def _load(self, ids: Sequence[int]) -> None:
        self._versions |= stored.of(self.session, [id_ for id_ in ids if id_ not in self._versions])

    def _reference(self, row: Row) -> Stored | None:
        """Return how the entry of a row is on the day from which the row speaks: today, where that
        day is left as it was written once."""
        there = self._versions.get(row.subject_id or 0, [])
        told = row.values.get(STARTS)
        day = date.fromisoformat(told) if told else clock.today()
        own = next((one for one in there if one.starts_on == day), None)
        if own is None or len(there) == 1 or self._reads(row, own):
            return stored.on(there, day)
        return stored.on(there, max(day, clock.today()))

    def _reads(self, row: Row, one: Stored) -> bool:
        """Say whether a row is what an export wrote of a version."""
        texts = stored.words(self.register, one)
        return all(texts.get(key, "") == cell for key, cell in row.texts.items())

    def _describe(self, row: Row) -> None:
        """Say what would be stored of a row; find its entry where it came without a code."""
        said = self._content(row, self._reference(row))
        if said is None:
            return
        code = row.values.get(CODE)
        row.record["name"] = self._called(row, said)
        if row.subject_id is None:
            self._by_key(row, said, code)
            if row.subject_id is not None:
                self._load([row.subject_id])
                said = self._content(row, self._reference(row))
        if said is None or row.problems:
            return
        row.record["values"] = said.values
        if said.sealed:
            row.record["sealed"] = said.sealed
        if row.subject_id is None:
            row.record["code"] = said.code

    def _content(self, row: Row, before: Stored | None) -> Content | None:
        """Return what is stored of a row's fields: what is not told of them stays."""
        given = {
            one.name: row.values[key_of(one)] for one in self._fields if key_of(one) in row.values
        }
        stored_ = before.values if before is not None else {}
        kept = {name: stored_[name] for name in self._open if name in stored_}
        written = None
        if not self.register.called.of:
            written = row.values.get(NAME) or (before.name if before is not None else None)
        said = Writing(kept | given, name=written, code=row.values.get(CODE))
        try:
            return content.of(self.register, said, coded=row.subject_id is not None)
        except InvalidParts as refusal:
            row.problems |= refusal.problems
            return None

    def _called(self, row: Row, said: Content) -> str:
        source = self.register.called.of
        if source == CODE:
            return str(row.values[CODE])
        if source in {str(one) for one in SlotName}:
            slot = SlotName(source)
            id_ = row.record.get(f"{slot}_id")
            before = self._reference(row)
            if before is not None and getattr(before, f"{slot}_id") == id_:
                return before.name
            return content.name_of(self.register, said, {slot: self.pointers.name_of(slot, id_)})
        return content.name_of(self.register, said, {})

    def _by_key(self, row: Row, said: Content, code: str | None) -> None:
        parts = {name: row.record.get(f"{name}_id") for name in ("place", "parent", *SlotName)}
        key = self.entries.key_of(row.record["name"], said.values | parts)
        found = self.entries.alike(key, over=False)
        if not found and self._speaks_of_the_past(row):
            found = self.entries.alike(key, over=True)
        if code is not None:  # an office's own code in place of one that was given
            own = [one for one in found if one.code == code_for(self.register, one.id)]
            if self.register.unique and found and not own:
                row.problems[CODE] = f"已登记过同样的{self.register.noun}，编号为 {found[0].code}。"
                return
            found = own
        if len(found) > 1:
            named = f"名册中有 {len(found)} 条与此行相符，请写明{self.register.code.label}。"
            row.problems[CODE if CODE in row.values else NAME] = named
        elif found:
            row.subject_id = found[0].id
            if code is not None:
                row.record["code"] = code

    def _refuse_twice(self, taken: dict[Any, Row], row: Row) -> None:
        parts = {name: row.record.get(f"{name}_id") for name in ("place", "parent", *SlotName)}
        key = self.entries.key_of(row.record["name"], row.record["values"] | parts)
        code = row.record.get("code")
        told = code if code is not None and not self.register.unique else key
        first = taken.setdefault(row.subject_id or told, row)
        if first is not row:
            alike = f"与第 {first.number} 行是同一{self.register.noun}"
            row.problems[NAME] = f"{alike}；如不是，请写明{self.register.code.label}。"

    # What of it would change, and whether that is somebody's to write.

    def _compare(self, row: Row) -> None:
        before = self._reference(row)
        self._date(row, before)
        known = self.entries.by_id.get(row.subject_id or 0)
        if not self._may(row, known):
            row.problems[PLACE if PLACE in row.values else NAME] = KEEPER.message
        elif known is not None and before is not None:
            self._beside(row, known, before)

    def _date(self, row: Row, before: Stored | None) -> None:
        today, told = clock.today(), row.values.get(STARTS)
        last = row.values.get(UNTIL)
        ends_on = date.fromisoformat(last) + DAY if last else None
        starts_on = date.fromisoformat(told) if told else today
        if before is not None and (told is None or self._stays(row, starts_on)):
            starts_on = before.starts_on
        if not FIRST <= starts_on <= today + AHEAD:
            row.problems[STARTS] = "开始日期应在一年之内，且不早于1921年7月1日。"
        if ends_on is not None and ends_on <= starts_on:
            row.problems[UNTIL] = "应不早于开始日期。"
        if ends_on is None and before is None and self.register.until_required:
            row.problems[UNTIL] = f"请填写{self.register.until_label}。"
        row.record["from"] = starts_on.isoformat()
        if ends_on is None and before is not None:
            ends_on = before.ends_on
        row.record["until"] = ends_on.isoformat() if ends_on else None

    def _stays(self, row: Row, day: date) -> bool:
        """Say whether a row leaves the day as it was written once."""
        there = self._versions.get(row.subject_id or 0, ())
        return any(one.starts_on == day for one in there)

    def _beside(self, row: Row, known: Known, before: Stored) -> None:
        """Say what an entry was before; what changes does so from today on where the day is left
        as it was."""
        record = row.record
        row.before = plain(self.register, before) | {"code": known.code}
        if "sealed" in record:
            held = unseal(self.desk.keys, before.sealed)
            row.before["sealed"], record["sealed"] = held, held | record["sealed"]
        inside = before.starts_on.isoformat() <= record["from"]
        last = before is self._versions[known.id][-1]
        other = {name for name in record if row.before.get(name) != record[name]}
        if inside and not other - {"from"}:
            record["from"] = row.before["from"]  # it is so from there on already
            return
        if known.over:
            row.problems[NAME] = OVER
            return
        moved = other - {"from", "until", "code"}
        if moved and last and record["from"] == row.before["from"]:
            record["from"] = max(record["from"], clock.today().isoformat())
            if record["from"] != row.before["from"]:
                row.notes[STARTS] = SINCE_TODAY
            if record["until"] is not None and record["until"] <= record["from"]:
                row.problems[UNTIL] = "应不早于开始日期。"
        now = {name for name in record if row.before.get(name) != record[name]}
        row.was = self._was(row, before, now)

    def _was(self, row: Row, before: Stored, other: set[str]) -> dict[str, str]:
        texts = stored.words(self.register, before)
        if "sealed" in other:
            texts |= {key_of(one): SEALED for one in self._fields if one.sealed}
        changed = {name.removesuffix("_id") for name in other}
        shown = {
            column.key
            for column in columns_of(self.register.name)
            if column.key in changed
            or (column.key == STARTS and "from" in changed)
            or (column.key in row.values and self._differs(row, before, column.key))
        }
        return {key: texts.get(key, "") for key in shown}

    def _differs(self, row: Row, before: Stored, key: str) -> bool:
        for field in self._fields:
            if key == key_of(field):
                if field.sealed:
                    return "sealed" in row.record and row.record["sealed"] != row.before["sealed"]
                told = row.record["values"].get(field.name)
                return bool(told != before.values.get(field.name))
        return False

    def _may(self, row: Row, known: Known | None) -> bool:
        """Say whether a row is somebody's to write, where the entry is and where it would be."""
        if known is not None and not known.kept:
            return False
        if known is not None and known.place_id == row.record["place_id"]:
            return True
        actor, area = self.desk.actor, self.pointers.areas.get(row.record["place_id"])
        if actor is None or area is None:
            return actor is None
        keep = self.register.keep
        if Relation.UNIT in keep and row.record["unit_id"] in actor.units(Role.UNIT_CONTACT):
            return True
        if Relation.GRID in keep and area.id in actor.areas(Role.GRID_WORKER):
            return True
        return service.keeps_there(actor, self.register, area)

    def left(self, rows: Sequence[Row]) -> Iterable[Row]:
        met = {row.subject_id for row in rows if row.subject_id}
        for one in self.entries.standing(self._places):
            if one.id not in met:
                texts = {CODE: one.code, NAME: one.name}
                yield Row(None, texts, subject_id=one.id, left=True)

    # What is written.

    def lock(self, ids: Sequence[int]) -> None:
        locked_whole(self.session, self.register)
        rows = sa.select(RegisterEntry.id).where(among(RegisterEntry.id, sorted(ids)))
        self.session.execute(rows.order_by(RegisterEntry.id).with_for_update())

    def write(self, rows: Sequence[Row]) -> None:
        writing.write(self.desk, self.register, rows, self._versions)

    def follow(self, ids: Sequence[int]) -> None:
        stating.restate(self.session, self.desk.rules, ids)

    def built_on(self, written: Sequence[Written]) -> str | None:
        return undoing.built_on(self.session, self.register, written)

    def take_back(self, written: Sequence[Written]) -> None:
        undoing.take_back(self.session, written)


def plain(register: Register, one: Stored) -> dict[str, Any]:
    """Return a version as rows write it."""
    open_ = {field.name for field in register.asked if not field.sealed}
    return {
        "name": one.name,
        **{column: getattr(one, column) for column in POINTING},
        "values": {name: value for name, value in one.values.items() if name in open_},
        "from": one.starts_on.isoformat(),
        "until": one.ends_on.isoformat() if one.ends_on else None,
    }


def target_of(register: Register) -> Target:
    """Return the target of a register."""
    columns = columns_of(register.name)
    needed = frozenset(one.key for one in columns if one.required)
    return Target(
        f"registers:{register.name}",
        register.title,
        columns,
        may=partial(_keeps, register),
        compare=partial(EntryComparison, register),
        needs=lambda _actor: needed,
    )


def _keeps(register: Register, actor: Any) -> bool:
    return policy.keeps(actor, register)


TARGETS = tuple(map(target_of, registers().values()))
