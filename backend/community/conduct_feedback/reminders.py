"""The reminder on the last day on which a member is waited for."""

from sqlalchemy.orm import Session

from backend.community.conduct_feedback import kinds, news
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler


def plan(session: Session, note: ConductFeedback) -> None:
    """Call when the note has its id."""
    kind = kinds.REPLY_DUE
    reminders.plan_last_day(session, kind, note.as_subject, note.reply_due_on)


def drop(session: Session, note: ConductFeedback) -> None:
    reminders.drop(session, kinds.REPLY_DUE, note.as_subject)


def before_reply_is_due(session: Session, row: Reminder) -> bool:
    """Remind the member, unless the note was answered meanwhile."""
    note = session.get(ConductFeedback, reminders.subject_id(row))
    if note is None or note.status is not FeedbackStatus.AWAITING_REPLY:
        return False
    news.remind_member(session, note, expires_at=row.event_at)
    return True


HANDLERS: dict[ReminderKind, Handler] = {kinds.REPLY_DUE: before_reply_is_due}
