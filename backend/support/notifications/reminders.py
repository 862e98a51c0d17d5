"""Remind people before something happens, never at night. Callers own the transaction.

A capability plans a reminder when the thing comes to be, plans it anew when it moves and drops it
when it is called off; who is reminded it says when the time has come.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder, ReminderStatus
from backend.support.notifications.states import REMINDER

QUIET_FROM, QUIET_TO = time(22), time(7)
LAST_DAY_FROM_NINE = timedelta(hours=15)

# Tells those concerned; False when there is no reason to any more.
Handler = Callable[[Session, Reminder], bool]

PLANNED = sa.text("status = 'planned'")


def plan(
    session: Session, kind: ReminderKind, subject: str, *, event_at: datetime, lead: timedelta
) -> None:
    """Have people reminded of `subject` (`table:id`) `lead` before `event_at`, outside the night.

    What is nearer than that needs no reminder: whoever heard of it has only just done so.
    """
    due_at = waking(event_at - lead, before=event_at)
    if due_at <= clock.now():
        drop(session, kind, subject)
        return
    times = {"due_at": due_at, "event_at": event_at}
    session.execute(
        insert(Reminder)
        .values(kind=kind.name, subject=subject, status=ReminderStatus.PLANNED, **times)
        .on_conflict_do_update(index_elements=["kind", "subject"], index_where=PLANNED, set_=times)
    )


def plan_last_day(session: Session, kind: ReminderKind, subject: str, day: date) -> None:
    """Have people reminded in the morning of the last day on which something is in time."""
    over = datetime.combine(day + timedelta(days=1), time(0), clock.SHANGHAI)
    plan(session, kind, subject, event_at=over, lead=LAST_DAY_FROM_NINE)


def drop(session: Session, kind: ReminderKind, subject: str) -> None:
    """Have nobody reminded of what was called off or done. Nothing planned is no error."""
    planned = sa.update(Reminder).where(
        Reminder.kind == kind.name,
        Reminder.subject == subject,
        Reminder.status == ReminderStatus.PLANNED,
    )
    session.execute(planned.values(status=REMINDER.after(ReminderStatus.PLANNED, "drop")))


def take_due(session: Session, *, leaving_out: Collection[int] = ()) -> Reminder | None:
    """Return the reminder that has been due longest, locked; None when none is, or it is night."""
    now = clock.now()
    if is_quiet(now):
        return None
    due = (
        sa.select(Reminder)
        .where(
            Reminder.status == ReminderStatus.PLANNED,
            Reminder.due_at <= now,
            Reminder.id.not_in(leaving_out),
        )
        .order_by(Reminder.due_at, Reminder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(due).first()


def settle(session: Session, row: Reminder, handler: Handler) -> None:
    """Remind, unless what it was about has begun or the reason is gone."""
    told = row.event_at > clock.now() and handler(session, row)
    row.status = REMINDER.after(row.status, "send" if told else "drop")


def is_quiet(moment: datetime) -> bool:
    """Say whether people in Shanghai sleep, or would like to."""
    local = moment.astimezone(clock.SHANGHAI).time()
    return local >= QUIET_FROM or local < QUIET_TO


def waking(moment: datetime, *, before: datetime) -> datetime:
    """Return `moment`; of the night the morning after it, if that is still `before`, else the
    evening."""
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(clock.SHANGHAI)
    evening = local if local.time() >= QUIET_FROM else local - timedelta(days=1)
    night = datetime.combine(evening.date(), QUIET_FROM, clock.SHANGHAI)
    morning = datetime.combine(night.date() + timedelta(days=1), QUIET_TO, clock.SHANGHAI)
    return morning if morning < before else night - timedelta(minutes=5)


def subject_id(row: Reminder) -> int:
    """Return the id of the row it is about."""
    return int(row.subject.partition(":")[2])
