"""Exemptions: standing facts that free a subject of a duty for the whole months they cover.

Pure arithmetic, no database. An open exemption covers every month to come, so that what a year
asks depends on the facts alone and not on the day on which it is computed.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from backend.ledger.periods import PeriodLength, periods_of
from backend.ledger.rulepack import Rule
from backend.ledger.verdicts import Holding, Ledger, MonthCount


def kind_of(rule_id: str) -> str:
    """Return the kind of standing fact that exempts from a rule."""
    return f"exemption_{rule_id}"


def ledger_of(
    rule: Rule,
    year: int,
    months: Sequence[MonthCount],
    holdings: Sequence[Holding],
    since: date | None,
    *,
    today: date | None = None,
) -> Ledger:
    """Return what one rule reads of a subject; `today` decides about standing duties only."""
    free = free_months(rule.id, holdings, year)
    if rule.standing:
        day = min(today or date.max, date(year, 12, 31))
        exempt = any(h.kind == kind_of(rule.id) and h.holds_on(day) for h in holdings)
    else:
        exempt = owed_months(year, since) <= free
    return Ledger(months, holdings, since, exempt=exempt, free_months=free)


def owed_months(year: int, since: date | None) -> frozenset[int]:
    """Return the months of a year for which somebody bound since then owes anything."""
    if since is None or since.year < year:
        return frozenset(range(1, 13))
    return frozenset(range(since.month, 13)) if since.year == year else frozenset()


def free_months(rule_id: str, holdings: Iterable[Holding], year: int) -> frozenset[int]:
    """Return the months of the year that exemptions from the rule cover from end to end."""
    kind = kind_of(rule_id)
    exempted = [h for h in holdings if h.kind == kind]
    if not exempted:
        return frozenset()
    spans = _joined(exempted)
    return frozenset(
        month.index + 1
        for month in periods_of(PeriodLength.MONTH, year)
        if any(first <= month.first and month.last < end for first, end in spans)
    )


def _joined(holdings: Iterable[Holding]) -> list[tuple[date, date]]:
    """Return the spans of days covered; what meets is one span."""
    spans: list[tuple[date, date]] = []
    for held in sorted(holdings, key=lambda h: h.starts_on):
        end = held.ends_on or date.max
        if spans and held.starts_on <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((held.starts_on, end))
    return spans
