"""What the ledger holds of one subject in one year, as a rule reads it. No database.

Exemptions are standing facts that free a subject of a duty for the whole months they cover. An open
one covers every month to come, so that what a year asks depends on the facts alone and not on the
day on which it is computed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from backend.ledger.periods import Period, PeriodLength, periods_of
from backend.ledger.rulepack import Rule, exemption_kind

NO_MONTHS: frozenset[int] = frozenset()
ONE_DAY = timedelta(days=1)

# Of postings and facts, what a rule can tell apart; and since when, as far as it matters.
Telling = tuple[date | None, tuple["MonthCount", ...], tuple["Holding", ...]]


class MonthCount(NamedTuple):
    """A subject's tally of one kind in one month (its first day)."""

    kind: str
    month: date
    occasions: int
    occasions_late: int
    amount: int = 0
    amount_late: int = 0


class Holding(NamedTuple):
    """A standing fact: from a day up to, not including, another."""

    kind: str
    starts_on: date
    ends_on: date | None
    source_id: int = 0

    def covers(self, period: Period) -> bool:
        """Say whether it holds from the first day of the period to its last."""
        return self.starts_on <= period.first and (
            self.ends_on is None or self.ends_on > period.last
        )

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


@dataclass(frozen=True)
class Ledger:
    """`since`, `until`: the first day on which the subject is bound and the first on which it is
    no more; None: always. `day`: on which standing facts are looked at. `exempt`: of all the rule
    asks in the year. `free_months` (1 to 12): for which nothing is owed."""

    year: int
    day: date
    months: Sequence[MonthCount] = ()
    holdings: Sequence[Holding] = ()
    since: date | None = None
    until: date | None = None
    exempt: bool = False
    free_months: frozenset[int] = NO_MONTHS

    @property
    def owed_months(self) -> frozenset[int]:
        """The months in which the subject is bound, exempt or not."""
        return owed_months(self.year, self.since, self.until)

    @property
    def whole(self) -> bool:
        """Whether the subject is bound all the year."""
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        begun = self.since is None or self.since <= first
        return begun and (self.until is None or self.until > last)


def ledger_of(
    rule: Rule,
    year: int,
    months: Sequence[MonthCount],
    holdings: Sequence[Holding],
    since: date | None,
    *,
    today: date,
) -> Ledger:
    """Return what one rule reads of a subject bound `since` then; of `today` only standing facts
    depend, and of a year that is over nothing does."""
    begins = [day for day in (since, rule.valid_from) if day is not None]
    since, until = max(begins, default=None), rule.valid_to
    last = date(year, 12, 31) if until is None else min(date(year, 12, 31), until - ONE_DAY)
    day = min(max(today, date(year, 1, 1)), last)
    free = free_months(rule.id, holdings, year)
    if rule.standing:
        kind = exemption_kind(rule.id)
        exempt = any(h.kind == kind and h.holds_on(day) for h in holdings)
    else:
        asked = _asked_months(rule, year, since, until)
        exempt = bool(asked) and asked <= free
    return Ledger(year, day, months, holdings, since, until, exempt, free)


def _asked_months(rule: Rule, year: int, since: date | None, until: date | None) -> frozenset[int]:
    """Return the months of what a rule asks for: those of full periods, or of a shortened year."""
    months: set[int] = set()
    for length in {check.period for check in rule.checks}:
        if length is PeriodLength.YEAR:
            return owed_months(year, since, until)
        for period in periods_of(length, year):
            if (since or date.min) <= period.first and period.last < (until or date.max):
                months |= {*range(period.first.month, period.last.month + 1)}
    return frozenset(months)


@lru_cache(maxsize=10_000)
def owed_months(year: int, since: date | None, until: date | None = None) -> frozenset[int]:
    """Return the months of a year in which somebody bound from `since` to `until` is so."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    begin = max(since or first, first)
    end = min((until or date.max) - ONE_DAY, last)
    return frozenset(range(begin.month, end.month + 1)) if begin <= end else NO_MONTHS


def free_months(rule_id: str, holdings: Iterable[Holding], year: int) -> frozenset[int]:
    """Return the months of the year that exemptions from the rule cover from end to end."""
    kind = exemption_kind(rule_id)
    exempted = [h for h in holdings if h.kind == kind]
    if not exempted:
        return NO_MONTHS
    free = spans(exempted)
    return frozenset(
        month.index + 1
        for month in periods_of(PeriodLength.MONTH, year)
        if any(span.covers(month) for span in free)
    )


def spans(holdings: Iterable[Holding]) -> list[Holding]:
    """Return what is held of one kind, whoever held it; what meets is one span."""
    found: list[Holding] = []
    for held in sorted(holdings, key=lambda h: h.starts_on):
        before = found[-1] if found else None
        if before is None or (before.ends_on is not None and before.ends_on < held.starts_on):
            found.append(held._replace(source_id=0))
        elif before.ends_on is not None and (held.ends_on is None or before.ends_on < held.ends_on):
            found[-1] = before._replace(ends_on=held.ends_on)
    return found


def telling(
    rule: Rule,
    year: int,
    since: date | None,
    months: Sequence[MonthCount],
    holdings: Sequence[Holding],
) -> Telling:
    """Return what is known of a subject without what makes no difference to its bits in a year, so
    that of all who stand alike it is the same."""
    counted = tuple(
        sorted(
            MonthCount(m.kind, m.month, m.occasions, 0, m.amount if rule.sums else 0)
            for m in months
            if m.month.year == year
        )
        if months
        else ()
    )
    if rule.looks_back:
        return since, counted, tuple(holdings)
    held = _within(year, holdings) if holdings else []
    # Who holds it matters where each is asked by itself; elsewhere only that they are several.
    if held and not rule.asks_each:
        numbers: dict[int, int] = {}
        held = [
            Holding(h.kind, h.starts_on, h.ends_on, numbers.setdefault(h.source_id, len(numbers)))
            for h in held
        ]
    return None if since is None or since <= date(year, 1, 1) else since, counted, tuple(held)


def _within(year: int, holdings: Iterable[Holding]) -> list[Holding]:
    """Return what is held in a year, as if it began and ended with it."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    held = [
        Holding(kind, max(begin, first), None if end is None or end >= after else end, source_id)
        for kind, begin, end, source_id in holdings
        if begin < after and (end is None or end > first)
    ]
    if len(held) > 1:
        held.sort(key=lambda h: (h.kind, h.starts_on, h.ends_on or date.max, h.source_id))
    return held
