"""Civil periods: a year and its half-years, quarters and months."""

import enum
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache


class PeriodLength(enum.IntEnum):
    """In months, so that the shorter compares as less."""

    MONTH = 1
    QUARTER = 3
    HALF_YEAR = 6
    YEAR = 12

    @classmethod
    def _missing_(cls, value: object) -> "PeriodLength | None":
        """Accept the names used in rule packs."""
        return cls.__members__.get(str(value).upper())


@dataclass(frozen=True)
class Period:
    """`index` counts from 0 within the year; `first` and `last` belong to it."""

    index: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@cache
def periods_of(length: PeriodLength, year: int) -> tuple[Period, ...]:
    """Return the periods of that length in `year`, in order."""
    return tuple(_period(length, year, index) for index in range(12 // length))


def period_of(length: PeriodLength, day: date) -> Period:
    """Return the period of that length in which `day` falls."""
    return _period(length, day.year, (day.month - 1) // length)


def _period(length: PeriodLength, year: int, index: int) -> Period:
    last_month = (index + 1) * length
    return Period(
        index,
        date(year, index * length + 1, 1),
        date(year, last_month, monthrange(year, last_month)[1]),
    )


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)
