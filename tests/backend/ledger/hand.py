"""Cases worked by hand: how they are written down, and how one is tried in the three ways in which
the ledger tells how a subject stands: the verdict, the bits of its year, the cell it is counted in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from backend.figures.cells import Counts
from backend.figures.rates import Teller
from backend.ledger.holdings import Holding, MonthCount, ledger_of
from backend.ledger.masks import Masks, masks_of
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.verdicts import Judgement, Verdict, judge

V = Verdict
# The cell of whom nothing binds yet, or at all.
NOBODY = "nobody"
# How who has a verdict is counted. What nobody falls short of is met or on the way.
CELL_OF = {
    V.NOT_APPLICABLE: NOBODY,
    V.NOT_DUE: NOBODY,
    V.EXEMPT: "exempt",
    V.ON_TRACK: "on_the_way",
    V.AT_RISK: "on_the_way",
    V.MET: "met",
    V.MET_LATE: "met",
    V.OVERDUE: "overdue",
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def posted(kind: str, *months: str, times: int = 1, late: int = 0, **amounts: int) -> Any:
    """Occasions of a kind in each month ("2026-03"), the first `late` of them entered too late."""
    return [MonthCount(kind, day(f"{month}-01"), times, late, **amounts) for month in months]


def held(kind: str, first: str, end: str | None = None, source: int = 1) -> Holding:
    """A fact from a day up to, not including, another."""
    return Holding(kind, day(first), day(end) if end else None, source)


def bits(text: str) -> int:
    """Read bits as they are written, the first period first: "0100" is the second quarter."""
    return sum(1 << at for at, one in enumerate(text.replace(" ", "")) if one == "1")


@dataclass(frozen=True)
class Case:
    """`needs`: done/required as shown. `owed`, `done`: bits of the year, check after check."""

    clause: str
    rule: str | Rule
    today: str
    verdict: Verdict
    needs: str
    owed: str
    done: str
    cell: str
    since: str | None = None
    months: Sequence[MonthCount] = ()
    facts: Sequence[Holding] = ()
    year: int = 2026

    @property
    def name(self) -> str:
        id_ = self.rule if isinstance(self.rule, str) else self.rule.id
        return f"{self.clause} | {id_} on {self.today}: {self.verdict} {self.needs}"


@dataclass(frozen=True)
class Seen:
    """One subject as the ledger tells of it."""

    judgement: Judgement
    masks: Masks
    cell: str


def see(case: Case, rules: RulePack) -> Seen:
    rule = rules.by_id[case.rule] if isinstance(case.rule, str) else case.rule
    today, since = day(case.today), day(case.since) if case.since else None
    ledger = ledger_of(rule, case.year, case.months, case.facts, since, today=today)
    masks = masks_of(rule, ledger)
    counts = Teller(rule, case.year, today).tell(
        masks.done, masks.owed, exempt=masks.exempt, subjects=1
    )
    return Seen(judge(rule, rules.counting, today=today, ledger=ledger), masks, cell_of(counts))


def cell_of(counts: Counts) -> str:
    """Return in which of the numbers one subject is counted; `bound` stands beside each."""
    names = ("met", "on_the_way", "overdue", "exempt")
    found = [name for name in names if getattr(counts, name)]
    assert len(found) == counts.bound == sum(getattr(counts, name) for name in names)
    return found[0] if found else NOBODY


def try_it(case: Case, rules: RulePack) -> None:
    """Compare a case with what was worked out by hand, in all three ways."""
    seen = see(case, rules)
    told = seen.judgement
    assert (told.verdict, f"{told.done}/{told.required}") == (case.verdict, case.needs)
    assert (f"{seen.masks.owed:b}", f"{seen.masks.done:b}") == (
        f"{bits(case.owed):b}",
        f"{bits(case.done):b}",
    )
    assert seen.cell == case.cell
    if case.verdict is V.PROGRESS:
        assert case.cell in {"met", "on_the_way", NOBODY}
    else:
        assert case.cell == CELL_OF[case.verdict]


def numbered(laid: Sequence[Case]) -> list[Any]:
    """Give each case a name that says what it is about."""
    return [pytest.param(case, id=f"{at}: {case.name}") for at, case in enumerate(laid, start=1)]


def cases(clause: str, rule: str | Rule, *rows: tuple[Any, ...], **given: Any) -> list[Case]:
    """Lay out cases of one clause and rule: (today, verdict, needs, owed, done, cell, more)."""
    laid = []
    for row in rows:
        *told, more = row if isinstance(row[-1], dict) else (*row, {})
        laid.append(replace(Case(clause, rule, *told, **given), **more))
    return laid
