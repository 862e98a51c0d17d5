"""Targets: a share is judged, where the rule says, and subjects fall short of nothing."""

from collections.abc import Sequence

import pytest

from backend.figures.cells import Cell, Counts
from backend.ledger.holdings import Holding
from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from backend.people.areas.models import Area, AreaKind, AreaLevel
from tests.backend.ledger.hand import NOBODY, Case, cases, held, numbered, posted, try_it

V = Verdict
WAY = "on_the_way"


def facts(*given: Holding) -> dict[str, Sequence[Holding]]:
    return {"facts": given}


# Targets and what may be done are never overdue, however long ago (spec 1.1).
PROGRESS = [
    *cases(
        "A6 8a, 8b",
        "8a",
        ("2026-06-01", V.PROGRESS, "0/1", "1", "0", WAY),
        ("2030-06-01", V.PROGRESS, "0/1", "1", "0", WAY),
        (
            "2026-06-01",
            V.PROGRESS,
            "1/1",
            "1",
            "1",
            "met",
            facts(held("entity_covered", "2026-06-01")),
        ),
    ),
    *cases(
        "20a its communities fall short of nothing",
        "20a",
        ("2026-12-31", V.PROGRESS, "0/1", "1", "0", WAY),
    ),
    *cases(
        "17a must without a number",
        "17a",
        ("2027-06-01", V.PROGRESS, "0/1", "1", "0", WAY),
        (
            "2027-06-01",
            V.PROGRESS,
            "1/1",
            "1",
            "1",
            "met",
            {"months": posted("committee_study", "2026-05")},
        ),
        ("2025-06-01", V.PROGRESS, "0/1", "1", "0", NOBODY),
        (
            "2026-06-01",
            V.EXEMPT,
            "0/1",
            "1",
            "0",
            "exempt",
            facts(held("exemption_17a", "2026-01-01")),
        ),
    ),
]


@pytest.mark.parametrize("case", numbered(PROGRESS))
def test_what_nobody_falls_short_of_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)


def area(level: AreaLevel, kind: AreaKind = AreaKind.REGION) -> Area:
    return Area(code="460105", name="某区", level=level, kind=kind)


DISTRICT, CITY = area(AreaLevel.DISTRICT), area(AreaLevel.CITY)
STREET = area(AreaLevel.TOWNSHIP, AreaKind.STREET)


@pytest.mark.parametrize(
    ("clause", "rule_id", "where", "bound", "met", "exempt", "needed", "verdict"),
    [
        # ceil(0.10 x n), in each district by itself.
        ("20a", "20a", DISTRICT, 30, 3, 0, 3, V.MET),
        ("20a", "20a", DISTRICT, 30, 2, 0, 3, V.OVERDUE),
        ("20a", "20a", DISTRICT, 31, 3, 0, 4, V.OVERDUE),
        ("20a", "20a", DISTRICT, 31, 4, 0, 4, V.MET),
        ("20a", "20a", DISTRICT, 70, 7, 0, 7, V.MET),
        ("20a", "20a", DISTRICT, 1, 1, 0, 1, V.MET),
        ("20a", "20a", DISTRICT, 1, 0, 0, 1, V.OVERDUE),
        ("20a", "20a", DISTRICT, 11, 1, 1, 1, V.MET),
        ("20a", "20a", DISTRICT, 0, 0, 0, 0, None),
        ("20a", "20a", CITY, 198, 0, 0, None, None),
        ("20a", "20a", STREET, 10, 0, 0, None, None),
        # 90 and 100 of a hundred: told, never short of.
        ("A6 8a", "8a", DISTRICT, 20, 17, 0, 18, V.PROGRESS),
        ("A6 8b", "8b", DISTRICT, 11, 11, 0, 10, V.PROGRESS),
        ("8c", "8c", DISTRICT, 7, 6, 0, 7, V.PROGRESS),
        ("8d", "8d", STREET, 3, 0, 0, 3, V.PROGRESS),
        # More than half (A13): of ten, six.
        ("A13 9d", "9d", DISTRICT, 10, 5, 0, 6, V.PROGRESS),
        ("A13 9d", "9d", DISTRICT, 11, 6, 0, 6, V.PROGRESS),
    ],
)
def test_a_share_is_judged_where_the_rule_says_and_nowhere_else(
    rules: RulePack,
    clause: str,
    rule_id: str,
    where: Area,
    bound: int,
    met: int,
    exempt: int,
    needed: int | None,
    verdict: Verdict | None,
) -> None:
    counts = Counts(bound=bound, met=met, on_the_way=bound - met - exempt, exempt=exempt)
    cell = Cell(where, rules.by_id[rule_id], counts)

    assert (cell.needed, cell.verdict) == (needed, verdict), clause
