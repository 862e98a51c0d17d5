"""A subject's year under one rule as bits: what is owed, and what of it is done.

Check after check, period after period; one bit for what has no periods. A subject is met when of
what is owed and has begun nothing is missing. Pure arithmetic, no database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from backend.ledger.holdings import Ledger
from backend.ledger.periods import Period, periods_of
from backend.ledger.rulepack import Check, Form, Rule
from backend.ledger.slots import (
    NOTHING,
    cases,
    count_slots,
    due_slots,
    enough,
    stands,
    threshold_of,
)


@dataclass(frozen=True, slots=True)
class Masks:
    """`done` is part of `owed`. Who is exempt owes what would be owed otherwise."""

    done: int
    owed: int
    exempt: bool


NONE = Masks(0, 0, exempt=False)


def masks_of(rule: Rule, ledger: Ledger) -> Masks:
    """Return the year of a subject that the rule binds."""
    done, owed, offset = 0, 0, 0
    for check in rule.checks:
        own_done, own_owed = _of_check(check, ledger)
        done |= own_done << offset
        owed |= own_owed << offset
        offset += _width(check)
    return Masks(done, owed, ledger.exempt and bool(owed))


def _width(check: Check) -> int:
    return 12 // check.period


def _of_check(check: Check, ledger: Ledger) -> tuple[int, int]:
    if check.form is Form.STANDING:
        found = stands(check, ledger)
        return (0, 0) if found is None else (int(found.fulfilled), 1)
    if check.form is Form.CASES:
        came, dealt, _ = cases(check, ledger)
        return (int(dealt >= came), 1) if came else (0, 0)
    return _of_count(check, ledger)


def _of_count(check: Check, ledger: Ledger) -> tuple[int, int]:
    needed, counts = threshold_of(check, ledger), count_slots(check, ledger)
    owed = missing = 0
    for slot in due_slots(check, ledger):
        bit = 1 << slot.period.index
        owed |= bit
        if not enough(check, needed, counts.get(slot, NOTHING)[0]):
            missing |= bit
    return owed & ~missing, owed


def begun(rule: Rule, year: int, today: date) -> int:
    """Return the bits of what has begun by `today`."""
    today = rule.day_of(year, today)
    return _bits(rule, year, lambda _check, period: period.first <= today)


def ended(rule: Rule, year: int, today: date) -> int:
    """Return the bits of what is overdue on `today` where it is not done: of a period that is over;
    at once, of what must be so at any time. Nothing is, of a rule that nobody can fall short of."""
    if not rule.judged:
        return 0
    today = rule.day_of(year, today)

    def is_so(check: Check, period: Period) -> bool:
        return period.first <= today if check.at_once else period.last < today

    return _bits(rule, year, is_so)


def _bits(rule: Rule, year: int, is_so: Callable[[Check, Period], bool]) -> int:
    bits, offset = 0, 0
    for check in rule.checks:
        for period in periods_of(check.period, year):
            if is_so(check, period):
                bits |= 1 << (offset + period.index)
        offset += _width(check)
    return bits
