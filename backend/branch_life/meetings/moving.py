"""What goes with the old time of a meeting that was moved. Callers hold the meeting's lock."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings.attendance import OPENS_BEFORE
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.models import AttendanceRecord, AttendanceStatus, Meeting
from backend.branch_life.meetings.voting import queries as voting
from backend.core import clock
from backend.core.errors import Conflict


@dataclass(frozen=True)
class Span:
    """When a meeting takes place."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def is_of_the_day_of(self, other: "Span") -> bool:
        return clock.local_date(self.starts_at) == clock.local_date(other.starts_at)

    def lets_go_of(self, old: "Span") -> bool:
        """Return whether anything said or marked about the old time may go."""
        begun = self.starts_at <= clock.now()
        corrects = begun and self.overlaps(old) and self.is_of_the_day_of(old)
        return self != old and not corrects


def forget(session: Session, meeting: Meeting, old: Span) -> bool:
    """Let what was said and marked about the old time go; return whether leave lapsed.

    At hours apart from the old ones it is another meeting. What is put off while people arrive
    keeps those who could have joined as it stands now. One that has begun is written down as it
    was held: nothing goes. Raises Conflict where a vote would lose those who cast it.
    """
    new = Span(meeting.starts_at, meeting.ends_at)
    if not new.lets_go_of(old):
        return False
    refuse_once_voted(session, meeting, old, new)
    apart = not new.overlaps(old)
    session.execute(sa.delete(AttendanceRecord).where(_stale(meeting, old, apart=apart)))
    return leave.lapse_with_the_time(session, meeting) if apart else False


def refuse_once_voted(session: Session, meeting: Meeting, old: Span, new: Span) -> None:
    """Raise Conflict where letting go of the old time would lose those who cast a vote."""
    if new.lets_go_of(old) and session.scalars(voting.standing(meeting.id)).first() is not None:
        raise Conflict("vote_recorded", "本次会议已登记表决，不能改到别的时间；请先撤销表决。")


def _stale(meeting: Meeting, old: Span, *, apart: bool) -> sa.ColumnElement[bool]:
    row = AttendanceRecord
    of_it = row.meeting_id == meeting.id
    if not Span(meeting.starts_at, meeting.ends_at).is_of_the_day_of(old):
        return of_it
    too_early = row.updated_at < meeting.starts_at - OPENS_BEFORE
    if apart:
        return sa.and_(of_it, too_early)
    here = row.status == AttendanceStatus.PRESENT
    away = row.status == AttendanceStatus.ABSENT
    return sa.and_(of_it, sa.or_(away, sa.and_(here, too_early)))
