"""From counts to verdicts: pure arithmetic of spec 1.3, no database."""

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.ledger.periods import Period, PeriodLength, periods_of
from backend.ledger.rulepack import Check, Counting, Form, Rule, base_of, holder_of


class Verdict(enum.StrEnum):
    NOT_APPLICABLE = "not_applicable"
    EXEMPT = "exempt"
    NOT_DUE = "not_due"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class MonthCount:
    """A subject's tally of one kind in one month (its first day)."""

    kind: str
    month: date
    occasions: int
    occasions_late: int


@dataclass(frozen=True)
class Holding:
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
    """What the ledger holds of one subject in one year, and since when the subject is bound."""

    months: Sequence[MonthCount] = ()
    holdings: Sequence[Holding] = ()
    bound_since: date | None = None
    exempt: bool = False
    # The months (1 to 12) for which nothing is owed.
    free_months: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Slot:
    """A period for which a check asks something, of one holder where it asks each of several."""

    period: Period
    holder: int | None = None


@dataclass(frozen=True)
class Judgement:
    """`required` and `done` are periods where a year has several, occasions where it has one.

    `parts` are the checks one by one, where a rule has several.
    """

    verdict: Verdict
    required: int
    done: int
    unit: str
    period: PeriodLength
    remaining_days: int | None
    check: Check | None = None
    parts: tuple["Judgement", ...] = ()


_SEVERITY = (
    Verdict.OVERDUE,
    Verdict.AT_RISK,
    Verdict.ON_TRACK,
    Verdict.NOT_DUE,
    Verdict.MET_LATE,
    Verdict.MET,
)


def judge(rule: Rule, counting: Counting, *, year: int, today: date, ledger: Ledger) -> Judgement:
    """Judge one subject for one year as seen on `today`; a rule is as good as its worst check."""
    parts = tuple(
        replace(judge_check(check, counting, year, today, ledger), check=check)
        for check in rule.checks
    )
    found = replace(_together(parts), parts=parts)
    if ledger.exempt and found.verdict not in (
        Verdict.MET,
        Verdict.MET_LATE,
        Verdict.NOT_APPLICABLE,
    ):
        return replace(found, verdict=Verdict.EXEMPT)
    return found


def _together(parts: Sequence[Judgement]) -> Judgement:
    """Add up the checks that bind; what one has in excess does not make up for another."""
    bound = [part for part in parts if part.verdict is not Verdict.NOT_APPLICABLE]
    if len(bound) < 2:
        return (bound or parts)[0]
    worst = min(bound, key=lambda part: _SEVERITY.index(part.verdict))
    return replace(
        bound[0],
        verdict=worst.verdict,
        required=sum(part.required for part in bound),
        done=sum(min(part.done, part.required) for part in bound),
        remaining_days=worst.remaining_days,
    )


def not_applicable(rule: Rule) -> Judgement:
    """Judge whom a rule passes by."""
    return _nothing_owed(rule.checks[0])


def _nothing_owed(check: Check) -> Judgement:
    return Judgement(Verdict.NOT_APPLICABLE, 0, 0, check.unit, check.period, None)


def judge_check(
    check: Check, counting: Counting, year: int, today: date, ledger: Ledger
) -> Judgement:
    """Judge one check of a rule, or something that is shown and not judged by any rule."""
    if check.form is Form.STANDING:
        return _judge_standing(check, year, today, ledger)
    due = due_slots(check, year, ledger)
    if len(due) == 1 and check.period is PeriodLength.YEAR:
        return _judge_year(check, counting, due[0].period, today, ledger)
    return _judge_series(check, counting, due, today, ledger)


def due_slots(check: Check, year: int, ledger: Ledger) -> list[Slot]:
    """Return what a check asks of the subject in a year, period after period.

    What only binds while something is held binds for the periods which that covers from end to end.
    """
    due = due_periods(check, year, ledger.bound_since)
    if check.held is None:
        return [Slot(period) for period in due]
    held = [holding for holding in ledger.holdings if holding.kind == check.held]
    slots = [
        Slot(period, holding.source_id if check.each else None)
        for period in due
        for holding in sorted(held, key=lambda h: (h.source_id, h.starts_on))
        if holding.covers(period)
    ]
    return list(dict.fromkeys(slots))


def due_periods(check: Check, year: int, bound_since: date | None) -> Sequence[Period]:
    """Return the periods a subject bound since then owes: the full ones, or a shortened year."""
    periods = periods_of(check.period, year)
    if bound_since is None or bound_since <= periods[0].first:
        return periods
    if check.period is PeriodLength.YEAR:
        months = _months_left(year, bound_since)
        return periods if months >= (1 if check.threshold > 1 else 6) else []
    return [period for period in periods if period.first >= bound_since]


def threshold_of(
    check: Check, year: int, bound_since: date | None, free: frozenset[int] = frozenset()
) -> int:
    """Return the occasions owed in a period: fewer for who joined within a year, and for who was
    exempt for whole months of it (spec 1.3)."""
    if check.period is not PeriodLength.YEAR:
        return check.threshold
    joined = 13 - min(_months_left(year, bound_since), 12) if bound_since else 1
    months = len(frozenset(range(joined, 13)) - free)
    return max(1, math.ceil(check.threshold * months / 12))


def _months_left(year: int, since: date) -> int:
    """Count the months from the one in which the subject joined to December."""
    return 12 * (year - since.year) + 13 - since.month


Counts = dict[Slot, tuple[int, int]]


def count_slots(check: Check, year: int, ledger: Ledger) -> Counts:
    """Return (occasions, of these late) counted in each period and for each holder of a year."""
    counts: Counts = {}
    periods = periods_of(check.period, year)
    for month in _counted(check, ledger):
        period = periods[(month.month.month - 1) // check.period]
        slot = Slot(period, holder_of(month.kind) if check.each else None)
        done, late = counts.get(slot, (0, 0))
        counts[slot] = (done + month.occasions, late + month.occasions_late)
    return counts


def pattern_of(rule: Rule, year: int, ledger: Ledger) -> int:
    """Return the year as bits, check after check, period after period: 1 is fulfilled or not owed.

    0 when nothing is fulfilled at all, so that a subject without postings has no row.
    """
    bits, offset, any_done = 0, 0, False
    for check in rule.checks:
        needed = threshold_of(check, year, ledger.bound_since, ledger.free_months)
        counts = count_slots(check, year, ledger)
        done = {slot for slot, (occasions, _) in counts.items() if occasions >= needed}
        missing = {s.period.index for s in due_slots(check, year, ledger) if s not in done}
        any_done |= bool(done)
        for index in range(12 // check.period):
            if index not in missing:
                bits |= 1 << (offset + index)
        offset += 12 // check.period
    return bits if any_done else 0


def needed_pattern(rule: Rule, year: int, today: date) -> int:
    """Return the bits that must be set on `today` for a subject to count as met in the rates."""
    bits, offset = 0, 0
    for check in rule.checks:
        for period in periods_of(check.period, year):
            if period.first <= today:
                bits |= 1 << (offset + period.index)
        offset += 12 // check.period
    return bits


def _counted(check: Check, ledger: Ledger) -> list[MonthCount]:
    return [month for month in ledger.months if base_of(month.kind) in check.kinds]


def _judge_year(
    check: Check, counting: Counting, period: Period, today: date, ledger: Ledger
) -> Judgement:
    year = period.first.year
    needed = threshold_of(check, year, ledger.bound_since, ledger.free_months)
    months = _counted(check, ledger)
    done, late = sum(m.occasions for m in months), sum(m.occasions_late for m in months)
    if done >= needed:
        verdict = Verdict.MET if done - late >= needed else Verdict.MET_LATE
    else:
        verdict = _unmet(period, counting, today)
    return Judgement(verdict, needed, done, check.unit, check.period, _remaining(period, today))


def _judge_series(
    check: Check, counting: Counting, due: list[Slot], today: date, ledger: Ledger
) -> Judgement:
    if not due:
        return _nothing_owed(check)
    counts = count_slots(check, due[0].period.first.year, ledger)
    done = [slot for slot in due if counts.get(slot, (0, 0))[0] >= check.threshold]
    begun = [slot for slot in due if slot.period.first <= today]
    open_ones = [slot.period for slot in begun if slot not in done]
    current = next((slot.period for slot in begun if today <= slot.period.last), None)
    if not begun:
        verdict = Verdict.NOT_DUE
    elif open_ones:
        verdict = min((_unmet(p, counting, today) for p in open_ones), key=_SEVERITY.index)
    else:
        # A period is late when none of its occasions was entered in time.
        late = any(done - late < check.threshold for done, late in counts.values() if done)
        verdict = Verdict.MET_LATE if late else Verdict.MET
    remaining = _remaining(current, today) if current else None
    return Judgement(verdict, len(due), len(done), check.unit, check.period, remaining)


def judge_slot(
    check: Check, counting: Counting, slot: Slot, counts: Counts, today: date
) -> Verdict:
    """Judge one period that is owed, by itself."""
    done, late = counts.get(slot, (0, 0))
    if done >= check.threshold:
        return Verdict.MET if done - late >= check.threshold else Verdict.MET_LATE
    return _unmet(slot.period, counting, today)


def _judge_standing(check: Check, year: int, today: date, ledger: Ledger) -> Judgement:
    day = min(today, date(year, 12, 31))
    if ledger.bound_since is not None and ledger.bound_since > date(year, 12, 31):
        return _nothing_owed(check)
    held = any(h.kind in check.kinds and h.holds_on(day) for h in ledger.holdings)
    if held:
        verdict = Verdict.MET
    elif today.year < year:
        verdict = Verdict.NOT_DUE
    else:
        verdict = Verdict.OVERDUE
    return Judgement(verdict, check.threshold, int(held), check.unit, check.period, None)


def _unmet(period: Period, counting: Counting, today: date) -> Verdict:
    if today < period.first:
        return Verdict.NOT_DUE
    if today > period.last:
        return Verdict.OVERDUE
    left = (period.last - today).days
    return Verdict.AT_RISK if left < counting.at_risk_share * period.days else Verdict.ON_TRACK


def _remaining(period: Period, today: date) -> int | None:
    return (period.last - today).days if period.first <= today <= period.last else None
