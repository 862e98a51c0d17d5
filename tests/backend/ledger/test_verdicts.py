"""The arithmetic of spec 1.3, case by case, worked by hand."""

from collections.abc import Sequence
from datetime import date

import pytest

from backend.ledger.holdings import Holding, Ledger, MonthCount
from backend.ledger.masks import begun, masks_of
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.slots import threshold_of
from backend.ledger.verdicts import Verdict, judge, judge_check

V = Verdict


def months(kind: str, *counts: tuple[int, int], late: int = 0) -> list[MonthCount]:
    """(month, occasions) of 2026; the first `late` of each are late."""
    return [MonthCount(kind, date(2026, m, 1), n, min(n, late)) for m, n in counts]


def of_year(
    counted: Sequence[MonthCount] = (),
    since: date | None = None,
    *,
    holdings: Sequence[Holding] = (),
    today: date = date(2026, 12, 31),
    exempt: bool = False,
    year: int = 2026,
) -> Ledger:
    day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    return Ledger(year, day, counted, holdings, since, exempt=exempt)


SERVICE, ASSEMBLY = "volunteer_service", "members_assembly"


@pytest.mark.parametrize(
    ("today", "counts", "since", "verdict", "required", "done"),
    [
        # A year of 365 days is at risk with less than 91.25 days left: from 1 October on.
        (date(2026, 3, 1), [], None, V.ON_TRACK, 2, 0),
        (date(2026, 9, 30), [], None, V.ON_TRACK, 2, 0),
        (date(2026, 10, 1), [(3, 1)], None, V.AT_RISK, 2, 1),
        (date(2026, 12, 31), [(3, 1)], None, V.AT_RISK, 2, 1),
        (date(2027, 1, 1), [(3, 1)], None, V.OVERDUE, 2, 1),
        (date(2025, 12, 31), [], None, V.NOT_DUE, 2, 0),
        (date(2026, 2, 1), [(1, 2)], None, V.MET, 2, 2),
        (date(2026, 6, 1), [(1, 1), (5, 1)], None, V.MET, 2, 2),
        (date(2026, 6, 1), [(1, 5)], None, V.MET, 2, 5),
        # Joined on 1 July: ceil(2 x 6 / 12) = 1; in February: ceil(2 x 11 / 12) = 2.
        (date(2026, 8, 1), [(8, 1)], date(2026, 7, 1), V.MET, 1, 1),
        (date(2026, 8, 1), [], date(2026, 2, 14), V.ON_TRACK, 2, 0),
        (date(2026, 12, 5), [], date(2026, 12, 1), V.AT_RISK, 1, 0),
        (date(2026, 6, 1), [(2, 2)], date(2020, 1, 1), V.MET, 2, 2),
    ],
)
def test_two_services_a_year(
    rules: RulePack,
    today: date,
    counts: list[tuple[int, int]],
    since: date | None,
    verdict: Verdict,
    required: int,
    done: int,
) -> None:
    ledger = of_year(months(SERVICE, *counts), since)

    found = judge(rules.by_id["2k"], rules.counting, today=today, ledger=ledger)

    assert (found.verdict, found.required, found.done) == (verdict, required, done)


@pytest.mark.parametrize(
    ("today", "counts", "since", "verdict", "required", "done"),
    [
        (date(2026, 2, 1), [], None, V.ON_TRACK, 4, 0),
        (date(2026, 3, 20), [], None, V.AT_RISK, 4, 0),
        (date(2026, 4, 1), [], None, V.OVERDUE, 4, 0),
        (date(2026, 4, 1), [(3, 1)], None, V.ON_TRACK, 4, 1),
        (date(2026, 5, 1), [(3, 1), (4, 1)], None, V.MET, 4, 2),
        # Four meetings in one quarter do not make up for the others.
        (date(2026, 7, 1), [(1, 4)], None, V.OVERDUE, 4, 1),
        (date(2027, 1, 5), [(1, 1), (4, 1), (9, 1), (12, 1)], None, V.MET, 4, 4),
        (date(2027, 1, 5), [(1, 1), (4, 1), (12, 1)], None, V.OVERDUE, 4, 3),
        # Founded in mid-May: the third quarter is the first full one.
        (date(2026, 6, 1), [], date(2026, 5, 15), V.NOT_DUE, 2, 0),
        (date(2026, 8, 1), [(8, 1)], date(2026, 5, 15), V.MET, 2, 1),
        (date(2026, 12, 1), [], date(2026, 11, 1), V.NOT_APPLICABLE, 0, 0),
    ],
)
def test_a_member_meeting_each_quarter(
    rules: RulePack,
    today: date,
    counts: list[tuple[int, int]],
    since: date | None,
    verdict: Verdict,
    required: int,
    done: int,
) -> None:
    ledger = of_year(months(ASSEMBLY, *counts), since)

    found = judge_check(rules.by_id["1a"].checks[0], rules.counting, today, ledger)

    assert (found.verdict, found.required, found.done) == (verdict, required, done)


@pytest.mark.parametrize(
    ("since", "verdict"),
    [(None, V.ON_TRACK), (date(2026, 7, 31), V.ON_TRACK), (date(2026, 8, 1), V.NOT_APPLICABLE)],
)
def test_a_duty_of_once_a_year_binds_who_has_six_months_left(
    rules: RulePack, since: date | None, verdict: Verdict
) -> None:
    ledger = of_year(since=since)

    found = judge(rules.by_id["12g"], rules.counting, today=date(2026, 9, 1), ledger=ledger)

    assert found.verdict is verdict


def test_entered_too_late_is_met_late(rules: RulePack) -> None:
    ledger = of_year(months(SERVICE, (3, 2), late=1))

    found = judge(rules.by_id["2k"], rules.counting, today=date(2027, 3, 1), ledger=ledger)

    assert found.verdict is V.MET_LATE


@pytest.mark.parametrize(
    ("holding", "today", "verdict"),
    [
        (Holding("community_registration", date(2026, 3, 1), None), date(2026, 3, 1), V.MET),
        (Holding("community_registration", date(2026, 3, 1), None), date(2026, 2, 28), V.OVERDUE),
        (
            Holding("community_registration", date(2026, 3, 1), date(2026, 5, 1)),
            date(2026, 5, 1),
            V.OVERDUE,
        ),
        # The community's silence is not the member's gap.
        (
            Holding("community_registration_unanswered", date(2026, 3, 9), None),
            date(2026, 3, 9),
            V.MET,
        ),
        (
            Holding("community_registration_unanswered", date(2026, 3, 9), None),
            date(2026, 3, 8),
            V.OVERDUE,
        ),
    ],
)
def test_a_registration_stands_from_its_first_day_and_not_on_its_last(
    rules: RulePack, holding: Holding, today: date, verdict: Verdict
) -> None:
    found = judge(
        rules.by_id["2i"],
        rules.counting,
        today=today,
        ledger=of_year(holdings=[holding], today=today),
    )

    assert found.verdict is verdict


@pytest.mark.parametrize(("year", "verdict"), [(2025, V.NOT_APPLICABLE), (2026, V.OVERDUE)])
def test_a_standing_duty_begins_with_the_year_in_which_one_is_bound(
    rules: RulePack, year: int, verdict: Verdict
) -> None:
    ledger = of_year(since=date(2026, 12, 31), year=year)
    today = date(2026, 12, 31)

    found = judge(rules.by_id["2i"], rules.counting, today=today, ledger=ledger)

    assert found.verdict is verdict


def test_who_is_exempt_owes_nothing_but_may_still_have_met_it(rules: RulePack) -> None:
    rule, today = rules.by_id["2k"], date(2026, 11, 1)
    exempt = of_year(exempt=True)
    met = of_year(months(SERVICE, (3, 2)), exempt=True)

    found = [
        judge(rule, rules.counting, today=today, ledger=ledger).verdict for ledger in (exempt, met)
    ]

    assert found == [V.EXEMPT, V.MET]


@pytest.mark.parametrize(
    ("rule_id", "counts", "since", "today", "met"),
    [
        ("2k", [(1, 2)], None, date(2026, 2, 1), True),
        ("2k", [(1, 1)], None, date(2026, 2, 1), False),
        ("1a", [(1, 1), (4, 1)], None, date(2026, 5, 1), True),
        ("1a", [(1, 1), (4, 1)], None, date(2026, 7, 1), False),
        ("1a", [(8, 1)], date(2026, 5, 15), date(2026, 8, 2), True),
        ("1a", [], None, date(2026, 1, 2), False),
    ],
)
def test_the_bits_of_a_year_say_the_same_as_the_verdict(
    rules: RulePack,
    rule_id: str,
    counts: list[tuple[int, int]],
    since: date | None,
    today: date,
    met: bool,
) -> None:
    rule: Rule = rules.by_id[rule_id]
    kinds = [SERVICE] if rule_id == "2k" else [ASSEMBLY, "party_lecture"]
    counted = [month for kind in kinds for month in months(kind, *counts)]
    ledger = of_year(counted, since)

    masks = masks_of(rule, ledger)
    verdict = judge(rule, rules.counting, today=today, ledger=ledger).verdict

    assert (masks.owed & begun(rule, 2026, today) & ~masks.done == 0) is met
    assert (verdict is V.MET) is met


def test_the_threshold_of_a_shortened_year_is_rounded_up(rules: RulePack) -> None:
    check = rules.by_id["2k"].checks[0]
    joined = {m: threshold_of(check, of_year(since=date(2026, m, 1))) for m in (1, 2, 6, 7, 12)}

    assert joined == {1: 2, 2: 2, 6: 2, 7: 1, 12: 1}
