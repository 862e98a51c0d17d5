"""Whatever the rule and whatever a subject did: verdict, bits and cell tell the same."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import event, example, given
from hypothesis import strategies as st

from backend.core import clock
from backend.core.settings import DEFAULT_RULE_PACK
from backend.ledger import packs
from backend.ledger.duty_years import Judge
from backend.ledger.holdings import Holding, MonthCount
from backend.ledger.masks import Masks, begun, ended
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import CELL_OF, NOBODY, Case, see
from tests.backend.ledger.made_up import check, rule
from tests.random_cases import cases

V = Verdict
# Not a fixture: it is printed with each case.
RULES = packs.load(DEFAULT_RULE_PACK)
YEAR = 2028
KINDS = ("a", "b", "c")
DAYS = st.dates(date(YEAR - 1, 10, 1), date(YEAR + 1, 3, 1))
# Edges are where mistakes are.
EDGES = st.sampled_from(
    [date(YEAR, month, day) for month in (1, 2, 3, 4, 7, 10) for day in (1, 2)]
    + [date(YEAR, 2, 29), date(YEAR, 6, 30), date(YEAR, 12, 31), date(YEAR + 1, 1, 1)]
)
SOME_DAY = DAYS | EDGES
KINDS_OF = st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True)
HELD = st.sampled_from([None, None, "held"])


def _counts() -> st.SearchStrategy[dict[str, Any]]:
    period = st.sampled_from(["month", "quarter", "half_year", "year"])
    least = st.builds(
        lambda kinds, n, period, held, each: check(
            kinds=kinds, threshold=n, period=period, held=held, each=each and held is not None
        ),
        KINDS_OF,
        st.integers(1, 4),
        period,
        HELD,
        st.booleans(),
    )
    most = st.builds(
        lambda kinds, n, period: check(kinds=kinds, threshold=0, most=n, period=period),
        KINDS_OF,
        st.integers(0, 3),
        period,
    )
    amount = st.builds(
        lambda kinds, n, share: check(
            kinds=kinds,
            threshold=n,
            sum="amount",
            per_unit=45,
            cap={"kind": kinds[0], "share": share} if share else None,
        ),
        KINDS_OF,
        st.integers(1, 200),
        st.sampled_from([None, 0.29, 0.5, 1.0]),
    )
    return least | most | amount


def _others() -> st.SearchStrategy[dict[str, Any]]:
    standing = st.builds(
        lambda kinds, held, all_, on: check("standing", kinds=kinds, held=held, all=all_, on=on),
        KINDS_OF,
        HELD,
        st.booleans(),
        st.sampled_from(["today", "first_day"]),
    )
    between = st.builds(
        lambda kinds, n, more: check("standing", kinds=kinds, threshold=n, most=n + more),
        KINDS_OF,
        st.integers(0, 2),
        st.integers(0, 1),
    )
    cases_ = st.just(check("cases", kinds=["a"], fulfilled=["b"]))
    return standing | between | cases_


@st.composite
def rules_made_up(draw: st.DrawFn) -> Rule:
    checks = draw(st.lists(_counts() | _others(), min_size=1, max_size=3))
    given_: dict[str, Any] = {
        "modality": draw(st.sampled_from(["must", "must", "must", "may", "target", "qualitative"]))
    }
    first, last = draw(st.none() | SOME_DAY), draw(st.none() | SOME_DAY)
    if first is not None and last is not None and last <= first:
        last = first + timedelta(days=40)
    return rule(*checks, valid_from=first, valid_to=last, **given_)


COUNTS = st.builds(
    lambda kind, month, times, late, amount, amount_late: MonthCount(
        kind, date(YEAR, month, 1), times, min(late, times), amount, min(amount_late, amount)
    ),
    st.sampled_from([*KINDS, "a:1", "a:2", "b:1"]),
    st.integers(1, 12),
    st.integers(1, 4),
    st.integers(0, 4),
    st.integers(0, 200),
    st.integers(0, 200),
)
FACTS = st.builds(
    lambda kind, first, days, source: Holding(
        kind, first, None if days is None else first + timedelta(days=days), source
    ),
    st.sampled_from([*KINDS, "held", "held", "exemption_made_up", "exemption_made_up"]),
    SOME_DAY | st.just(date(YEAR - 3, 5, 1)),
    st.none() | st.integers(0, 400),
    st.integers(1, 2),
)


def judged(
    made_up: Rule, months: list[MonthCount], facts: list[Holding], since: date | None, today: date
) -> Masks:
    """Return how those stand who stand alike, as the ledger remembers it."""
    with clock.at(datetime(today.year, today.month, today.day, 12, tzinfo=clock.SHANGHAI)):
        judge = Judge(RulePack(RULES.file.model_copy(update={"rules": (made_up,)})))
    alike = [fact._replace(source_id=fact.source_id + 7) for fact in facts]
    if not made_up.asks_each:
        # Whoever holds them.
        judge.masks(made_up, YEAR, since, months[::-1], alike[::-1])
    return judge.masks(made_up, YEAR, since, months, facts)


@cases(60)
@given(
    made_up=rules_made_up(),
    months=st.lists(COUNTS, max_size=8, unique_by=lambda one: (one.kind, one.month)),
    facts=st.lists(FACTS, max_size=5),
    since=st.none() | SOME_DAY,
    today=SOME_DAY,
)
# Nothing was done too often in a half-year that has not begun: that is not met yet.
@example(
    made_up=rule(check(threshold=0, most=0, period="half_year")),
    months=[], facts=[], since=date(YEAR, 6, 15), today=date(YEAR, 1, 1),
)  # fmt: skip
def test_the_verdict_says_what_the_bits_say(
    made_up: Rule,
    months: list[MonthCount],
    facts: list[Holding],
    since: date | None,
    today: date,
) -> None:
    seen = see(
        Case("", made_up, str(today), V.MET, "", "", "", "", str(since) if since else None,
             months, facts, YEAR),
        RULES,
    )  # fmt: skip
    verdict, owed, done = seen.judgement.verdict, seen.masks.owed, seen.masks.done
    due = owed & begun(made_up, YEAR, today)
    short = due & ~done & ended(made_up, YEAR, today)
    event(f"{verdict} {seen.cell}")

    if made_up.in_force(YEAR):
        assert judged(made_up, months, facts, since, today) == seen.masks

    assert done & ~owed == 0
    assert (verdict is V.NOT_APPLICABLE) == (owed == 0)
    assert (seen.cell == NOBODY) == (due == 0)
    if verdict in CELL_OF and due:
        assert CELL_OF[verdict] == seen.cell
    if due and not seen.masks.exempt and made_up.judged:
        assert (verdict is V.OVERDUE) == bool(short)
        assert (verdict in {V.MET, V.MET_LATE}) == (due & ~done == 0)
    if owed and not due:
        assert verdict in {V.NOT_DUE, V.EXEMPT, V.PROGRESS}
    if not made_up.judged:
        assert verdict in {V.PROGRESS, V.EXEMPT, V.NOT_APPLICABLE}
        assert short == 0
