"""Reminders to whoever claimed a project: before it begins, and before it ends undelivered."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.core import clock
from backend.notifications import reminders
from backend.notifications.models import Reminder, ReminderKind
from backend.notifications.reminders import Handler
from backend.projects import news
from backend.projects.models import ClaimStatus, ProjectClaim

# Days of the project are whole; the reminder comes at nine: on the day before it begins, and on the
# third day before the last one.
DAY_BEFORE, THREE_DAYS_BEFORE = timedelta(hours=15), timedelta(days=3, hours=15)
KINDS = (ReminderKind.PROJECT_STARTS, ReminderKind.DELIVERY_DUE)


def plan(session: Session, claim: ProjectClaim) -> None:
    """Plan both for a claim that was accepted."""
    subject, project = claim.as_subject, claim.project
    begins, over = _midnight(project.starts_on), _midnight(project.ends_on + timedelta(days=1))
    reminders.plan(session, ReminderKind.PROJECT_STARTS, subject, event_at=begins, lead=DAY_BEFORE)
    reminders.plan(
        session, ReminderKind.DELIVERY_DUE, subject, event_at=over, lead=THREE_DAYS_BEFORE
    )


def drop(session: Session, claim: ProjectClaim, *kinds: ReminderKind) -> None:
    for kind in kinds or KINDS:
        reminders.drop(session, kind, claim.as_subject)


def before_start(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row)
    if claim is None or claim.status is not ClaimStatus.ACCEPTED:
        return False
    news.remind_of_start(session, claim, expires_at=row.event_at)
    return True


def before_delivery(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row)
    if claim is None or claim.status not in (ClaimStatus.ACCEPTED, ClaimStatus.IN_PROGRESS):
        return False
    news.remind_of_delivery(session, claim, expires_at=row.event_at)
    return True


def _claim(session: Session, row: Reminder) -> ProjectClaim | None:
    return session.get(ProjectClaim, reminders.subject_id(row))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.SHANGHAI)


HANDLERS: dict[ReminderKind, Handler] = {
    ReminderKind.PROJECT_STARTS: before_start,
    ReminderKind.DELIVERY_DUE: before_delivery,
}
