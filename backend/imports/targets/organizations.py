"""The tree of Party organisations: what each is, what it stands under, where it lies, and which
area it governs.

Known again by the code its office gave it, else by its name below the same organisation above.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from backend.core import clock
from backend.core.db import among
from backend.forms import cells
from backend.forms.cells import Wrong
from backend.imports.columns import Column, Comparison, Desk, Row, Target, Written
from backend.imports.targets import hanging, plain_things, scope
from backend.imports.targets.area_codes import AreaCodes
from backend.imports.targets.bodies import Bodies
from backend.imports.targets.hanging import PARTS, Parents, Standing
from backend.imports.targets.unit_names import UnitNames
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.subjects import Subject
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.people.organizations.models import OrganizationKind as K

KINDS = {
    "党委": K.COMMITTEE, "基层党委": K.COMMITTEE, "党工委": K.COMMITTEE, "611": K.COMMITTEE,
    "党总支": K.GENERAL_BRANCH, "总支": K.GENERAL_BRANCH, "621": K.GENERAL_BRANCH,
    "党支部": K.BRANCH, "支部": K.BRANCH, "631": K.BRANCH,
    "联合党支部": K.JOINT_BRANCH, "632": K.JOINT_BRANCH,
    "党小组": K.GROUP,
}  # fmt: skip
SHOWN = {
    K.COMMITTEE: "党委", K.GENERAL_BRANCH: "党总支", K.BRANCH: "党支部",
    K.JOINT_BRANCH: "联合党支部", K.GROUP: "党小组",
}  # fmt: skip
COLUMNS = (
    Column("code", "组织编码", cells.own_code, ("党组织编码", "编码", "组织代码", "党组织代码"),
           example="ZZ001", told="自编，不重复"),
    Column("name", "党组织名称", cells.text(120), ("名称", "组织名称", "党组织全称"),
           required=True, example="海口市城市服务示范局机关第一党支部"),
    Column("kind", "组织类别", cells.choice(KINDS, "党委、党总支、党支部、联合党支部或党小组"),
           ("类别", "党组织类别", "组织类型"), required=True, example="党支部", canonical=False),
    Column("parent", "上级党组织", cells.text(250),
           ("上级组织", "上级党组织名称", "上级党组织编码", "上级编码"), example="ZZ000",
           told="名称或组织编码，没有上级的不填"),
    Column("area_code", "所在区划代码", cells.area_code,
           ("区划代码", "所在社区代码", "所在地区划代码"), example="460106003004"),
    Column("governs_code", "管辖区划代码", cells.area_code,
           ("领导区划代码", "所辖区划代码", "管辖区划"), told="社区、街道、区、市的党组织填写"),
    Column("unit", "所属单位", cells.text(120),
           ("单位统一社会信用代码", "统一社会信用代码", "所属单位信用代码", "所在单位", "单位"),
           example="91350100M000100Y43", told="名称或统一社会信用代码"),
    Column("founded_on", "成立日期", cells.day, ("成立时间", "批准成立时间", "设立日期"),
           example="2019-07-01"),
)  # fmt: skip
NOT_YOURS = "不在您负责的区划内。"
_COLUMN = {
    "parent_id": "parent", "area_id": "area_code", "governs_id": "governs_code", "unit_id": "unit",
}  # fmt: skip


class OrganizationComparison(Comparison):
    """Holds a tree of organisations against the one that is kept."""

    def __init__(self, desk: Desk, mapped: frozenset[str]) -> None:
        super().__init__(desk, mapped)
        self.scope = scope.of(self.session, desk.actor)
        self.areas = AreaCodes(self.session)
        self.units = UnitNames(self.session)
        self.unit_places = UnitNames.places(self.session)
        self.bodies = Bodies(self.session)
        columns = [getattr(Organization, part) for part in PARTS]
        found = self.session.execute(
            sa.select(Organization.id, *columns).where(Organization.dissolved_on.is_(None))
        )
        self.stored = {id_: plain_things.of(PARTS, values) for id_, *values in found}

    def judge(self, rows: Sequence[Row]) -> None:
        """See what each row stands under first: rows may stand under rows."""
        parents = Parents(self.bodies, self.stored, rows)
        for row in parents.in_order():
            if row.problems:
                continue
            try:
                above = parents.of(row)
            except Wrong as wrong:
                row.problems["parent"] = str(wrong)
                continue
            self._find(row, parents, above)
            if not row.problems:
                self._describe(row, above)
        parents.refuse_circles(rows)

    def _find(self, row: Row, parents: Parents, above: Standing | None) -> None:
        try:
            id_ = parents.meant(row, above)
        except Wrong as wrong:
            row.problems["name"] = str(wrong)
            return
        if id_ is None:
            return
        before = self.stored[id_]
        if not self.scope.covers(before["area_id"]):
            row.problems["name"] = NOT_YOURS
        elif before["kind"] != row.values["kind"]:
            row.problems["kind"] = f"现为{SHOWN[K(before['kind'])]}，类别不能通过导入更改。"
        row.subject_id, row.before = id_, before

    def _describe(self, row: Row, above: Standing | None) -> None:
        record, values = row.record, row.values
        record["name"], record["kind"] = values["name"], str(values["kind"])
        for part in ("code", "founded_on"):
            if part in values:
                record[part] = values[part]
        if "parent" in values or row.subject_id is None:
            record["parent_id"] = above.ref if above else None
        self._join(row, above)
        self._lie(row, above)
        if row.subject_id is None:
            record.setdefault("code", None)
            record.setdefault("governs_id", None)
            if "founded_on" not in record:
                record["founded_on"] = clock.today().isoformat()
                row.notes["founded_on"] = "没有成立日期，按导入当天计。"
        row.was = self._words(row) if row.before else {}

    def _join(self, row: Row, above: Standing | None) -> None:
        """Say of which unit an organisation is; a Party group is of its branch's."""
        named = row.values.get("unit")
        if named is not None:
            unit_id = self.units.meant(named)
            if unit_id is None:
                row.problems["unit"] = "没有找到这个单位，请先导入单位名录。"
            row.record["unit_id"] = unit_id
        elif row.subject_id is None:
            group = row.values["kind"] is K.GROUP
            row.record["unit_id"] = above.unit_id if above and group else None

    def _lie(self, row: Row, above: Standing | None) -> None:
        """Say where it lies: as told, else with its unit, what it governs, or what is above it."""
        for key, part in (("area_code", "area_id"), ("governs_code", "governs_id")):
            if key in row.values:
                area = self.areas.lasting(row.values[key])
                if area is None or not self.scope.covers(area.id):
                    row.problems[key] = NOT_YOURS if area else "没有这个区划，请核对代码。"
                else:
                    row.record[part] = area.id
        if row.problems or "area_id" in row.record or row.subject_id is not None:
            return
        there = (
            self.unit_places.get(row.record["unit_id"] or 0)
            or row.record.get("governs_id")
            or (above.area_id if above else None)
        )
        if there is None:
            row.problems["area_code"] = "没有填写所在区划代码。"
        elif not self.scope.covers(there):
            row.problems["name"] = NOT_YOURS
        else:
            row.record["area_id"] = there

    def _words(self, row: Row) -> dict[str, str]:
        return {
            _COLUMN.get(part, part): self._word(part, row.before[part])
            for part, value in row.record.items()
            if row.before[part] != value
        }

    def _word(self, part: str, value: Any) -> str:
        if part in {"area_id", "governs_id"}:
            return self.areas.code_of(value)
        if part == "parent_id":
            above = self.bodies.by_id.get(value or 0)
            return above.name if above else ""
        return self.units.names.get(value or 0, "") if part == "unit_id" else str(value or "")

    def left(self, rows: Sequence[Row]) -> Iterable[Row]:
        met = {row.subject_id for row in rows}
        for id_, before in sorted(self.stored.items()):
            if id_ not in met and self.scope.covers(before["area_id"]):
                texts = {"code": before["code"] or "", "name": before["name"]}
                texts["kind"] = SHOWN[K(before["kind"])]
                texts["parent"] = self._word("parent_id", before["parent_id"])
                yield Row(None, texts, subject_id=id_, left=True)

    def lock(self, ids: Sequence[int]) -> None:
        plain_things.lock(self.session, Organization, ids)

    def write(self, rows: Sequence[Row]) -> None:
        hanging.write(self.session, rows)

    def follow(self, ids: Sequence[int]) -> None:
        """Bring in step what organisations owe, and their members, who may be a community's own."""
        people = self.session.scalars(
            sa.select(Member.id).where(among(Member.branch_id, ids), Member.active)
        )
        subjects = [Subject(SubjectKind.ORGANIZATION, id_) for id_ in ids]
        subjects += [Subject(SubjectKind.MEMBER, id_) for id_ in people]
        binding.rebind(self.session, self.desk.rules, subjects)
        plain_things.forget_gone(self.session, Organization, SubjectKind.ORGANIZATION, ids)

    def built_on(self, written: Sequence[Written]) -> str | None:
        kind = SubjectKind.ORGANIZATION
        return plain_things.built_on(self.session, Organization, kind, PARTS, written, "党组织")

    def take_back(self, written: Sequence[Written]) -> None:
        hanging.take_back(self.session, written)


TARGET = Target(
    "organizations",
    "党组织名录",
    COLUMNS,
    may=scope.is_department,
    compare=OrganizationComparison,
)
