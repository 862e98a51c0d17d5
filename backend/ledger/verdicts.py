"""From counts to verdicts: pure arithmetic of spec 1.3, no database."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from backend.ledger.holdings import Ledger
from backend.ledger.periods import Period, PeriodLength
from backend.ledger.rulepack import Check, Counting, Form, Rule
from backend.ledger.slots import (
    NOTHING,
    Counts,
    Slot,
    cases,
    count_slots,
    due_slots,
    enough,
    stands,
    threshold_of,
)


class Verdict(enum.StrEnum):
    """`progress`: of what nobody can fall short of, how far it is."""

    NOT_APPLICABLE = "not_applicable"
    EXEMPT = "exempt"
    NOT_DUE = "not_due"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"
    PROGRESS = "progress"


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
    Verdict.MET_LATE,
    Verdict.MET,
    # What has not begun says nothing as long as something else has.
    Verdict.NOT_DUE,
)
_FREE = (Verdict.MET, Verdict.MET_LATE, Verdict.NOT_APPLICABLE)


def judge(rule: Rule, counting: Counting, *, today: date, ledger: Ledger) -> Judgement:
    """Judge one subject for one year as seen on `today`; a rule is as good as its worst check."""
    today = rule.day_of(ledger.year, today)
    parts = tuple(
        replace(judge_check(check, counting, today, ledger), check=check) for check in rule.checks
    )
    found = replace(_together(parts), parts=parts)
    if ledger.exempt and found.verdict not in _FREE:
        return replace(found, verdict=Verdict.EXEMPT)
    if not rule.judged and found.verdict is not Verdict.NOT_APPLICABLE:
        told = tuple(replace(part, verdict=_only_progress(part)) for part in parts)
        return replace(found, verdict=Verdict.PROGRESS, parts=told)
    return found


def _only_progress(part: Judgement) -> Verdict:
    return part.verdict if part.verdict is Verdict.NOT_APPLICABLE else Verdict.PROGRESS


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


def judge_check(check: Check, counting: Counting, today: date, ledger: Ledger) -> Judgement:
    """Judge one check of a rule, or something that is shown and not judged by any rule."""
    if check.form is Form.STANDING:
        return _judge_standing(check, today, ledger)
    if check.form is Form.CASES:
        return _judge_cases(check, today, ledger)
    due = due_slots(check, ledger)
    if len(due) == 1 and check.period is PeriodLength.YEAR:
        return _judge_year(check, counting, due[0], today, ledger)
    return _judge_series(check, counting, due, today, ledger)


def _judge_year(
    check: Check, counting: Counting, slot: Slot, today: date, ledger: Ledger
) -> Judgement:
    needed = threshold_of(check, ledger)
    done, late = count_slots(check, ledger).get(slot, NOTHING)
    verdict = _verdict(check, counting, slot.period, today, needed, done, late)
    shown = needed if check.most is None else check.most
    return Judgement(
        verdict,
        -(-shown // check.per_unit),
        done // check.per_unit,
        check.unit,
        check.period,
        _remaining(slot.period, today),
    )


def _verdict(
    check: Check,
    counting: Counting,
    period: Period,
    today: date,
    needed: int,
    done: int,
    late: int,
) -> Verdict:
    if today < period.first:
        return Verdict.NOT_DUE
    if not enough(check, needed, done):
        return Verdict.OVERDUE if check.at_once else _unmet(period, counting, today)
    in_time = check.most is not None or enough(check, needed, done - late)
    return Verdict.MET if in_time else Verdict.MET_LATE


def _judge_series(
    check: Check, counting: Counting, due: list[Slot], today: date, ledger: Ledger
) -> Judgement:
    if not due:
        return _nothing_owed(check)
    counts, needed = count_slots(check, ledger), threshold_of(check, ledger)
    done = [slot for slot in due if enough(check, needed, counts.get(slot, NOTHING)[0])]
    begun = [slot for slot in due if slot.period.first <= today]
    current = next((slot.period for slot in begun if today <= slot.period.last), None)
    verdicts = [judge_slot(check, counting, slot, counts, today, needed) for slot in begun]
    verdict = min(verdicts, key=_SEVERITY.index, default=Verdict.NOT_DUE)
    remaining = _remaining(current, today) if current else None
    return Judgement(verdict, len(due), len(done), check.unit, check.period, remaining)


def judge_slot(
    check: Check, counting: Counting, slot: Slot, counts: Counts, today: date, needed: int
) -> Verdict:
    """Judge one period that is owed, by itself."""
    done, late = counts.get(slot, NOTHING)
    return _verdict(check, counting, slot.period, today, needed, done, late)


def _judge_cases(check: Check, today: date, ledger: Ledger) -> Judgement:
    """What was not dealt with as it had to be cannot be made up for."""
    came, dealt, late = cases(check, ledger)
    if not came:
        return _nothing_owed(check)
    met = Verdict.MET_LATE if late else Verdict.MET
    verdict = met if dealt >= came else Verdict.OVERDUE
    if today.year < ledger.year:
        verdict = Verdict.NOT_DUE
    return Judgement(verdict, came, min(dealt, came), check.unit, check.period, None)


def _judge_standing(check: Check, today: date, ledger: Ledger) -> Judgement:
    found = stands(check, ledger)
    if found is None:
        return _nothing_owed(check)
    if today.year < ledger.year:
        verdict = Verdict.NOT_DUE
    else:
        verdict = Verdict.MET if found.fulfilled else Verdict.OVERDUE
    return Judgement(verdict, found.required, found.done, check.unit, check.period, None)


def _unmet(period: Period, counting: Counting, today: date) -> Verdict:
    if today < period.first:
        return Verdict.NOT_DUE
    if today > period.last:
        return Verdict.OVERDUE
    left = (period.last - today).days
    return Verdict.AT_RISK if left < counting.at_risk_share * period.days else Verdict.ON_TRACK


def _remaining(period: Period, today: date) -> int | None:
    return (period.last - today).days if period.first <= today <= period.last else None
