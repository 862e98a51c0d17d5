"""The organisational life of one branch in the made-up year."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from backend.branch_life.branch_bodies import groups
from backend.branch_life.branch_bodies.committee import arrange
from backend.branch_life.learning import service as learning
from backend.branch_life.meetings import attendance
from backend.branch_life.meetings import service as meetings
from backend.branch_life.meetings.attendance import Mark
from backend.branch_life.meetings.models import AttendanceStatus, Meeting, MeetingKind, MeetingMode
from backend.branch_life.meetings.service import OnlinePlace, Plan
from backend.city.demo.agenda import Agenda, at_hour, working_day
from backend.city.demo.cast import City
from backend.core import clock
from backend.core.actor import PositionKind
from backend.ledger.periods import PeriodLength, period_of
from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.models import Organization

AGENDA = ("学习文件", "讨论支部工作", "通报党费收缴情况")
# Which branches, in their order, have two Party groups each.
WITH_GROUPS = (0, 4)
MATERIALS = (
    (
        "党的组织生活制度学习提纲",
        "一、支部党员大会一般每季度召开一次。\n二、支部委员会会议、党小组会一般每月召开一次。\n"
        "三、组织生活会、民主评议党员每年至少开展一次。\n请结合自身实际阅读，讨论时可以交流体会。",
    ),
    (
        "党员到社区报到服务指引",
        "到社区报到后，可以根据自己的专长和时间认领服务项目、报名志愿服务活动。\n"
        "服务坚持自愿，量力而行；有困难的，可以向支部说明。",
    ),
)
ONLINE = OnlinePlace("腾讯会议", "https://meeting.tencent.com/dm/demo")


def full_members(ids: Sequence[int]) -> sa.Select[int]:
    """Select those who may sit on a committee, in order of id."""
    full = Member.category == MemberCategory.FULL
    return sa.select(Member.id).where(Member.id.in_(ids), full).order_by(Member.id)


def months_before(day: date, count: int) -> date:
    """Return the first day of the month so many months before that of `day`."""
    month = 12 * day.year + day.month - 1 - count
    return date(month // 12, month % 12 + 1, 1)


def founding_day() -> date:
    """Return the day on which committees and groups were founded."""
    return clock.today() - timedelta(days=358)


class BranchLife:
    """A theme day a month, a lecture and a member meeting a quarter, and in every second branch a
    committee that meets each month; one of each may be forgotten.

    The demo people's own branch has forgotten none, and not yet held those of this quarter.
    """

    def __init__(
        self, city: City, agenda: Agenda, branch: Organization, crew: Sequence[Member]
    ) -> None:
        self._city, self._agenda, self._branch = city, agenda, branch
        self._crew = [member.id for member in crew]
        self._secretary = city.branch_secretaries[branch.id]
        number = city.branches.index(branch)
        self._number = number
        self._own, self._has_committee = number == 0, number % 2 == 0
        # Of its own, so that what others do does not hang on it.
        self._random = Random(number)  # noqa: S311  # made-up data, not a secret

    def begin(self) -> None:
        today = clock.today()
        for days in range(350, 0, -30):
            self._plan(working_day(today - timedelta(days=days)), MeetingKind.THEME_DAY, "主题党日")
        for day in self._member_meetings():
            self._plan(day, MeetingKind.MEMBERS_ASSEMBLY, "支部党员大会")
        for day in self._lectures():
            self._plan(day, MeetingKind.PARTY_LECTURE, "党课")
        self._yearly()
        if self._has_committee:
            self._found_committee()
        if self._own:
            self._publish()
        if self._number in WITH_GROUPS:
            self._found_groups()
        coming = working_day(today + timedelta(days=6))
        self._plan(coming, MeetingKind.PARTY_LECTURE, "线上党课", online=ONLINE)

    def _member_meetings(self) -> Iterator[date]:
        """Yield the days of those that are held: one in most quarters of the past year."""
        random, today = self._city.random, clock.today()
        quarters = [
            period_of(PeriodLength.QUARTER, today - timedelta(days=back))
            for back in (364, 273, 182, 91, 0)
        ]
        for first, last in dict.fromkeys((quarter.first, quarter.last) for quarter in quarters):
            running = last >= today
            held = random.random() > (0.5 if running else 0.08)
            earliest = max(first + timedelta(days=10), today - timedelta(days=360))
            latest = min(last - timedelta(days=5), today - timedelta(days=2))
            if earliest <= latest and (not running if self._own else held):
                spare = random.randint(0, (latest - earliest).days)
                yield max(first, working_day(earliest + timedelta(days=spare)))

    def _lectures(self) -> Iterator[date]:
        """Yield the middle of each quarter that has ended; one branch in eight forgets one."""
        today = clock.today()
        for back in (360, 270, 180, 90):
            quarter = period_of(PeriodLength.QUARTER, today - timedelta(days=back))
            day = working_day(quarter.first + timedelta(days=45))
            held = self._own or self._random.random() > 0.03
            if held and quarter.last < today and day > today - timedelta(days=355):
                yield day

    def _yearly(self) -> None:
        """The organisational life meeting and the appraisal of the past winter."""
        today = clock.today()
        for kind, title, month, day in (
            (MeetingKind.ORGANIZATIONAL_LIFE_MEETING, "组织生活会", 1, 15),
            (MeetingKind.MEMBER_APPRAISAL, "民主评议党员", 1, 22),
        ):
            on = working_day(date(today.year, month, day))
            if on < today - timedelta(days=1) and (self._own or self._random.random() > 0.1):
                self._plan(on, kind, title)

    def _publish(self) -> None:
        """Let there be two things to read."""
        for days, (title, body) in zip((40, 9), MATERIALS, strict=True):

            def publish(title: str = title, body: str = body) -> None:
                learning.publish(
                    self._city.session,
                    actor=self._secretary,
                    said=learning.Material(organization_id=self._branch.id, title=title, body=body),
                )

            self._agenda.at(at_hour(working_day(clock.today() - timedelta(days=days)), 16), publish)

    def _found_committee(self) -> None:
        """Found a committee of three a year ago, and let it meet early in every month since."""
        others = [id_ for id_ in self._crew if id_ != self._secretary.member_id]
        full = list(self._city.session.scalars(full_members(others)))[-2:]
        deputy, organiser = full
        seats = {
            deputy: PositionKind.DEPUTY_SECRETARY,
            organiser: PositionKind.COMMITTEE_MEMBER,
        }

        def found() -> None:
            session, rules = self._city.session, self._city.rules
            branch_id, secretary = self._branch.id, self._secretary
            arrange(session, rules, actor=secretary, organization_id=branch_id, seats=seats)

        self._agenda.at(at_hour(founding_day(), 9), found)
        crew = [*full, self._secretary.member_id or 0]
        for day in self._monthly(4, 8):
            self._plan(day, MeetingKind.COMMITTEE_MEETING, "支部委员会会议", crew=crew)

    def _found_groups(self) -> None:
        half = len(self._crew) // 2
        self._found_group("第一党小组", self._crew[:half])
        self._found_group("第二党小组", self._crew[half:])

    def _found_group(self, name: str, crew: Sequence[int]) -> None:
        """Found a group a year ago, led by the last of its crew, and let it meet each month."""
        made: list[int] = []

        def found() -> None:
            session, rules, secretary = self._city.session, self._city.rules, self._secretary
            where = self._branch.id
            group = groups.found(session, rules, actor=secretary, organization_id=where, name=name)
            made.append(group.row.id)
            groups.arrange(
                session,
                rules,
                actor=secretary,
                group_id=made[0],
                said=groups.Arrangement(name=name, leader_id=crew[-1], member_ids=crew),
            )

        self._agenda.at(at_hour(founding_day(), 10), found)
        for day in self._monthly(11, 14):
            self._plan(day, MeetingKind.GROUP_MEETING, "党小组会", crew=crew, group=made)

    def _monthly(self, earliest: int, latest: int) -> Iterator[date]:
        """Yield a day of each full month since bodies were founded; few are forgotten."""
        today = clock.today()
        for back in range(11, -1, -1):
            first = months_before(today, back)
            day = working_day(first + timedelta(days=self._random.randint(earliest, latest)))
            held = self._own or self._random.random() > 0.04
            if first > founding_day() and day < today and held:
                yield day

    def _plan(
        self,
        day: date,
        kind: MeetingKind,
        title: str,
        online: OnlinePlace | None = None,
        crew: Sequence[int] = (),
        group: Sequence[int] = (),
    ) -> None:
        begin = at_hour(day, 15)
        end = begin + timedelta(hours=2)

        plan = Plan(
            organization_id=self._branch.id,
            kind=kind,
            title=title,
            mode=MeetingMode.ONLINE if online else MeetingMode.IN_PERSON,
            starts_at=begin,
            ends_at=end,
            place=None if online else f"{self._branch.name}党员活动室",
            agenda=AGENDA,
            online=online,
        )

        def convene() -> None:
            meeting = meetings.convene(
                self._city.session,
                actor=self._secretary,
                plan=replace(plan, group_id=group[0]) if group else plan,
            )
            due = crew or self._crew
            self._agenda.at(end + timedelta(minutes=5), lambda: self._close(meeting, due))

        self._agenda.at(begin - timedelta(days=7), convene)

    def _close(self, meeting: Meeting, crew: Sequence[int]) -> None:
        session, secretary = self._city.session, self._secretary
        pick = self._city.random.choices
        marks = pick(list(AttendanceStatus), weights=(90, 7, 3), k=len(crew))
        marks[-1] = AttendanceStatus.PRESENT  # of a committee of three, chance may leave nobody
        entries = dict(zip(crew, map(Mark, marks), strict=True))
        if secretary.member_id in entries:  # who writes the list was there
            entries[secretary.member_id] = Mark(AttendanceStatus.PRESENT)
        here: dict[str, Any] = {"actor": secretary, "meeting_id": meeting.id}
        attendance.write_list(session, entries=entries, **here)
        appraised = None
        if meeting.kind is MeetingKind.MEMBER_APPRAISAL:
            appraised = sum(one.status is AttendanceStatus.PRESENT for one in entries.values())
        meetings.close(session, self._city.rules, appraised_count=appraised, **here)
