"""Rules that begin or end within the year, and years that have not begun: worked by hand (1.1)."""

import pytest

from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import NOBODY, Case, cases, held, numbered, posted, try_it
from tests.backend.ledger.made_up import check, rule

V = Verdict
WAY = "on_the_way"
FROM_JULY = {"valid_from": "2026-07-01"}
TO_JULY = {"valid_to": "2026-07-01"}
VALIDITY = [
    *cases(
        "1.1 a rule that begins in July",
        rule(check(period="quarter"), **FROM_JULY),
        ("2026-06-30", V.NOT_DUE, "0/2", "0011", "0000", NOBODY),
        ("2026-07-01", V.ON_TRACK, "0/2", "0011", "0000", WAY),
        ("2026-10-01", V.OVERDUE, "0/2", "0011", "0000", "overdue"),
    ),
    *cases(
        "1.1 a rule that begins in July",
        rule(check(threshold=4), **FROM_JULY),
        ("2026-06-30", V.NOT_DUE, "0/2", "1", "0", NOBODY),
        ("2026-07-01", V.ON_TRACK, "0/2", "1", "0", WAY),
        ("2027-01-01", V.OVERDUE, "0/2", "1", "0", "overdue"),
    ),
    *cases(
        "1.1 a rule that begins in July: what must stand",
        rule(check("standing"), **FROM_JULY),
        ("2026-06-30", V.NOT_DUE, "0/1", "1", "0", NOBODY),
        ("2026-07-01", V.OVERDUE, "0/1", "1", "0", "overdue"),
        ("2026-07-01", V.MET, "1/1", "1", "1", "met", {"facts": [held("done", "2026-05-01")]}),
    ),
    *cases(
        "1.1 a rule that begins in August asks once a year from the next on",
        rule(check(), valid_from="2026-08-01"),
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY),
    ),
    *cases(
        "1.1 a rule that ends in July",
        rule(check(period="quarter"), **TO_JULY),
        ("2026-06-30", V.OVERDUE, "0/2", "1100", "0000", "overdue"),
        (
            "2026-12-31",
            V.MET,
            "2/2",
            "1100",
            "1100",
            "met",
            {"months": posted("done", "2026-01", "2026-04")},
        ),
    ),
    *cases(
        "1.1 a rule that ends in July: the year ends with it",
        rule(check(threshold=4), **TO_JULY),
        ("2026-06-30", V.ON_TRACK, "1/2", "1", "0", WAY),
        ("2026-07-01", V.OVERDUE, "1/2", "1", "0", "overdue"),
        months=posted("done", "2026-03"),
    ),
    *cases(
        "1.1 a rule that ends in July: what must stand, up to its last day",
        rule(check("standing"), **TO_JULY),
        (
            "2026-12-31",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            {"facts": [held("done", "2026-05-01", "2026-07-01")]},
        ),
        (
            "2026-12-31",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            {"facts": [held("done", "2026-05-01", "2026-06-30")]},
        ),
        (
            "2026-12-31",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            {"facts": [held("done", "2026-07-01")]},
        ),
    ),
    # Before its year begins nothing is due, whatever stands already.
    *cases(
        "1.3 not due before the year",
        "2h",
        (
            "2026-12-31",
            V.NOT_DUE,
            "1/1",
            "1",
            "1",
            NOBODY,
            {"facts": [held("unit_registration", "2026-05-01")]},
        ),
        (
            "2027-01-01",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            {"facts": [held("unit_registration", "2026-05-01")]},
        ),
        ("2026-12-31", V.NOT_DUE, "0/1", "1", "0", NOBODY),
        ("2027-01-01", V.OVERDUE, "0/1", "1", "0", "overdue"),
        year=2027,
    ),
]


@pytest.mark.parametrize("case", numbered(VALIDITY))
def test_the_validity_of_a_rule_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
