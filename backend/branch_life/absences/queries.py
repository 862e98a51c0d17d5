"""Questions about who has been at what."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from backend.branch_life.absences.models import AbsenceAlert
from backend.branch_life.meetings.exemptions import queries as exemptions
from backend.branch_life.meetings.exemptions.models import AttendanceExemption
from backend.branch_life.meetings.models import (
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
    MeetingStatus,
)
from backend.people.members import held
from backend.people.members.models import Member


def absent(today: date, organization_id: int | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Select (Member, attended, missed, excused_until, first_meeting, joined) of those who missed
    the last meetings of their branch: days, each None where there is none.

    Whoever is exempt today is left out. Only closed meetings count: their lists are frozen.
    """
    records = _records().subquery()
    freed = _freed(today).subquery()
    meetings = _first_meetings().subquery()
    c = records.c
    found = (
        sa.select(
            Member, c.attended, c.missed, freed.c.until, meetings.c.first, _joined().label("joined")
        )
        .join(records, sa.and_(c.member_id == Member.id, c.branch_id == Member.branch_id))
        .join(meetings, meetings.c.branch_id == Member.branch_id)
        .outerjoin(freed, freed.c.member_id == Member.id)
        .where(Member.active, Member.id.not_in(exemptions.exempt_on(today)), c.missed.is_not(None))
        .where(sa.or_(c.attended.is_(None), c.missed > c.attended))
        .order_by(Member.id)
    )
    return found if organization_id is None else found.where(Member.branch_id == organization_id)


def _day() -> sa.ColumnElement[date]:
    return sa.cast(sa.func.timezone("Asia/Shanghai", Meeting.starts_at), sa.Date)


def _joined() -> sa.ColumnElement[date]:
    came = held.joined_at(Member.id)
    return sa.cast(sa.func.timezone("Asia/Shanghai", came), sa.Date)


_IN_TIME = (AttendanceStatus.PRESENT, AttendanceStatus.EXCUSED)


def _records() -> sa.Select[*tuple[Any, ...]]:
    last, mark = sa.func.max(_day()), AttendanceRecord.status
    return (
        sa.select(
            AttendanceRecord.member_id,
            Meeting.organization_id.label("branch_id"),
            last.filter(mark.in_(_IN_TIME)).label("attended"),
            last.filter(mark == AttendanceStatus.ABSENT).label("missed"),
        )
        .join(Meeting, Meeting.id == AttendanceRecord.meeting_id)
        .where(Meeting.status == MeetingStatus.CLOSED)
        .group_by(AttendanceRecord.member_id, Meeting.organization_id)
    )


def _first_meetings() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Meeting.organization_id.label("branch_id"), sa.func.min(_day()).label("first"))
        .where(Meeting.status == MeetingStatus.CLOSED)
        .group_by(Meeting.organization_id)
    )


def _freed(today: date) -> sa.Select[*tuple[Any, ...]]:
    """Select until when members were exempt last, of what is over."""
    return (
        sa.select(AttendanceExemption.member_id, sa.func.max(exemptions.last_day()).label("until"))
        .where(exemptions.holds_at_all(), exemptions.last_day() < today)
        .group_by(AttendanceExemption.member_id)
    )


def told(member_id: int, since: date, months: int) -> sa.Select[int]:
    """Select the alert in which a branch was told of this gap at this step or a later one."""
    return sa.select(AbsenceAlert.id).where(
        AbsenceAlert.member_id == member_id,
        AbsenceAlert.since == since,
        AbsenceAlert.months >= months,
    )
