"""Appointments: who is to hold which role where. They come in as proposals of whoever brings the
list, and give no right until another has approved them."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from backend.accounts.appointments import service
from backend.accounts.appointments.eligibility import LEVELS
from backend.accounts.appointments.service import Holder, Office
from backend.core.actor import Actor, Role
from backend.core.db import among
from backend.core.errors import DomainError
from backend.forms import cells
from backend.forms.cells import Wrong
from backend.imports.columns import Column, Comparison, Desk, Row, Target, Written
from backend.imports.targets import scope
from backend.imports.targets.area_codes import AreaCodes
from backend.imports.targets.bodies import Bodies, Body, only_one
from backend.imports.targets.roster import Entry, Roster
from backend.imports.targets.unit_names import UnitNames
from backend.people.members.models import Appointment, AppointmentStatus
from backend.people.organizations.models import OrganizationKind
from backend.people.organizations.queries import WITH_ROSTER

ROLES = {
    "社区书记": Role.COMMUNITY_SECRETARY,
    "社区党组织书记": Role.COMMUNITY_SECRETARY,
    "支部书记": Role.BRANCH_SECRETARY,
    "党支部书记": Role.BRANCH_SECRETARY,
    "党组织书记": Role.BRANCH_SECRETARY,
    "单位联络员": Role.UNIT_CONTACT,
    "单位党建联络员": Role.UNIT_CONTACT,
    "网格员": Role.GRID_WORKER,
    "街道干部": Role.STREET_OFFICER,
    "街道（镇）干部": Role.STREET_OFFICER,
    "区组织部门": Role.DISTRICT_OFFICER,
    "市组织部门": Role.CITY_OFFICER,
}
WORDS = "社区书记、党支部书记、单位联络员、网格员、街道干部、区组织部门或市组织部门"
COLUMNS = (
    Column("name", "姓名", cells.person, ("党员姓名",), required=True, example="黄小梅"),
    Column("phone", "手机号", cells.phone, ("手机号码", "联系电话", "电话"), example="10000000007"),
    Column("branch", "所在党支部", cells.text(120), ("党支部", "所在支部", "支部"),
           example="机关第一党支部", told="没有手机号的填写"),
    Column("role", "职务", cells.choice(ROLES, WORDS), ("角色", "任职", "担任职务"), required=True,
           example="党支部书记", canonical=False),
    Column("place", "任职范围", cells.text(250), ("任职区划或组织", "范围", "任职单位"),
           required=True, example="ZZ001", told="区划代码、组织编码、信用代码或名称"),
    Column("starts_on", "任期开始", cells.day, ("任职日期", "任职时间", "开始日期"),
           example="2026-01-01"),
    Column("ends_on", "任期结束", cells.day, ("届满日期", "结束日期", "任期届满")),
)  # fmt: skip
NOT_FOUND = "名册中没有姓名和手机号（或党支部）都相符的人。"
# Party groups have leaders, who are chosen by their branch.
HELD_OVER = tuple(kind for kind in OrganizationKind if kind is not OrganizationKind.GROUP)
LIVE = (AppointmentStatus.PROPOSED, AppointmentStatus.APPROVED)


def may_propose(actor: Actor) -> bool:
    """Return whether somebody is of an organisation department; others propose one by one."""
    return bool(actor.areas(Role.CITY_OFFICER, Role.DISTRICT_OFFICER))


class AppointmentComparison(Comparison):
    """Tries each proposal as it would be made, and lets it not have been."""

    def __init__(self, desk: Desk, mapped: frozenset[str]) -> None:
        super().__init__(desk, mapped)
        self.scope = scope.of(self.session, desk.actor)
        self.bodies, self.roster = Bodies(self.session), Roster(self.session)
        self.units, self.areas = UnitNames(self.session), AreaCodes(self.session)

    def judge(self, rows: Sequence[Row]) -> None:
        hashes = {self._hash(row) for row in rows} - {""}
        branches = {one.id for row in rows for one in self._branches(row)}
        self.roster.load(hashes, branches)
        taken: dict[tuple[object, ...], Row] = {}
        for row in rows:
            if not row.problems:
                self._judge(row)
            if row.problems:
                continue
            key = tuple(str(row.record[part]) for part in ("member_id", "role", "place"))
            first = taken.setdefault(key, row)
            if first is not row:
                row.problems["name"] = f"与第 {first.number} 行是同一项任职。"
            elif row.subject_id is None:
                self._try(row)

    def _hash(self, row: Row) -> str:
        phone = row.values.get("phone")
        return self.desk.keys.lookup(phone, purpose="member.phone") if phone else ""

    def _branches(self, row: Row) -> list[Body]:
        cell = row.values.get("branch")
        return self.bodies.meant(cell, WITH_ROSTER) if cell else []

    def _judge(self, row: Row) -> None:
        try:
            entry = self._person(row)
        except Wrong as wrong:
            row.problems["name"] = str(wrong)
            return
        role = Role(row.values["role"])
        try:
            place = self._place(role, row.values["place"])
        except Wrong as wrong:
            row.problems["place"] = str(wrong)
            return
        days = {part: row.values.get(part) for part in ("starts_on", "ends_on")}
        row.record = {"member_id": entry.id, "role": str(role), "place": place, **days}
        held = self.session.scalar(self._held(entry.id, role, place))
        if held is not None:
            row.subject_id, row.before = held, dict(row.record)

    def _person(self, row: Row) -> Entry:
        """Return who is meant. Who is not in the own territory is not found: nobody learns from a
        list who is a member elsewhere."""
        name, digest = row.values["name"], self._hash(row)
        found = self.roster.numbered(digest, name) if digest else []
        if not digest:
            for branch in self._branches(row):
                found = [*found, *self.roster.named(branch.id, name)]
        kept = [one for one in found if self._keeps(one)]
        if not kept:
            raise Wrong(NOT_FOUND)
        if len(kept) > 1:
            raise Wrong("名册中有多人与此行相符，请核对后逐一提名。")
        return kept[0]

    def _keeps(self, entry: Entry) -> bool:
        body = self.bodies.by_id.get(entry.branch_id)
        return body is not None and self.scope.keeps(body)

    def _place(self, role: Role, cell: str) -> dict[str, object]:
        if role in LEVELS:
            area = self.areas.lasting(cells.area_code(cell).value)
            if area is None or not self.scope.covers(area.id):
                raise Wrong("没有这个区划，或不在您负责的区划内。")
            return {"area_code": area.code}
        if role is Role.UNIT_CONTACT:
            unit_id = self.units.meant(cell)
            if unit_id is None:
                raise Wrong("没有找到这个单位，请核对名称或信用代码。")
            return {"unit_id": unit_id}
        bodies = [one for one in self.bodies.meant(cell, HELD_OVER) if self.scope.keeps(one)]
        return {"organization_id": only_one(bodies, "党组织").id}

    def _held(self, member_id: int, role: Role, place: dict[str, object]) -> sa.Select[int]:
        code = place.get("area_code")
        area = self.areas.lasting(str(code)) if code else None
        wanted = {
            Appointment.area_id: area.id if area else None,
            Appointment.organization_id: place.get("organization_id"),
            Appointment.unit_id: place.get("unit_id"),
        }
        return sa.select(Appointment.id).where(
            Appointment.member_id == member_id,
            Appointment.role == role,
            Appointment.status.in_(LIVE),
            sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= sa.func.current_date()),
            *(column.is_not_distinct_from(value) for column, value in wanted.items()),
        )

    def _try(self, row: Row) -> None:
        """See whether it could be proposed, and take it back at once."""
        trial = self.session.begin_nested()
        try:
            self._propose(row)
        except (DomainError, Wrong) as refusal:
            row.problems["role"] = getattr(refusal, "message", str(refusal))
        finally:
            trial.rollback()

    def _propose(self, row: Row) -> int:
        assert self.desk.actor is not None  # noqa: S101  # the target is by somebody
        office = Office(
            role=Role(row.record["role"]),
            starts_on=_day(row.record["starts_on"]),
            ends_on=_day(row.record["ends_on"]),
            **row.record["place"],
        )
        holder = Holder(member_id=row.record["member_id"])
        return service.propose(self.session, actor=self.desk.actor, office=office, holder=holder).id

    def left(self, rows: Sequence[Row]) -> Iterable[Row]:  # noqa: ARG002  # by contract
        """Yield nobody: a list of appointments speaks of those alone who are in it."""
        return ()

    def lock(self, ids: Sequence[int]) -> None:
        """Lock nothing: none is changed, and proposing locks who is to hold it."""

    def write(self, rows: Sequence[Row]) -> None:
        """Propose in the order of holders, as each is locked."""
        for row in sorted(rows, key=lambda one: int(one.record["member_id"])):
            row.subject_id = self._propose(row)

    def follow(self, ids: Sequence[int]) -> None:
        """Do nothing: a proposal gives no right and binds nobody."""

    def built_on(self, written: Sequence[Written]) -> str | None:
        ids = [one.subject_id for one in written]
        decided = sa.select(sa.func.count()).where(
            among(Appointment.id, ids),
            Appointment.status != AppointmentStatus.PROPOSED,
        )
        number = self.session.scalar(decided)
        return f"有 {number} 项任职已经审批或撤回，请逐项办理。" if number else None

    def take_back(self, written: Sequence[Written]) -> None:
        assert self.desk.actor is not None  # noqa: S101  # nobody else has proposed anything
        for one in written:
            service.withdraw(self.session, actor=self.desk.actor, appointment_id=one.subject_id)


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


TARGET = Target(
    "appointments",
    "任职名单",
    COLUMNS,
    may=may_propose,
    compare=AppointmentComparison,
    by_somebody=True,
)
