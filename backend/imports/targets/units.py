"""Units: what they are and where they are located, known again by their credit code."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from backend.core import wording
from backend.core.db import among
from backend.forms import cells
from backend.imports.columns import Column, Comparison, Desk, Row, Target, Written
from backend.imports.models import Change
from backend.imports.targets import plain_things, scope
from backend.imports.targets.area_codes import AreaCodes
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.subjects import Subject
from backend.people.areas.models import AreaLevel
from backend.people.members.models import Member
from backend.people.organizations.models import Unit, UnitKind

KINDS = {
    "市直机关": UnitKind.CITY_ORGAN,
    "市级机关": UnitKind.CITY_ORGAN,
    "区直机关": UnitKind.DISTRICT_ORGAN,
    "区级机关": UnitKind.DISTRICT_ORGAN,
    "企业": UnitKind.ENTERPRISE,
    "国有企业": UnitKind.ENTERPRISE,
    "非公企业": UnitKind.ENTERPRISE,
    "事业单位": UnitKind.INSTITUTION,
    "学校": UnitKind.INSTITUTION,
    "医院": UnitKind.INSTITUTION,
    "社会组织": UnitKind.OTHER,
    "其他": UnitKind.OTHER,
}
WORDS = "市直机关、区直机关、企业、事业单位、社会组织或其他"
COLUMNS = (
    Column("name", "单位名称", cells.text(120), ("名称", "单位", "单位全称"), required=True,
           example="海口市城市服务示范局"),
    Column("credit_code", "统一社会信用代码", cells.credit_code,
           ("信用代码", "社会信用代码", "统一信用代码"), required=True,
           example="91350100M000100Y43"),
    Column("kind", "单位类别", cells.choice(KINDS, WORDS), ("类别", "单位类型", "单位性质"),
           required=True, example="市直机关", canonical=False),
    Column("community_code", "所在社区代码", cells.area_code,
           ("社区代码", "所在社区区划代码", "所在村（社区）代码", "区划代码"), required=True,
           example="460106003004"),
)  # fmt: skip
PARTS = ("name", "credit_code", "kind", "community_id")
SHOWN = {
    UnitKind.CITY_ORGAN: "市直机关",
    UnitKind.DISTRICT_ORGAN: "区直机关",
    UnitKind.ENTERPRISE: "企业",
    UnitKind.INSTITUTION: "事业单位",
    UnitKind.OTHER: "其他",
}
NO_COMMUNITY = "没有这个社区或村，请核对区划代码。"
NOT_YOURS = "不在您负责的区划内。"


class UnitComparison(Comparison):
    """Holds a list of units against those that are kept."""

    def __init__(self, desk: Desk, mapped: frozenset[str]) -> None:
        super().__init__(desk, mapped)
        self.scope = scope.of(self.session, desk.actor)
        self.areas = AreaCodes(self.session)
        columns = [getattr(Unit, part) for part in PARTS]
        found = self.session.execute(sa.select(Unit.id, Unit.ended_on, *columns).order_by(Unit.id))
        self._rows = {id_: (ended, plain_things.of(PARTS, values)) for id_, ended, *values in found}
        self._by_code = {
            before["credit_code"]: id_
            for id_, (_, before) in self._rows.items()
            if before["credit_code"]
        }

    def judge(self, rows: Sequence[Row]) -> None:
        taken: dict[str, Row] = {}
        for row in rows:
            code = row.values.get("credit_code")
            if code:
                first = taken.setdefault(code, row)
                if first is not row:
                    row.problems["credit_code"] = f"与第 {first.number} 行的代码相同。"
            self._place(row)
            if not row.problems:
                self._find(row)

    def _place(self, row: Row) -> None:
        if "community_code" not in row.values:
            return
        area = self.areas.lasting(row.values["community_code"])
        if area is None or area.level is not AreaLevel.COMMUNITY:
            row.problems["community_code"] = NO_COMMUNITY
        elif not self.scope.covers(area.id):
            row.problems["community_code"] = NOT_YOURS
        else:
            row.record["community_id"] = area.id

    def _find(self, row: Row) -> None:
        for part in ("name", "credit_code", "kind"):
            row.record[part] = row.values[part]
        id_ = self._by_code.get(row.values["credit_code"])
        if id_ is None:
            named = wording.key(row.values["name"])
            alike = (one for _, one in self._rows.values() if wording.key(one["name"]) == named)
            if next(alike, None) is not None:
                row.notes["name"] = "已有同名单位，信用代码不同，请核对是否同一单位。"
            return
        ended, before = self._rows[id_]
        if ended is not None:
            row.problems["credit_code"] = "该单位已撤销，不能通过导入恢复。"
        elif not self.scope.covers(before["community_id"]):
            row.problems["credit_code"] = NOT_YOURS
        else:
            row.subject_id, row.before = id_, before
            row.was = self._words(before, row)

    def _words(self, before: dict[str, Any], row: Row) -> dict[str, str]:
        changed = [part for part in PARTS if row.record.get(part) != before[part]]
        shown = {
            "name": before["name"],
            "credit_code": before["credit_code"] or "",
            "kind": SHOWN[UnitKind(before["kind"])],
            "community_id": self.areas.code_of(before["community_id"]),
        }
        return {part.replace("community_id", "community_code"): shown[part] for part in changed}

    def left(self, rows: Sequence[Row]) -> Iterable[Row]:
        met = {row.subject_id for row in rows}
        for id_, (ended, before) in self._rows.items():
            if id_ not in met and ended is None and self.scope.covers(before["community_id"]):
                texts = {"name": before["name"], "credit_code": before["credit_code"] or ""}
                yield Row(None, texts, subject_id=id_, left=True)

    def lock(self, ids: Sequence[int]) -> None:
        plain_things.lock(self.session, Unit, ids)

    def write(self, rows: Sequence[Row]) -> None:
        plain_things.insert(self.session, Unit, [one for one in rows if one.change is Change.NEW])
        plain_things.update(self.session, Unit, PARTS, [one for one in rows if one.before])

    def follow(self, ids: Sequence[int]) -> None:
        """Bring in step what units owe, and their members, who stand where they are located."""
        people = self.session.scalars(
            sa.select(Member.id).where(among(Member.unit_id, ids), Member.active)
        )
        subjects = [Subject(SubjectKind.UNIT, id_) for id_ in ids]
        subjects += [Subject(SubjectKind.MEMBER, id_) for id_ in people]
        binding.rebind(self.session, self.desk.rules, subjects)
        plain_things.forget_gone(self.session, Unit, SubjectKind.UNIT, ids)

    def built_on(self, written: Sequence[Written]) -> str | None:
        return plain_things.built_on(self.session, Unit, SubjectKind.UNIT, PARTS, written, "单位")

    def take_back(self, written: Sequence[Written]) -> None:
        plain_things.take_back(self.session, Unit, PARTS, written)


TARGET = Target("units", "单位名录", COLUMNS, may=scope.is_department, compare=UnitComparison)
