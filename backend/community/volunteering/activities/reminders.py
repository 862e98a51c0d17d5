"""The reminder before a shift: once, the day before, to those who hold a place."""

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.community.volunteering import kinds
from backend.community.volunteering.activities import news, queries
from backend.community.volunteering.activities.models import (
    BEFORE_END,
    Activity,
    ActivityShift,
    ActivitySignUp,
    SignUpStatus,
)
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler

LEAD = timedelta(hours=24)
KIND = kinds.ACTIVITY_STARTS


def plan(session: Session, activity: Activity) -> None:
    """Plan one for each shift, anew where it moved."""
    for shift in activity.shifts:
        reminders.plan(session, KIND, shift.as_subject, event_at=shift.starts_at, lead=LEAD)


def drop(session: Session, activity: Activity) -> None:
    for shift in activity.shifts:
        reminders.drop(session, KIND, shift.as_subject)


def before_shift(session: Session, row: Reminder) -> bool:
    """Remind whoever holds a place; those who wait or withdrew are not expected."""
    shift = session.get(ActivityShift, reminders.subject_id(row))
    if shift is None or shift.activity.status not in BEFORE_END:
        return False
    expected = queries.members_signed_up(
        ActivitySignUp.shift_id == shift.id, ActivitySignUp.status == SignUpStatus.SIGNED_UP
    )
    news.remind(session, shift.activity, shift, expected)
    return True


HANDLERS: dict[ReminderKind, Handler] = {KIND: before_shift}
