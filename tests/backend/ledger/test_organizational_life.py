"""The meetings of a branch under rules 1a, 1c and 1d, case by case, worked by hand."""

from collections.abc import Sequence
from datetime import date

import pytest

from backend.ledger.holdings import Holding, Ledger, MonthCount
from backend.ledger.masks import begun, masks_of
from backend.ledger.models import SubjectKind
from backend.ledger.periods import PeriodLength
from backend.ledger.rulepack import RulePack, kind_for
from backend.ledger.verdicts import Judgement, Verdict, judge

V = Verdict
A, B = 71, 72  # two Party groups
TODAY = date(2026, 5, 10)


def held(kind: str, *months: int, late: bool = False, times: int = 1) -> list[MonthCount]:
    return [MonthCount(kind, date(2026, m, 1), times, times if late else 0) for m in months]


def group(id_: int, *months: int, late: bool = False) -> list[MonthCount]:
    return held(kind_for("group_meeting", id_), *months, late=late)


def committee(since: date, until: date | None = None) -> Holding:
    return Holding("branch_committee", since, until, 7)


def founded(id_: int, since: date, until: date | None = None) -> Holding:
    return Holding("party_group", since, until, id_)


def of_year(
    months: Sequence[MonthCount], holdings: Sequence[Holding] = (), since: date | None = None
) -> Ledger:
    return Ledger(2026, TODAY, months, holdings, since)


QUARTERS = [*held("members_assembly", 1, 4), *held("party_lecture", 2, 5)]
OLD = date(2020, 1, 1)


def part(found: Judgement, kind: str) -> Judgement:
    return next(p for p in found.parts if p.check is not None and kind in p.check.kinds)


def of(rules: RulePack, ledger: Ledger, today: date = TODAY, rule: str = "1a") -> Judgement:
    return judge(rules.by_id[rule], rules.counting, today=today, ledger=ledger)


@pytest.mark.parametrize(
    ("months", "holdings", "verdict", "required", "done"),
    [
        # Without committee and groups: two kinds, four quarters each.
        ([], [], V.OVERDUE, 8, 0),
        (QUARTERS, [], V.MET, 8, 4),
        (QUARTERS[:2], [], V.OVERDUE, 8, 2),
        ([*held("members_assembly", 1, 4), *held("party_lecture", 2)], [], V.ON_TRACK, 8, 3),
        # What one kind has in excess helps no other.
        (held("members_assembly", 1, 4, times=9), [], V.OVERDUE, 8, 2),
        # A committee since long ago owes every month.
        ([*QUARTERS, *held("committee_meeting", 1, 2, 3, 4, 5)], [committee(OLD)], V.MET, 20, 9),
        ([*QUARTERS, *held("committee_meeting", 1, 2, 3, 4)], [committee(OLD)], V.ON_TRACK, 20, 8),
        ([*QUARTERS, *held("committee_meeting", 1, 2, 4, 5)], [committee(OLD)], V.OVERDUE, 20, 8),
        # Elected on 2 March: April is its first full month; on 1 April: April itself.
        (
            [*QUARTERS, *held("committee_meeting", 4, 5)],
            [committee(date(2026, 3, 2))],
            V.MET,
            17,
            6,
        ),
        (
            [*QUARTERS, *held("committee_meeting", 5)],
            [committee(date(2026, 4, 1))],
            V.OVERDUE,
            17,
            5,
        ),
        ([*QUARTERS, *held("committee_meeting", 5)], [committee(date(2026, 4, 2))], V.MET, 16, 5),
        # Dissolved in mid-April: March was its last full month.
        (
            [*QUARTERS, *held("committee_meeting", 1, 2, 3)],
            [committee(OLD, date(2026, 4, 15))],
            V.MET,
            11,
            7,
        ),
        # A meeting before there was a committee owes and pays nothing.
        ([*QUARTERS, *held("committee_meeting", 1)], [committee(date(2026, 12, 5))], V.MET, 8, 4),
        # Each group owes its own month.
        ([*QUARTERS, *group(A, 1, 2, 3, 4, 5)], [founded(A, OLD)], V.MET, 20, 9),
        (
            [*QUARTERS, *group(A, 1, 2, 3, 4, 5), *group(B, 1, 2, 3, 4)],
            [founded(A, OLD), founded(B, OLD)],
            V.ON_TRACK,
            32,
            13,
        ),
        # Two meetings of one group are none of the other.
        (
            [*QUARTERS, *group(A, 1, 2, 3, 4, 5), *held(kind_for("group_meeting", A), 4)],
            [founded(A, OLD), founded(B, date(2026, 3, 20))],
            V.OVERDUE,
            29,
            9,
        ),
        # Founded in mid-quarter: its first full month counts, and its early meeting helps nobody.
        (
            [*QUARTERS, *group(B, 2, 3, 4, 5)],
            [founded(B, date(2026, 2, 14))],
            V.MET,
            18,
            7,
        ),
        (
            [*QUARTERS, *group(B, 2), *group(A, 1, 3, 4, 5)],
            [founded(A, OLD), founded(B, date(2026, 2, 14), date(2026, 3, 1))],
            V.OVERDUE,
            20,
            8,
        ),
    ],
)
def test_the_three_meetings_and_one_lecture(
    rules: RulePack,
    months: list[MonthCount],
    holdings: list[Holding],
    verdict: Verdict,
    required: int,
    done: int,
) -> None:
    ledger = of_year(months, holdings)
    found = of(rules, ledger)
    rule = rules.by_id["1a"]

    assert (found.verdict, found.required, found.done) == (verdict, required, done)
    assert found.period is PeriodLength.QUARTER
    # What is owed this very period keeps a subject out of the rate as it keeps the verdict open.
    masks = masks_of(rule, ledger)
    missing = masks.owed & begun(rule, 2026, TODAY) & ~masks.done
    assert (missing == 0) is (verdict is V.MET)


@pytest.mark.parametrize(
    ("since", "kind", "verdict", "required"),
    [
        # A branch founded on 10 February owes from April on, its committee from March.
        (date(2026, 2, 10), "members_assembly", V.ON_TRACK, 3),
        (date(2026, 2, 10), "committee_meeting", V.OVERDUE, 10),
        (date(2026, 4, 1), "members_assembly", V.ON_TRACK, 3),
        (date(2026, 4, 2), "members_assembly", V.NOT_DUE, 2),
        (date(2026, 10, 2), "members_assembly", V.NOT_APPLICABLE, 0),
        (date(2026, 5, 2), "committee_meeting", V.NOT_DUE, 7),
    ],
)
def test_a_branch_founded_within_the_year_owes_its_first_full_periods(
    rules: RulePack, since: date, kind: str, verdict: Verdict, required: int
) -> None:
    found = of(rules, of_year([], [committee(since)], since))

    assert (part(found, kind).verdict, part(found, kind).required) == (verdict, required)


@pytest.mark.parametrize("rule", ["1c", "1d"])
@pytest.mark.parametrize(
    ("since", "months", "today", "verdict"),
    [
        (None, (), date(2026, 9, 30), V.ON_TRACK),
        (None, (), date(2026, 10, 1), V.AT_RISK),
        (None, (), date(2027, 1, 1), V.OVERDUE),
        (None, (12,), date(2027, 1, 1), V.MET),
        # Six months remain from July on, five from August on.
        (date(2026, 7, 31), (), date(2026, 9, 1), V.ON_TRACK),
        (date(2026, 8, 1), (), date(2026, 9, 1), V.NOT_APPLICABLE),
    ],
)
def test_once_a_year_the_branch_looks_at_itself(
    rules: RulePack,
    rule: str,
    since: date | None,
    months: tuple[int, ...],
    today: date,
    verdict: Verdict,
) -> None:
    kind = {"1c": "organizational_life_meeting", "1d": "member_appraisal"}[rule]
    found = of(rules, of_year(held(kind, *months), since=since), today, rule)

    assert found.verdict is verdict


def test_the_worst_check_says_how_many_days_are_left(rules: RulePack) -> None:
    months = [*QUARTERS, *held("committee_meeting", 1, 2, 3, 4)]
    found = of(rules, of_year(months, [committee(OLD)]), date(2026, 5, 26))

    assert (found.verdict, found.remaining_days) == (V.AT_RISK, 5)


def test_entered_too_late_makes_the_whole_rule_late(rules: RulePack) -> None:
    months = [*QUARTERS, *group(A, 1, 2, 3, 5), *group(A, 4, late=True)]

    assert of(rules, of_year(months, [founded(A, OLD)])).verdict is V.MET_LATE


@pytest.mark.parametrize(
    ("kind", "day", "closes"),
    [
        # Ten working days after the month, the quarter and the year it happened in.
        ("committee_meeting", date(2026, 1, 5), date(2026, 2, 13)),
        (kind_for("group_meeting", A), date(2026, 1, 5), date(2026, 2, 13)),
        ("theme_day", date(2026, 1, 5), date(2026, 2, 13)),
        ("party_lecture", date(2026, 1, 5), date(2026, 4, 15)),
        # Sunday the 4th is a make-up day.
        ("member_appraisal", date(2025, 1, 5), date(2026, 1, 15)),
    ],
)
def test_an_entry_is_in_time_within_ten_working_days_after_the_period(
    rules: RulePack, kind: str, day: date, closes: date
) -> None:
    assert rules.period_closed_by(kind, day) == closes


def test_theme_days_are_shown_and_in_no_verdict(rules: RulePack) -> None:
    assert [f.title for f in rules.file.frequencies] == ["主题党日"]
    assert rules.touched_by("theme_day", SubjectKind.ORGANIZATION) == []
