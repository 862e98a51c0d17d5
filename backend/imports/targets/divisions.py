"""The territory: divisions by their official codes, with what became of those that are no more."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from backend.community.claims import succession as claims
from backend.community.registrations import succession
from backend.core import clock
from backend.core.db import among
from backend.forms import cells
from backend.imports.columns import Column, Comparison, Desk, Row, Target, Written
from backend.imports.models import Change
from backend.imports.targets import plain_things, references, scope
from backend.ledger import binding
from backend.ledger.models import Rollup, SubjectKind
from backend.ledger.subjects import Subject
from backend.people.areas import service as areas
from backend.people.areas.divisions import ORDER, Division
from backend.people.areas.models import Area, AreaLevel
from backend.registers import following as registers

LEVELS = {
    "省": AreaLevel.PROVINCE, "province": AreaLevel.PROVINCE,
    "市": AreaLevel.CITY, "city": AreaLevel.CITY,
    "区": AreaLevel.DISTRICT, "县": AreaLevel.DISTRICT, "区县": AreaLevel.DISTRICT,
    "district": AreaLevel.DISTRICT,
    "街道": AreaLevel.TOWNSHIP, "镇": AreaLevel.TOWNSHIP, "乡": AreaLevel.TOWNSHIP,
    "街道（镇）": AreaLevel.TOWNSHIP, "乡镇": AreaLevel.TOWNSHIP, "township": AreaLevel.TOWNSHIP,
    "社区": AreaLevel.COMMUNITY, "村": AreaLevel.COMMUNITY, "社区（村）": AreaLevel.COMMUNITY,
    "village": AreaLevel.COMMUNITY, "community": AreaLevel.COMMUNITY,
}  # fmt: skip
COLUMNS = (
    Column("code", "区划代码", cells.area_code, ("代码", "code", "行政区划代码"), required=True,
           example="460106003004"),
    Column("name", "区划名称", cells.text(60), ("名称", "name"), required=True, example="国贸社区"),
    Column("parent_code", "上级代码", cells.area_code, ("parent_code", "上级区划代码"),
           example="460106003"),
    Column("level", "级别", cells.choice(LEVELS, "省、市、区、街道、镇、社区或村"),
           ("level", "区划级别"), example="社区", canonical=False),
    Column("valid_to", "撤并日期", cells.day, ("valid_to", "失效日期")),
    Column("successor_code", "并入代码", cells.area_code,
           ("successor_code", "后继代码", "并入区划代码")),
)  # fmt: skip
BY_LENGTH = {9: AreaLevel.TOWNSHIP, 12: AreaLevel.COMMUNITY}
ABOVE = {9: 6, 12: 9}
PARTS = ("name", "level", "parent_code", "successor_code")
NOT_YOURS = "不在您负责的区划内。"
# What stands in the ledger for an area itself; what lies in it is told by the other tables.
OWN = ("area", "duty_year", "rollup")


class DivisionComparison(Comparison):
    """Holds a list of divisions against the territory that is kept."""

    def __init__(self, desk: Desk, mapped: frozenset[str]) -> None:
        super().__init__(desk, mapped)
        self.scope = scope.of(self.session, desk.actor)
        found = self.session.scalars(sa.select(Area).order_by(Area.id)).all()
        self.by_code = {area.code: area for area in found}
        self.codes = {area.id: area.code for area in found}

    def judge(self, rows: Sequence[Row]) -> None:
        taken: dict[str, Row] = {}
        for row in rows:
            code = row.values.get("code")
            if code is None:
                continue
            first = taken.setdefault(code, row)
            if first is not row:
                row.problems["code"] = f"与第 {first.number} 行的代码相同。"
        for row in sorted(rows, key=lambda one: len(one.values.get("code", ""))):
            if not row.problems:
                self._judge(row, taken)

    def _judge(self, row: Row, taken: dict[str, Row]) -> None:
        code, area = row.values["code"], self.by_code.get(row.values["code"])
        level = row.values.get("level") or self._level(code, area)
        parent = row.values.get("parent_code") or self._parent(code, area)
        above = self.by_code.get(parent or "")
        row.record = {"name": row.values["name"], "level": str(level), "parent_code": parent}
        if area is not None and area.level is not level:
            row.problems["level"] = "代码已是另一级别的区划，请核对。"
        if above is None and parent not in taken:
            row.problems["parent_code"] = "没有这个上级区划，请核对代码。"
        if not (self.scope.covers(area.id if area else None) or self._lies_in(parent, taken)):
            row.problems["code"] = NOT_YOURS
        if "successor_code" in row.values or "valid_to" in row.values:
            self._end(row, area, taken)
        if area is not None:
            row.subject_id = area.id
            row.before = self._stored(area)
            row.was = {
                part: str(row.before[part] or "")
                for part, value in row.record.items()
                if row.before[part] != value
            }

    @staticmethod
    def _level(code: str, area: Area | None) -> AreaLevel:
        if area is not None:
            return area.level
        return BY_LENGTH.get(len(code), AreaLevel.DISTRICT)

    def _parent(self, code: str, area: Area | None) -> str | None:
        """Return what is above: as stored, else as the code begins."""
        if area is not None:
            return self.codes.get(area.parent_id or 0)
        return code[: ABOVE[len(code)]] if len(code) in ABOVE else None

    def _lies_in(self, parent: str | None, taken: dict[str, Row]) -> bool:
        """Say whether what is above is of the one who imports, or new in the file and so."""
        area = self.by_code.get(parent or "")
        if area is not None:
            return self.scope.covers(area.id)
        row = taken.get(parent or "")
        return row is not None and not row.problems and bool(row.record)

    def _end(self, row: Row, area: Area | None, taken: dict[str, Row]) -> None:
        """Read what becomes of a division that is no more."""
        successor = row.values.get("successor_code")
        ends = date.fromisoformat(row.values.get("valid_to", clock.today().isoformat()))
        if successor is None:
            row.problems["successor_code"] = "撤并的区划须填写并入代码。"
        elif successor == row.values["code"] or (
            successor not in self.by_code and successor not in taken
        ):
            row.problems["successor_code"] = "没有这个并入的区划，请核对代码。"
        elif area is None:
            row.problems["code"] = "没有这个区划，无需填写撤并。"
        elif ends > clock.today():
            row.problems["valid_to"] = "撤并日期不能晚于今天，请在撤并之后导入。"
        else:
            row.record["successor_code"] = successor

    def _stored(self, area: Area) -> dict[str, Any]:
        return {
            "name": area.name,
            "level": str(area.level),
            "parent_code": self.codes.get(area.parent_id or 0),
            "successor_code": self.codes.get(area.successor_id or 0),
        }

    def left(self, rows: Sequence[Row]) -> Iterable[Row]:
        met = {row.subject_id for row in rows}
        for area in self.by_code.values():
            listed = area.valid_to is None and not area.hidden and self.scope.covers(area.id)
            if area.id not in met and listed:
                yield Row(
                    None, {"code": area.code, "name": area.name}, subject_id=area.id, left=True
                )

    def lock(self, ids: Sequence[int]) -> None:
        plain_things.lock(self.session, Area, ids)

    def write(self, rows: Sequence[Row]) -> None:
        """Load the list as a whole, then let what ended be succeeded, with all that is there."""
        divisions = [
            Division(
                row.values["code"],
                row.record["name"],
                row.record["parent_code"] or "",
                AreaLevel(row.record["level"]),
                row.number or 0,
            )
            for row in rows
        ]
        areas.load(
            self.session, sorted(divisions, key=lambda one: (ORDER.index(one.level), one.code))
        )
        new = [row.values["code"] for row in rows if row.change is Change.NEW]
        ids = dict(
            self.session.execute(sa.select(Area.code, Area.id).where(Area.code.in_(new))).all()
        )
        for row in rows:
            row.subject_id = ids.get(row.values["code"], row.subject_id)
            if row.record.get("successor_code") not in (None, row.before.get("successor_code")):
                self._succeed(row)

    def _succeed(self, row: Row) -> None:
        old = areas.get(self.session, row.values["code"])
        new = areas.get(self.session, row.record["successor_code"])
        if old.level is AreaLevel.COMMUNITY:
            succession.succeed(
                self.session,
                self.desk.rules,
                code=old.code,
                successor_code=new.code,
                elsewhere={},
            )
            claims.take_along(self.session, old, new)
        else:
            areas.close(self.session, old, new)
            registers.move_place(self.session, self.desk.rules, old, new)
        if "valid_to" in row.values:
            old.valid_to = date.fromisoformat(row.values["valid_to"])
        self.session.flush()

    def follow(self, ids: Sequence[int]) -> None:
        subjects = [Subject(SubjectKind.AREA, id_) for id_ in ids]
        binding.rebind(self.session, self.desk.rules, subjects)
        plain_things.forget_gone(self.session, Area, SubjectKind.AREA, ids)

    def built_on(self, written: Sequence[Written]) -> str | None:
        """Return what stands in the way: a succession, what lies in an area, a later change."""
        if any(one.after.get("successor_code") for one in written):
            return "区划撤并后报到等已经转出，不能撤销。"
        new = [one.subject_id for one in written if not one.before]
        found = references.counts(self.session, "area", new, OWN) if new else iter(())
        for _, number in found:
            return f"导入的区划已有 {number} 条相关记录，不能撤销。"
        if new and references.in_ledger(self.session, SubjectKind.AREA, new):
            return "导入的区划已有义务记录，不能撤销。"
        changed = [one for one in written if not self._stands(one)]
        return f"有 {len(changed)} 个区划在导入后又有改动，不能撤销。" if changed else None

    def _stands(self, one: Written) -> bool:
        area = self.by_code.get(self.codes.get(one.subject_id, ""))
        stored = self._stored(area) if area else {}
        return bool(stored) and all(stored[part] == value for part, value in one.after.items())

    def take_back(self, written: Sequence[Written]) -> None:
        divisions = [
            Division(
                self.codes[one.subject_id],
                one.before["name"],
                one.before["parent_code"] or "",
                AreaLevel(one.before["level"]),
            )
            for one in written
            if one.before
        ]
        areas.load(self.session, divisions)
        self._remove([one.subject_id for one in written if not one.before])

    def _remove(self, new: Sequence[int]) -> None:
        """Take areas away that nothing lies in: they owe nothing first, then they are not."""
        if not new:
            return
        which = among(Area.id, new)
        self.session.execute(sa.update(Area).where(which).values(valid_to=clock.today()))
        self.follow(new)
        references.forget_years(self.session, SubjectKind.AREA, new)
        self.session.execute(
            sa.delete(Rollup).where(among(Rollup.place_id, new), Rollup.subjects == 0)
        )
        self.session.execute(sa.delete(Area).where(which))
        self.session.expire_all()


TARGET = Target(
    "divisions", "行政区划", COLUMNS, may=scope.is_department, compare=DivisionComparison
)
