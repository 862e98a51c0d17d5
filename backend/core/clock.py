"""The one clock. Moments are aware; days, quarters and years are Shanghai's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")

# The calendar knows whole years; each November the State Council publishes the next one.
LAST_PUBLISHED = date(max(chinese_calendar.constants.holidays).year, 12, 31)

_elsewhen: ContextVar[datetime | None] = ContextVar("elsewhen", default=None)
_offset = timedelta(0)


def now() -> datetime:
    """Return this moment in Shanghai's offset."""
    return (_elsewhen.get() or datetime.now(UTC) + _offset).astimezone(SHANGHAI)


def move(offset: timedelta) -> None:
    """Move the clock of this whole process, for rehearsals and tests of programs that run."""
    global _offset
    _offset = offset


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the block happen at `moment` (aware): a year of demo data, tests of deadlines."""
    token = _elsewhen.set(moment)
    try:
        yield
    finally:
        _elsewhen.reset(token)


def today() -> date:
    """Return the day it is in Shanghai."""
    return now().date()


def local_date(moment: datetime) -> date:
    """Return the day in Shanghai on which `moment` (aware) falls."""
    return moment.astimezone(SHANGHAI).date()


def is_working_day(day: date) -> bool:
    """Follow the published calendar of holidays and make-up days; beyond it Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def is_provisional(day: date) -> bool:
    """Say whether that year's holidays are not published yet, so that working days may move."""
    return day > LAST_PUBLISHED


def add_working_days(day: date, count: int) -> date:
    """Return the day on which the `count`-th working day after `day` falls."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day
