"""The organisational life of one branch in the made-up year."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from backend.core import clock
from backend.demo.agenda import Agenda, at_hour, working_day
from backend.demo.cast import City
from backend.duties.periods import PeriodLength, period_of
from backend.meetings import service as meetings
from backend.meetings.models import AttendanceStatus, MeetingKind, MeetingMode
from backend.meetings.service import OnlinePlace
from backend.members.models import Member
from backend.organizations.models import Organization

AGENDA = ("学习文件", "讨论支部工作", "通报党费收缴情况")
ONLINE = OnlinePlace("腾讯会议", "https://meeting.tencent.com/dm/demo")


class BranchLife:
    """A theme day a month and a member meeting a quarter, one of which may be forgotten.

    The demo people's own branch has forgotten none, and not yet held that of this quarter.
    """

    def __init__(
        self, city: City, agenda: Agenda, branch: Organization, crew: Sequence[Member]
    ) -> None:
        self._city, self._agenda, self._branch = city, agenda, branch
        self._crew = [member.id for member in crew]
        self._secretary = city.branch_secretaries[branch.id]

    def begin(self) -> None:
        today = clock.today()
        for days in range(350, 0, -30):
            self._plan(working_day(today - timedelta(days=days)), MeetingKind.THEME_DAY, "主题党日")
        for day in self._member_meetings():
            self._plan(day, MeetingKind.MEMBERS_ASSEMBLY, "支部党员大会")
        coming = working_day(today + timedelta(days=6))
        self._plan(coming, MeetingKind.PARTY_LECTURE, "线上党课", online=ONLINE)

    def _member_meetings(self) -> Iterator[date]:
        """Yield the days of those that are held: one in most quarters of the past year."""
        random, today = self._city.random, clock.today()
        own = self._branch is self._city.branches[0]
        quarters = [
            period_of(PeriodLength.QUARTER, today - timedelta(days=back))
            for back in (364, 273, 182, 91, 0)
        ]
        for first, last in dict.fromkeys((quarter.first, quarter.last) for quarter in quarters):
            running = last >= today
            held = random.random() > (0.5 if running else 0.08)
            earliest = max(first + timedelta(days=10), today - timedelta(days=360))
            latest = min(last - timedelta(days=5), today - timedelta(days=2))
            if earliest <= latest and (not running if own else held):
                spare = random.randint(0, (latest - earliest).days)
                yield max(first, working_day(earliest + timedelta(days=spare)))

    def _plan(
        self, day: date, kind: MeetingKind, title: str, online: OnlinePlace | None = None
    ) -> None:
        begin = at_hour(day, 15)
        end = begin + timedelta(hours=2)

        def convene() -> None:
            meeting = meetings.convene(
                self._city.session,
                actor=self._secretary,
                organization_id=self._branch.id,
                kind=kind,
                title=title,
                mode=MeetingMode.ONLINE if online else MeetingMode.IN_PERSON,
                starts_at=begin,
                ends_at=end,
                agenda=AGENDA,
                online=online,
            )
            self._agenda.at(end + timedelta(minutes=5), lambda: self._close(meeting.id))

        self._agenda.at(begin - timedelta(days=7), convene)

    def _close(self, meeting_id: int) -> None:
        session, secretary = self._city.session, self._secretary
        pick = self._city.random.choices
        marks = pick(list(AttendanceStatus), weights=(90, 7, 3), k=len(self._crew))
        entries = dict(zip(self._crew, marks, strict=True))
        meetings.write_list(session, actor=secretary, meeting_id=meeting_id, entries=entries)
        meetings.close(session, self._city.rules, actor=secretary, meeting_id=meeting_id)
