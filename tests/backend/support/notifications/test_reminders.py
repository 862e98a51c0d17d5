"""When a reminder is due: before the event, and never while people sleep."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.support.notifications import reminders
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder, ReminderStatus

KIND = ReminderKind("gardening.watering")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("wanted", "event", "due"),
    [
        (at(20, 15), at(21, 15), at(20, 15)),
        (at(20, 22), at(21, 22), at(21, 7)),
        (at(20, 23, 30), at(21, 23, 30), at(21, 7)),
        (at(20, 3), at(21, 3), at(20, 7)),
        (at(20, 21, 59), at(21, 21, 59), at(20, 21, 59)),
        (at(20, 7), at(21, 7), at(20, 7)),
        # The morning would be too late: the evening before.
        (at(20, 23), at(21, 6), at(20, 21, 55)),
        (at(21, 2), at(21, 7), at(20, 21, 55)),
    ],
)
def test_a_reminder_moves_out_of_the_night(
    wanted: datetime, event: datetime, due: datetime
) -> None:
    assert reminders.waking(wanted, before=event) == due


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001  # made aware below
    st.timedeltas(timedelta(minutes=1), timedelta(days=5)),
)
def test_it_is_never_at_night_and_always_before_the_event(naive: datetime, lead: timedelta) -> None:
    event = naive.replace(tzinfo=clock.SHANGHAI)
    due = reminders.waking(event - lead, before=event)

    assert not reminders.is_quiet(due)
    assert due < event


def planned(session: Session) -> list[Reminder]:
    session.flush()
    session.expire_all()
    return list(session.scalars(sa.select(Reminder).order_by(Reminder.id)))


def test_planning_again_moves_it_and_what_is_near_needs_none(session: Session) -> None:
    now = clock.now().replace(hour=12, minute=0)
    day = timedelta(days=1)
    with clock.at(now):
        for event in (now + 3 * day, now + 5 * day):
            reminders.plan(session, KIND, "meeting:1", event_at=event, lead=day)
        (row,) = planned(session)
        assert row.due_at == now + 4 * day
        reminders.plan(session, KIND, "meeting:1", event_at=now + day / 2, lead=day)
    assert [row.status for row in planned(session)] == [ReminderStatus.DROPPED]


def test_what_is_due_is_taken_in_order_and_only_by_day(session: Session) -> None:
    now = clock.now().replace(hour=12, minute=0)
    with clock.at(now):
        for number, hours in ((1, 50), (2, 30)):
            event = now + timedelta(hours=hours)
            reminders.plan(
                session, KIND, f"meeting:{number}", event_at=event, lead=timedelta(hours=24)
            )
        assert reminders.take_due(session) is None
    with clock.at(now + timedelta(hours=11)):  # eleven at night
        assert reminders.take_due(session) is None
    with clock.at(now + timedelta(hours=27)):
        first = reminders.take_due(session)
        assert first is not None
        assert first.subject == "meeting:2"
        second = reminders.take_due(session, leaving_out={first.id})
        assert second is not None
        assert second.subject == "meeting:1"
