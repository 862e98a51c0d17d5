"""What happens in the made-up year, in the order in which it happens."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from heapq import heappop, heappush
from itertools import count

from backend.core import clock

Act = Callable[[], object]


class Agenda:
    """Acts wait for their moment; what one of them leads to is put on the agenda by it."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._number = count()

    def at(self, moment: datetime, act: Act) -> None:
        heappush(self._waiting, (moment, next(self._number), act))

    def run(self, until: datetime) -> None:
        """Let everything happen that has its moment before `until`; the rest never does."""
        while self._waiting and self._waiting[0][0] < until:
            moment, _, act = heappop(self._waiting)
            with clock.at(moment):
                act()


def ago(days: int, hour: int) -> datetime:
    """Return an hour of a past day in Shanghai."""
    return at_hour(clock.today() - timedelta(days=days), hour)


def at_hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time_of_day(hour), clock.SHANGHAI)


def working_day(day: date) -> date:
    """Return `day`, or the last working day before it."""
    while not clock.is_working_day(day):
        day -= timedelta(days=1)
    return day
