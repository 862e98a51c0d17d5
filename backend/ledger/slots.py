"""What a check asks of a subject period by period, and what was counted in each (spec 1.3)."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backend.ledger.holdings import Holding, Ledger, MonthCount, spans
from backend.ledger.periods import Period, PeriodLength, periods_of
from backend.ledger.rulepack import Check, base_of, holder_of


@dataclass(frozen=True)
class Slot:
    """A period for which a check asks something, of one holder where it asks each of several."""

    period: Period
    holder: int | None = None


# Of occasions or amounts in each slot: how many, and of these how many were entered late.
Counts = dict[Slot, tuple[int, int]]
NOTHING = (0, 0)


def due_slots(check: Check, ledger: Ledger) -> list[Slot]:
    """Return what a count asks of the subject in the year, period after period.

    What only binds while something is held binds for the periods which that covers from end to end.
    A period that is free in all its months is not owed, unless the whole year is.
    """
    due = [period for period in due_periods(check, ledger) if not _is_free(check, period, ledger)]
    if check.held is None:
        return [Slot(period) for period in due]
    held = [holding for holding in ledger.holdings if holding.kind == check.held]
    if not check.each:
        held = spans(held)
    slots = [
        Slot(period, holding.source_id if check.each else None)
        for period in due
        for holding in sorted(held, key=lambda h: (h.source_id, h.starts_on))
        if holding.covers(period)
    ]
    return list(dict.fromkeys(slots))


def due_periods(check: Check, ledger: Ledger) -> Sequence[Period]:
    """Return the periods that lie in the time the subject is bound: full ones, or a shortened
    year. A year that asks for one thing is owed from six months on."""
    periods = periods_of(check.period, ledger.year)
    if ledger.whole:
        return periods
    if check.period is PeriodLength.YEAR:
        least = 6 if check.threshold == 1 and check.sum is None else 1
        return periods if len(ledger.owed_months) >= least else []
    first, until = ledger.since or date.min, ledger.until or date.max
    last = until - timedelta(days=1)
    return [period for period in periods if first <= period.first and period.last <= last]


def _is_free(check: Check, period: Period, ledger: Ledger) -> bool:
    if ledger.exempt or check.period is PeriodLength.YEAR:
        return False
    months = range(period.first.month, period.last.month + 1)
    return ledger.free_months.issuperset(months)


def threshold_of(check: Check, ledger: Ledger) -> int:
    """Return what is owed in a period, in what is counted: fewer in a year of which the subject is
    bound for some months only, or exempt for whole months (spec 1.3)."""
    if check.period is not PeriodLength.YEAR or not check.threshold:
        return check.threshold
    months = len(ledger.owed_months - ledger.free_months)
    return max(1, math.ceil(check.threshold * months / 12))


def enough(check: Check, needed: int, done: int) -> bool:
    """Say whether a count is what it should be: at least `needed`, or at most so many."""
    return done >= needed if check.most is None else done <= check.most


def count_slots(check: Check, ledger: Ledger) -> Counts:
    """Return what was counted in each period, and for each holder, of the year."""
    found: dict[Slot, list[MonthCount]] = defaultdict(list)
    periods = periods_of(check.period, ledger.year)
    for month in ledger.months:
        if base_of(month.kind) in check.kinds and month.month.year == ledger.year:
            period = periods[(month.month.month - 1) // check.period]
            found[Slot(period, holder_of(month.kind) if check.each else None)].append(month)
    if check.sum:
        most = _most_of_capped(check, ledger)
        return {slot: _summed(check, months, most) for slot, months in found.items()}
    return {
        slot: (sum(m.occasions for m in months), sum(m.occasions_late for m in months))
        for slot, months in found.items()
    }


def _most_of_capped(check: Check, ledger: Ledger) -> int | None:
    if check.cap is None:
        return None
    # A share is written in decimals, which no binary fraction hits.
    return math.floor(round(threshold_of(check, ledger) * check.cap.share, 6))


def _summed(check: Check, months: Sequence[MonthCount], most: int | None) -> tuple[int, int]:
    done = _capped(check, [(m.kind, m.amount) for m in months], most)
    in_time = _capped(check, [(m.kind, m.amount - m.amount_late) for m in months], most)
    return done, done - in_time


def _capped(check: Check, amounts: Sequence[tuple[str, int]], most: int | None) -> int:
    if check.cap is None or most is None:
        return sum(amount for _, amount in amounts)
    capped = sum(amount for kind, amount in amounts if base_of(kind) == check.cap.kind)
    return sum(amount for _, amount in amounts) - max(capped - most, 0)


@dataclass(frozen=True)
class Stands:
    """How a check of standing facts is met on the day: `done` of `required`."""

    done: int
    required: int
    fulfilled: bool


def stands(check: Check, ledger: Ledger) -> Stands | None:
    """Return how standing facts meet a check; None where it asks nothing of the subject."""
    if not ledger.owed_months:
        return None
    day = ledger.day
    if check.on == "first_day" and ledger.since is not None:
        day = ledger.since
    if check.held and not _held(ledger.holdings, (check.held,), ledger.day):
        return None
    held = _held(ledger.holdings, check.kinds, day)
    if check.all:
        done, required = len({h.kind for h in held}), len(check.kinds)
        return Stands(done, required, done == required)
    number, least = len({(h.kind, h.source_id) for h in held}), check.threshold
    if check.most is not None:
        return Stands(number, least, least <= number <= check.most)
    return Stands(min(number, least), least, number >= least)


def _held(holdings: Sequence[Holding], kinds: tuple[str, ...], day: date) -> list[Holding]:
    return [h for h in holdings if h.kind in kinds and h.holds_on(day)]


def cases(check: Check, ledger: Ledger) -> tuple[int, int, int]:
    """Return how many cases came up in the year, how many were dealt with as they had to be, and
    how many of these were entered late."""
    if not ledger.owed_months:
        return 0, 0, 0
    own = [month for month in ledger.months if month.month.year == ledger.year]
    came = sum(m.occasions for m in own if base_of(m.kind) in check.kinds)
    dealt = [m for m in own if base_of(m.kind) in check.fulfilled]
    return came, sum(m.occasions for m in dealt), sum(m.occasions_late for m in dealt)
