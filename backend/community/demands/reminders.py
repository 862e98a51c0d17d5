"""The reminder before a published demand expires, for who brought it and for the secretaries."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.community.demands import kinds, news
from backend.community.demands.models import Demand, DemandStatus
from backend.core import clock
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler

KIND = kinds.EXPIRY
# At nine, on the seventh day before the last one.
LEAD = timedelta(days=7, hours=15)


def plan(session: Session, demand: Demand) -> None:
    """Plan one for a demand that stands on the list."""
    if demand.expires_on is not None:
        over = datetime.combine(demand.expires_on + timedelta(days=1), time(0), clock.SHANGHAI)
        reminders.plan(session, KIND, demand.as_subject, event_at=over, lead=LEAD)


def drop(session: Session, demand: Demand) -> None:
    reminders.drop(session, KIND, demand.as_subject)


def before_expiry(session: Session, row: Reminder) -> bool:
    """Remind unless somebody has taken it up meanwhile."""
    demand = session.get(Demand, reminders.subject_id(row))
    if demand is None or demand.status is not DemandStatus.PUBLISHED:
        return False
    news.remind_of_expiry(session, demand)
    return True


HANDLERS: dict[ReminderKind, Handler] = {KIND: before_expiry}
