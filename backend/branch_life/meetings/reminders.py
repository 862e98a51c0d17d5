"""The reminder before a meeting: once, the day before, to those who are expected."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import kinds, news, participants
from backend.branch_life.meetings.models import (
    AttendanceRecord,
    AttendanceStatus,
    Meeting,
    MeetingStatus,
)
from backend.people.members.models import Member
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler

LEAD = timedelta(hours=24)


def plan(session: Session, meeting: Meeting) -> None:
    reminders.plan(
        session,
        kinds.STARTS,
        meeting.as_subject,
        event_at=meeting.starts_at,
        lead=LEAD,
    )


def drop(session: Session, meeting: Meeting) -> None:
    reminders.drop(session, kinds.STARTS, meeting.as_subject)


def before_meeting(session: Session, row: Reminder) -> bool:
    """Remind the branch's members, except those who are excused or known to be absent."""
    meeting = session.get(Meeting, reminders.subject_id(row))
    if meeting is None or meeting.status is not MeetingStatus.CONVENED:
        return False
    news.remind(session, meeting, _expected(meeting))
    return True


def _expected(meeting: Meeting) -> sa.Select[int]:
    away = sa.exists().where(
        AttendanceRecord.meeting_id == meeting.id,
        AttendanceRecord.member_id == Member.id,
        AttendanceRecord.status != AttendanceStatus.PRESENT,
    )
    return participants.due_ids(meeting).where(~away)


HANDLERS: dict[ReminderKind, Handler] = {kinds.STARTS: before_meeting}
