"""Reminders about an answer: on its last day to who decides, after it once to the street."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.community.registrations import kinds, news
from backend.community.registrations.models import CommunityRegistration, RegistrationStatus
from backend.core import clock
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler

# At nine on the day after; a worker that was away may still tell within so many days.
STILL_NEWS = timedelta(days=30)
KINDS = (kinds.ANSWER_DUE, kinds.ANSWER_OVERDUE)


def plan(session: Session, registration: CommunityRegistration) -> None:
    due, after = KINDS
    subject, last = registration.as_subject, registration.answer_due_on
    reminders.plan_last_day(session, due, subject, last)
    overdue = datetime.combine(last + timedelta(days=1), time(9), clock.SHANGHAI)
    reminders.plan(session, after, subject, event_at=overdue + STILL_NEWS, lead=STILL_NEWS)


def drop(session: Session, registration: CommunityRegistration) -> None:
    for kind in KINDS:
        reminders.drop(session, kind, registration.as_subject)


def before_answer_is_due(session: Session, row: Reminder) -> bool:
    """Remind those who decide, once a day and community however many registrations wait."""
    registration = _waiting(session, row)
    if registration is None:
        return False
    news.remind(session, registration, expires_at=row.event_at)
    return True


def after_answer_was_due(session: Session, row: Reminder) -> bool:
    """Tell the street once that a community has let its term pass; nothing is decided by that."""
    registration = _waiting(session, row)
    if registration is None or registration.community is None:
        return False
    news.tell_street(session, registration, registration.community)
    return True


def _waiting(session: Session, row: Reminder) -> CommunityRegistration | None:
    registration = session.get(CommunityRegistration, reminders.subject_id(row))
    waits = registration is not None and registration.status is RegistrationStatus.SUBMITTED
    return registration if waits else None


HANDLERS: dict[ReminderKind, Handler] = {
    kinds.ANSWER_DUE: before_answer_is_due,
    kinds.ANSWER_OVERDUE: after_answer_was_due,
}
