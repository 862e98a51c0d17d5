"""The reminder on the last day on which a community answers a registration in time."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.core import clock
from backend.members import queries as members
from backend.notifications import reminders
from backend.notifications.models import Reminder, ReminderKind
from backend.notifications.reminders import Handler
from backend.registrations import news
from backend.registrations.models import CommunityRegistration, RegistrationStatus

# At nine on the last day, which ends at midnight.
LEAD = timedelta(hours=15)


def plan(session: Session, registration: CommunityRegistration) -> None:
    over = registration.answer_due_on + timedelta(days=1)
    reminders.plan(
        session,
        ReminderKind.REGISTRATION_ANSWER_DUE,
        registration.as_subject,
        event_at=datetime.combine(over, time(0), clock.SHANGHAI),
        lead=LEAD,
    )


def drop(session: Session, registration: CommunityRegistration) -> None:
    reminders.drop(session, ReminderKind.REGISTRATION_ANSWER_DUE, registration.as_subject)


def before_answer_is_due(session: Session, row: Reminder) -> bool:
    """Remind those who decide, once a day and community however many registrations wait."""
    registration = session.get(CommunityRegistration, reminders.subject_id(row))
    if registration is None or registration.status is not RegistrationStatus.SUBMITTED:
        return False
    deciders = members.deciders(registration.community, registration.member_id)
    news.remind(session, registration, deciders, expires_at=row.event_at)
    return True


HANDLERS: dict[ReminderKind, Handler] = {ReminderKind.REGISTRATION_ANSWER_DUE: before_answer_is_due}
