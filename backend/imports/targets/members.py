"""The roster: who a Party member is, and to which branch, group and unit they belong."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from backend.core import clock, wording
from backend.core.actor import Actor
from backend.core.own import is_own
from backend.forms import cells
from backend.forms.cells import Wrong
from backend.imports.columns import Column, Comparison, Desk, Row, Target, Written
from backend.imports.targets import member_rows, member_undo, references, scope
from backend.imports.targets.bodies import Bodies, Body, only_one
from backend.imports.targets.roster import Entry, Roster
from backend.imports.targets.unit_names import UnitNames
from backend.ledger import binding
from backend.ledger.models import SubjectKind
from backend.ledger.subjects import Subject
from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.queries import WITH_ROSTER
from backend.rosters.members import following

CATEGORIES = {
    "正式党员": MemberCategory.FULL,
    "正式": MemberCategory.FULL,
    "预备党员": MemberCategory.PROBATIONARY,
    "预备": MemberCategory.PROBATIONARY,
}
SHOWN = {MemberCategory.FULL: "正式党员", MemberCategory.PROBATIONARY: "预备党员"}
COLUMNS = (
    Column("name", "姓名", cells.person, ("党员姓名", "名字"), required=True, example="黄小梅"),
    Column("phone", "手机号", cells.phone,
           ("手机号码", "手机", "联系电话", "电话", "电话号码", "联系方式", "移动电话"),
           example="10000000007"),
    Column("branch", "所在党支部", cells.text(120),
           ("所属党支部", "党支部", "所在支部", "所属支部", "支部", "支部名称", "党支部名称",
            "党组织",
            "所在党组织", "所属党组织", "组织关系所在党组织", "组织关系所在党支部", "所在支部编码"),
           required=True, example="机关第一党支部", told="名称或组织编码"),
    Column("group", "党小组", cells.text(60), ("所在党小组", "小组"), example="第一党小组"),
    Column("category", "党员类别", cells.choice(CATEGORIES, "“正式党员”或“预备党员”"),
           ("党籍状态", "人员类别", "类别", "党员类型", "党员性质"), example="正式党员",
           canonical=False),
    Column("electoral_right", "有无选举权", cells.flag,
           ("选举权", "是否有选举权", "表决权", "有无表决权"), example="有", canonical=False),
    Column("unit", "工作单位", cells.text(120),
           ("单位", "所在单位", "工作/学习单位", "单位名称", "单位统一社会信用代码"),
           example="海口市城市服务示范局", told="名称或统一社会信用代码"),
    Column("since", "到单位日期", cells.day,
           ("到本单位时间", "到本单位日期", "进单位时间", "入职日期", "到岗日期"),
           example="2019-03-01"),
)  # fmt: skip
ELSEWHERE = "此人已在其他党组织的名册中，组织关系转接须由两个党支部共同的上级或组织部门办理。"
ONESELF = "不能更改本人的名册内容，请由上级党组织办理。"
NOT_YOURS = "不在您负责的范围内。"


def needs(actor: Actor | None) -> frozenset[str]:
    """Return the columns a file must have: who keeps one branch need not name it."""
    single = actor is not None and not scope.is_department(actor)
    return frozenset({"name"}) if single else frozenset({"name", "branch"})


class MemberComparison(Comparison):
    """Holds a roster against the one that is kept. An empty cell leaves what is there."""

    def __init__(self, desk: Desk, mapped: frozenset[str]) -> None:
        super().__init__(desk, mapped)
        self.scope = scope.of(self.session, desk.actor)
        self.bodies = Bodies(self.session)
        self.units = UnitNames(self.session)
        self.roster = Roster(self.session)
        self._groups: dict[int, dict[str, Body]] = {}
        self._covered: set[int] = set()
        self._gone: list[int] = []

    # Whom a row means.

    def judge(self, rows: Sequence[Row]) -> None:
        """See each row's branch first, then read who may be meant, then say who is."""
        for row in rows:
            self._place(row)
        self._covered = {row.record["branch_id"] for row in rows if "branch_id" in row.record}
        hashes = {row.record["phone_hash"] for row in rows if "phone_hash" in row.record}
        self.roster.load(hashes, self._covered)
        alike: dict[Any, list[Row]] = defaultdict(list)
        for row in rows:
            alike[row.record.get("branch_id"), wording.key(row.values.get("name", ""))].append(row)
        taken: dict[Any, Row] = {}
        for row in rows:
            if row.problems:
                continue
            same = alike[row.record["branch_id"], wording.key(row.values["name"])]
            self._find(row, alone=len(same) == 1)
            self._refuse_twice(row, taken)
            if not row.problems:
                self._compare(row)

    def _place(self, row: Row) -> None:
        """Find out to which branch a row belongs, and key its number."""
        phone = row.values.get("phone")
        if phone:
            row.record["phone_hash"] = self.desk.keys.lookup(phone, purpose="member.phone")
        if "name" not in row.values:
            row.problems.setdefault("name", "没有填写姓名。")
        if "branch" in row.problems:
            return
        try:
            branch = self._branch(row.values.get("branch"))
        except Wrong as wrong:
            row.problems["branch"] = str(wrong)
            return
        row.record["branch_id"] = branch.id
        row.texts.setdefault("branch", branch.name)

    def _branch(self, cell: str | None) -> Body:
        if cell is None:
            own = [one for one in self.bodies.by_id.values() if self._is_own(one)]
            if len(own) != 1:
                raise Wrong("没有填写所在党支部。")
            return own[0]
        found = self.bodies.meant(cell, WITH_ROSTER)
        mine = [one for one in found if self.is_mine(one)]
        if found and not mine:
            raise Wrong(NOT_YOURS)
        return only_one(mine, "党支部")

    def _is_own(self, body: Body) -> bool:
        """Whether a body is somebody's as its secretary or contact, and not by territory."""
        own = body.id in self.scope.led or body.unit_id in self.scope.units
        return own and body.kind in WITH_ROSTER

    def is_mine(self, body: Body) -> bool:
        """Return whether a branch's roster is for the one who imports to keep."""
        return self.scope.keeps_roster(body) or body.unit_id in self.scope.units

    def _find(self, row: Row, *, alone: bool) -> None:
        name, digest = row.values["name"], row.record.get("phone_hash")
        found = self.roster.numbered(digest, name) if digest else []
        if not found:
            found = self.roster.named(row.record["branch_id"], name)
            if found and not alone:
                row.problems["name"] = "支部名册和文件中有同名的人，请填写手机号加以区分。"
            elif len(found) == 1 and digest and found[0].phone_hash:
                row.notes["phone"] = "手机号与名册不同，请核对是否同一人。"
        if len(found) > 1:
            row.problems["name"] = "名册中有多人与此行相符，请核对后分别办理。"
        if not found and digest and self.roster.shared(digest, name):
            row.notes["phone"] = "名册中另有一人使用此手机号，请核对。"
        if len(found) == 1 and "name" not in row.problems:
            self._settle(row, found[0])

    def _settle(self, row: Row, entry: Entry) -> None:
        body = self.bodies.by_id.get(entry.branch_id)
        here = self.bodies.by_id[row.record["branch_id"]]
        moves = body is not here
        if body is None or not self._keeps(body, entry):
            row.problems["name"] = ELSEWHERE
        elif moves and not (self.scope.keeps(body) and self.scope.keeps(here)):
            row.problems["branch"] = ELSEWHERE
        row.subject_id = entry.id

    def _keeps(self, body: Body, entry: Entry) -> bool:
        return self.scope.keeps_roster(body) or entry.unit_id in self.scope.units

    @staticmethod
    def _refuse_twice(row: Row, taken: dict[Any, Row]) -> None:
        name = wording.key(row.values["name"])
        key = row.subject_id or (row.record.get("phone_hash") or row.record["branch_id"], name)
        first = taken.setdefault(key, row)
        if first is not row and "name" not in row.problems:
            row.problems["name"] = f"与第 {first.number} 行是同一人。"

    # What of an entry would change.

    def _compare(self, row: Row) -> None:
        entry = self.roster.by_id.get(row.subject_id or 0)
        try:
            self._describe(row, entry)
        except Wrong as wrong:
            row.problems["group"] = str(wrong)
            return
        if entry is not None:
            member_rows.compare(self.desk.keys, self.bodies, self.units, row, entry)
            actor = self.desk.actor
            if row.differs and actor is not None and is_own(entry.id, actor.member_id):
                row.problems["name"] = ONESELF

    def _describe(self, row: Row, entry: Entry | None) -> None:
        record, values = row.record, row.values
        for key in ("name", "category", "electoral_right"):
            if key in values:
                record[key] = values[key]
        if entry is not None and record.get("phone_hash") not in (None, entry.phone_hash):
            # Written anew by one person alone: it proves to nobody who its owner is.
            record["phone_unproven"] = True
        moved = entry is None or entry.branch_id != record["branch_id"]
        if "group" in values:
            record["group_id"] = self._group(record["branch_id"], values["group"])
        elif moved:
            record["group_id"] = None
        self._employ(row, entry, moved=moved)

    def _group(self, branch_id: int, name: str) -> int:
        if branch_id not in self._groups:
            self._groups[branch_id] = self.bodies.groups_of(branch_id)
        found = self._groups[branch_id].get(wording.key(name))
        if found is None:
            raise Wrong("支部中没有这个党小组，请先导入或建立党小组。")
        return found.id

    def _employ(self, row: Row, entry: Entry | None, *, moved: bool) -> None:
        """Say of which unit somebody is: of the one named, else of the branch's own."""
        branch_unit = self.bodies.by_id[row.record["branch_id"]].unit_id
        named = row.values.get("unit")
        unit_id = self.units.meant(named) if named else None
        if named and unit_id is None:
            row.notes["unit"] = "单位名录中没有这个单位，未关联。"
        if unit_id is None and (entry is None or (moved and not named)):
            unit_id = branch_unit
        if unit_id is not None:
            row.record["unit_id"] = unit_id
        if "since" in row.values:
            row.record["unit_since"] = row.values["since"]
        elif entry is not None and unit_id is not None and unit_id != entry.unit_id:
            row.record["unit_since"] = clock.today().isoformat()

    def left(self, rows: Sequence[Row]) -> Iterable[Row]:
        """Yield who is active in the branches of which the file speaks, and not in it."""
        met = {row.subject_id for row in rows if row.subject_id}
        for entry in self.roster.of(self._covered):
            body = self.bodies.by_id[entry.branch_id]
            if entry.id not in met and self._keeps(body, entry):
                yield member_rows.left(self.desk.keys, body, entry)

    # What is written.

    def lock(self, ids: Sequence[int]) -> None:
        """Lock entries by id, as whoever changes several does."""
        member_rows.lock(self.session, ids)

    def write(self, rows: Sequence[Row]) -> None:
        """Let those who move leave their posts first, then write all at once."""
        for row in rows:
            if row.before and row.before["branch_id"] != row.record["branch_id"]:
                member = self.session.get_one(Member, row.subject_id)
                following.leave_branch(self.session, self.desk.rules, member)
        member_rows.write(self.session, self.desk.keys, rows)

    def follow(self, ids: Sequence[int]) -> None:
        """Bring the duty years of all of them in step, in one go."""
        subjects = [Subject(SubjectKind.MEMBER, id_) for id_ in sorted(ids)]
        binding.rebind(self.session, self.desk.rules, subjects)
        if self._gone:
            references.forget_years(self.session, SubjectKind.MEMBER, self._gone)

    def built_on(self, written: Sequence[Written]) -> str | None:
        return member_undo.built_on(self.session, written)

    def take_back(self, written: Sequence[Written]) -> None:
        self._gone = member_undo.take_back(self.session, written)


TARGET = Target(
    "members", "党员名册", COLUMNS, may=scope.keeps_a_roster, compare=MemberComparison, needs=needs
)
