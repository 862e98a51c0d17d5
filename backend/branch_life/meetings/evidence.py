"""What meetings owe the ledger, and how each is explained to its branch."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import queries
from backend.branch_life.meetings.models import Meeting, MeetingKind, MeetingStatus
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting, kind_for
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

KINDS = frozenset(str(kind) for kind in MeetingKind)


def entry_of(meeting: Meeting) -> Entry:
    """Return what a closed meeting posts: its kind, of a Party group's meeting by the group."""
    kind = str(meeting.kind)
    if meeting.kind is MeetingKind.GROUP_MEETING and meeting.group_id is not None:
        kind = kind_for(kind, meeting.group_id)
    day = clock.local_date(meeting.starts_at)
    closed_at = meeting.closed_at or clock.now()
    return Entry(
        kind=kind,
        subject=Subject(SubjectKind.ORGANIZATION, meeting.organization_id),
        source=source_of(meeting),
        occurred_on=day,
        recorded_on=clock.local_date(closed_at),
        occasion=f"meeting:{kind}:{day}",
        amount=1,
    )


def source_of(meeting: Meeting) -> Source:
    return Source(Meeting.__tablename__, meeting.id)


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each closed meeting."""
    closed = sa.select(Meeting).where(Meeting.status == MeetingStatus.CLOSED)
    for row in session.scalars(closed.execution_options(yield_per=1000)):
        yield entry_of(row)


def facts(_session: Session) -> Iterator[Fact]:
    """Yield nothing: a meeting is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the branch's meetings of `year` (Shanghai's), of every kind that counts."""
    first = datetime(year, 1, 1, tzinfo=clock.SHANGHAI)
    end = datetime(year + 1, 1, 1, tzinfo=clock.SHANGHAI)
    rows = session.scalars(
        queries.of_branch(subject.id)
        .where(Meeting.starts_at >= first, Meeting.starts_at < end)
        .order_by(Meeting.starts_at)
    ).all()
    return [_explain(row) for row in rows]


def _explain(row: Meeting) -> Explained:
    day = clock.local_date(row.starts_at)
    title = withheld.text_for_all(row.withheld, "plan", row.title) + _appraised(row)
    return Explained(source_of(row), day, title, _why_not(row), str(row.kind))


def _appraised(row: Meeting) -> str:
    """Say of a closed appraisal how many took part in it, which decides nothing."""
    if row.kind is not MeetingKind.MEMBER_APPRAISAL or row.status is not MeetingStatus.CLOSED:
        return ""
    if row.appraised_count is None:
        return "（参评人数未记录）"
    return f"（参评{row.appraised_count}人，应参评{row.due_count}人）"


def _why_not(row: Meeting) -> str | None:
    return {
        MeetingStatus.CONVENED: "尚未闭会。",
        MeetingStatus.CANCELLED: "会议已取消。",
    }.get(row.status)
