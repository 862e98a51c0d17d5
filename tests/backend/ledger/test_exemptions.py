"""Exemptions: how many months of a year they free, and what is owed for the rest."""

from datetime import date
from math import ceil

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.figures import my_duties
from backend.figures.rates import rates
from backend.ledger.holdings import Holding, MonthCount, free_months, ledger_of, owed_months
from backend.ledger.masks import masks_of
from backend.ledger.models import StandingFact, SubjectKind
from backend.ledger.rulepack import RulePack, exemption_kind
from backend.ledger.verdicts import Verdict, judge
from tests import ledger as city_ledger
from tests.factories import Make

V = Verdict
YEAR = 2026


def away(*spans: tuple[date, date | None], rule_id: str = "2k") -> list[Holding]:
    return [Holding(exemption_kind(rule_id), first, end) for first, end in spans]


@pytest.mark.parametrize(
    ("spans", "free"),
    [
        ([], []),
        ([(date(2026, 2, 10), date(2026, 9, 10))], [3, 4, 5, 6, 7, 8]),
        ([(date(2026, 3, 1), date(2026, 4, 1))], [3]),
        ([(date(2026, 3, 2), date(2026, 4, 1))], []),
        ([(date(2026, 3, 1), date(2026, 3, 31))], []),
        # What meets is one; a day between is not.
        ([(date(2026, 3, 1), date(2026, 3, 20)), (date(2026, 3, 20), date(2026, 4, 1))], [3]),
        ([(date(2026, 3, 1), date(2026, 3, 20)), (date(2026, 3, 21), date(2026, 4, 1))], []),
        # An open one frees every month to come.
        ([(date(2026, 11, 15), None)], [12]),
        ([(date(2025, 6, 1), None)], list(range(1, 13))),
        ([(date(2025, 1, 1), date(2026, 1, 1))], []),
    ],
)
def test_only_months_covered_from_end_to_end_are_free(
    spans: list[tuple[date, date | None]], free: list[int]
) -> None:
    assert free_months("2k", away(*spans), YEAR) == frozenset(free)
    assert free_months("2i", away(*spans), YEAR) == frozenset()


@pytest.mark.parametrize(
    ("spans", "since", "done", "verdict", "required"),
    [
        # ceil(2 x 6 / 12) = 1; ceil(2 x 7 / 12) = 2.
        ([(date(2026, 2, 10), date(2026, 9, 10))], None, 0, V.OVERDUE, 1),
        ([(date(2026, 2, 10), date(2026, 9, 10))], None, 1, V.MET, 1),
        ([(date(2026, 2, 10), date(2026, 8, 10))], None, 1, V.OVERDUE, 2),
        # One month left of the whole year: at least one.
        ([(date(2026, 1, 20), None)], None, 0, V.OVERDUE, 1),
        # Nothing left: exempt, unless it was done all the same.
        ([(date(2026, 1, 1), None)], None, 0, V.EXEMPT, 1),
        ([(date(2026, 1, 1), None)], None, 1, V.MET, 1),
        # Joined in July and away ever since: nothing is left of the half year either.
        ([(date(2026, 7, 1), None)], date(2026, 7, 1), 0, V.EXEMPT, 1),
        ([(date(2026, 1, 1), date(2026, 7, 1))], date(2026, 7, 1), 0, V.OVERDUE, 1),
    ],
)
def test_what_is_owed_for_the_months_that_are_left(
    rules: RulePack,
    spans: list[tuple[date, date | None]],
    since: date | None,
    done: int,
    verdict: Verdict,
    required: int,
) -> None:
    rule, today = rules.by_id["2k"], date(2027, 1, 10)
    months = [MonthCount("volunteer_service", date(2026, 12, 1), done, 0)] if done else []
    ledger = ledger_of(rule, YEAR, months, away(*spans), since, today=today)

    found = judge(rule, rules.counting, today=today, ledger=ledger)

    assert (found.verdict, found.required) == (verdict, required)
    assert bool(masks_of(rule, ledger).done & 1) == (verdict is V.MET)


SPANS = st.lists(
    st.tuples(st.integers(1, 365), st.integers(0, 365)).map(
        lambda s: (date.fromordinal(date(2026, 1, 1).toordinal() + s[0] - 1), s[1])
    ),
    max_size=4,
)


@given(spans=SPANS, joined=st.integers(1, 12))
def test_the_months_left_are_those_neither_free_nor_before_joining(
    rules: RulePack, spans: list[tuple[date, int]], joined: int
) -> None:
    holdings = away(*((d, date.fromordinal(d.toordinal() + n)) for d, n in spans))
    since, rule = date(2026, joined, 1), rules.by_id["2k"]
    free = free_months("2k", holdings, YEAR)
    left = len(owed_months(YEAR, since) - free)
    ledger = ledger_of(rule, YEAR, [], holdings, since, today=date(2027, 1, 10))
    found = judge(rule, rules.counting, today=date(2027, 1, 10), ledger=ledger)

    assert found.required == max(1, ceil(2 * left / 12))
    assert (found.verdict is V.EXEMPT) == (left == 0)


@pytest.mark.parametrize(
    ("first", "last", "exempt"),
    [
        ((1, 1), None, True),
        ((1, 2), None, False),
        ((1, 1), (12, 1), False),
    ],
)
def test_the_rates_count_as_exempt_who_is_exempt_and_nobody_else(
    session: Session,
    rules: RulePack,
    make: Make,
    first: tuple[int, int],
    last: tuple[int, int] | None,
    exempt: bool,
) -> None:
    crew = [make.actor(make.member(make.branch())) for _ in range(6)]
    year = clock.today().year
    for actor in crew:
        session.add(
            StandingFact(
                kind=exemption_kind("2k"),
                subject_kind=SubjectKind.MEMBER,
                subject_id=actor.as_member(),
                starts_on=date(year, *first),
                ends_on=date(year, *last) if last else None,
                source_type="registration_pause",
                source_id=actor.as_member(),
            )
        )
    city_ledger.bind(session, rules)
    officer = Actor(0, grants=make.officer(Role.CITY_OFFICER, make.city()).grants)
    cell = rates(
        session, rules, actor=officer, area_code=make.city().code, rule_id="2k", year=year
    ).total

    verdicts = {
        duty.judgement.verdict
        for actor in crew
        for duty in my_duties.duties(session, rules, actor=actor, year=year)
        if duty.rule.id == "2k"
    }
    assert (V.EXEMPT in verdicts) == exempt
    assert cell.exempt == (6 if exempt else 0)
    assert session.scalar(sa.select(sa.func.count(StandingFact.id))) == 6
