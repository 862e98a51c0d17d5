"""Whatever a member's year looks like, each gap and step is told once, and only with its cause."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.branch_life.absences import alerts
from backend.branch_life.absences.models import AbsenceAlert
from backend.branch_life.meetings.models import AttendanceRecord, AttendanceStatus, MeetingStatus
from backend.core import clock
from backend.support.notifications.models import Notification
from tests.factories import Make
from tests.random_cases import cases

FIRST = date(2026, 1, 1)
MARK = st.sampled_from(AttendanceStatus)
YEAR = st.dictionaries(st.integers(0, 330), MARK, min_size=1, max_size=8)
TERM = st.none() | st.tuples(st.integers(0, 300), st.integers(1, 150))


def at(days: int) -> datetime:
    day = FIRST + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 9, tzinfo=clock.SHANGHAI)


def expected(year: dict[int, AttendanceStatus], term: tuple[int, int] | None, today: int) -> int:
    """Return the step a branch should have before it on that day, by going through the days."""
    free = range(term[0], sum(term) + 1) if term else range(0)
    if today in free:
        return 0
    held = sorted(day for day in year if day <= today)
    came = [day for day in held if year[day] is not AttendanceStatus.ABSENT]
    since = came[-1] if came else min(held, default=today)
    ended = bool(term) and free[-1] < today
    if ended:
        since = max(since, free[-1])
    missed = [d for d in held if year[d] is AttendanceStatus.ABSENT and d > since]
    never = not came and not ended and held
    if not missed and not never:
        return 0
    begin = FIRST + timedelta(days=since)
    now = FIRST + timedelta(days=today)
    return next((step for step in (5, 3) if alerts.months_after(begin, step) <= now), 0)


@cases(3)
@given(year=YEAR, term=TERM)
def test_each_gap_is_told_once_and_only_with_its_cause(
    session: Session, make: Make, year: dict[int, AttendanceStatus], term: tuple[int, int] | None
) -> None:
    savepoint = session.begin_nested()
    try:
        live(session, Make(session, make.keys), year, term)
    finally:
        savepoint.rollback()
        session.expire_all()


def live(
    session: Session, make: Make, year: dict[int, AttendanceStatus], term: tuple[int, int] | None
) -> None:
    """Let the year pass, with the job running every other week."""
    branch = make.branch()
    make.branch_secretary(branch)
    member = make.member(branch)
    if term:
        first = FIRST + timedelta(days=term[0])
        make.exemption(member, starts_on=first, ends_on=first + timedelta(days=term[1]))
    held: set[int] = set()
    for today in range(0, 400, 19):
        for day in [day for day in year if day <= today and day not in held]:
            held.add(day)
            meeting = make.meeting(
                branch,
                starts_at=at(day),
                ends_at=at(day) + timedelta(hours=1),
                status=MeetingStatus.CLOSED,
                closing_hash="0" * 64,
            )
            values = {"meeting_id": meeting.id, "member_id": member.id}
            session.add(AttendanceRecord(**values, status=year[day]))
        session.flush()
        with clock.at(at(today)):
            found = [gap.months for gap in alerts.gaps(session, organization_id=branch.id)]
            alerts.tell(session)
            assert alerts.tell(session) == 0
        step = expected(year, term, today)
        assert found == ([step] if step else [])
    told = session.scalars(sa.select(AbsenceAlert)).all()
    assert len({(row.since, row.months) for row in told}) == len(told)
    kind = "absences.alert"
    news = session.scalars(sa.select(Notification).where(Notification.kind == kind)).all()
    assert {one.business_id for one in news} == {
        f"{row.member_id}:{row.since}:{row.months}" for row in told
    }
