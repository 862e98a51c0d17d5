"""The reminder on the last day on which a community confirms a service in time."""

from sqlalchemy.orm import Session

from backend.community.volunteering import kinds, news
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler


def plan(session: Session, record: ServiceRecord) -> None:
    kind, day = kinds.CONFIRMATION_DUE, record.confirm_due_on
    reminders.plan_last_day(session, kind, record.as_subject, day)


def drop(session: Session, record: ServiceRecord) -> None:
    reminders.drop(session, kinds.CONFIRMATION_DUE, record.as_subject)


def before_confirmation_is_due(session: Session, row: Reminder) -> bool:
    """Remind those who decide, once a day and community however many records wait."""
    record = session.get(ServiceRecord, reminders.subject_id(row))
    if record is None or record.status is not ServiceRecordStatus.SUBMITTED:
        return False
    news.remind(session, record, expires_at=row.event_at)
    return True


HANDLERS: dict[ReminderKind, Handler] = {kinds.CONFIRMATION_DUE: before_confirmation_is_due}
