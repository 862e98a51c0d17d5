"""Reminders of a claim: of an answer, another try, the start and the delivery."""

from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.community.projects import kinds
from backend.community.projects import reminder_news as news
from backend.community.projects.models import ClaimStatus, ProjectClaim
from backend.core import clock
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler

# Days of the project are whole; the reminder comes at nine: on the day before it begins, and on the
# third day before a last one.
DAY_BEFORE, THREE_DAYS_BEFORE = timedelta(hours=15), timedelta(days=3, hours=15)
KINDS = (
    kinds.ANSWER_DUE,
    kinds.RETRY_DUE,
    kinds.STARTS,
    kinds.START_DUE,
    kinds.DELIVERY_DUE,
)


def plan_answer(session: Session, claim: ProjectClaim, due: date) -> None:
    reminders.plan_last_day(session, kinds.ANSWER_DUE, claim.as_subject, due)


def plan_retry(session: Session, claim: ProjectClaim, until: date) -> None:
    reminders.plan_last_day(session, kinds.RETRY_DUE, claim.as_subject, until)


def plan_work(session: Session, claim: ProjectClaim) -> None:
    """Plan those of a claim that was accepted: begin, start in time, deliver."""
    project = claim.project
    _plan(session, claim, kinds.STARTS, project.starts_on, DAY_BEFORE)
    if claim.start_due_on is not None:
        after = claim.start_due_on + timedelta(days=1)
        _plan(session, claim, kinds.START_DUE, after, THREE_DAYS_BEFORE)
    plan_delivery(session, claim)


def plan_delivery(session: Session, claim: ProjectClaim) -> None:
    after = claim.project.ends_on + timedelta(days=1)
    _plan(session, claim, kinds.DELIVERY_DUE, after, THREE_DAYS_BEFORE)


def _plan(
    session: Session, claim: ProjectClaim, kind: ReminderKind, day: date, lead: timedelta
) -> None:
    midnight = datetime.combine(day, time(0), clock.SHANGHAI)
    reminders.plan(session, kind, claim.as_subject, event_at=midnight, lead=lead)


def drop(session: Session, claim: ProjectClaim, *which: ReminderKind) -> None:
    for kind in which or KINDS:
        reminders.drop(session, kind, claim.as_subject)


def of_answer(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row, ClaimStatus.SUBMITTED)
    if claim is not None:
        news.of_answer(session, claim, expires_at=row.event_at)
    return claim is not None


def of_retry(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row, ClaimStatus.LAPSED)
    if claim is not None:
        news.of_retry(session, claim, expires_at=row.event_at)
    return claim is not None


def before_start(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row, ClaimStatus.ACCEPTED)
    if claim is not None:
        news.of_begin(session, claim, expires_at=row.event_at)
    return claim is not None


def before_release(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row, ClaimStatus.ACCEPTED)
    if claim is not None:
        news.of_start(session, claim, expires_at=row.event_at)
    return claim is not None


def before_delivery(session: Session, row: Reminder) -> bool:
    claim = _claim(session, row, ClaimStatus.ACCEPTED, ClaimStatus.IN_PROGRESS)
    if claim is not None:
        news.of_delivery(session, claim, expires_at=row.event_at)
    return claim is not None


def _claim(session: Session, row: Reminder, *expected: ClaimStatus) -> ProjectClaim | None:
    """Return the claim if it still is where the reminder expects it."""
    claim = session.get(ProjectClaim, reminders.subject_id(row))
    return claim if claim is not None and claim.status in expected else None


HANDLERS: dict[ReminderKind, Handler] = {
    kinds.ANSWER_DUE: of_answer,
    kinds.RETRY_DUE: of_retry,
    kinds.STARTS: before_start,
    kinds.START_DUE: before_release,
    kinds.DELIVERY_DUE: before_delivery,
}
