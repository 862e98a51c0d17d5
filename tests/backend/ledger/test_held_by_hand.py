"""What is owed only while something else is held, of each holder or of all. Worked by hand."""

from collections.abc import Sequence

import pytest

from backend.ledger.holdings import Holding
from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import NOBODY, Case, cases, held, numbered, posted, try_it
from tests.backend.ledger.made_up import check, rule

V = Verdict
WAY = "on_the_way"


def facts(*given: Holding) -> dict[str, Sequence[Holding]]:
    return {"facts": given}


HUNDRED, FIFTY, BODY = "members_100", "members_50", "community_greater_committee"
# 5a, 5b: a community owes it from the snapshot that counts 100 on, and no longer than that holds.
HELD = [
    *cases(
        "A5 5a from 100 on",
        "5a",
        (
            "2026-06-30",
            V.NOT_APPLICABLE,
            "0/0",
            "0",
            "0",
            NOBODY,
            facts(held(HUNDRED, "2026-07-01")),
        ),
        ("2026-07-01", V.OVERDUE, "0/1", "1", "0", "overdue", facts(held(HUNDRED, "2026-07-01"))),
        (
            "2026-07-01",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            facts(held(HUNDRED, "2026-07-01"), held(BODY, "2021-01-01")),
        ),
        (
            "2026-10-01",
            V.NOT_APPLICABLE,
            "0/0",
            "0",
            "0",
            NOBODY,
            facts(held(HUNDRED, "2026-07-01", "2026-10-01")),
        ),
        # With 50 to 99 members nothing is owed, body or not.
        (
            "2026-07-01",
            V.NOT_APPLICABLE,
            "0/0",
            "0",
            "0",
            NOBODY,
            facts(held(FIFTY, "2026-04-01"), held(BODY, "2021-01-01")),
        ),
    ),
    *cases(
        "5b may",
        "5b",
        ("2026-12-31", V.PROGRESS, "0/1", "1", "0", WAY, facts(held(FIFTY, "2026-04-01"))),
        ("2027-12-31", V.PROGRESS, "0/1", "1", "0", WAY, facts(held(FIFTY, "2026-04-01"))),
        (
            "2026-12-31",
            V.PROGRESS,
            "1/1",
            "1",
            "1",
            "met",
            facts(held(FIFTY, "2026-04-01"), held(BODY, "2021-01-01")),
        ),
        (
            "2026-12-31",
            V.NOT_APPLICABLE,
            "0/0",
            "0",
            "0",
            NOBODY,
            facts(held(HUNDRED, "2026-04-01")),
        ),
    ),
    *cases(
        "13a what there is must be covered",
        "13a",
        ("2026-06-01", V.NOT_APPLICABLE, "0/0", "00", "00", NOBODY),
        (
            "2026-06-01",
            V.OVERDUE,
            "0/1",
            "01",
            "00",
            "overdue",
            facts(held("estate_property_firm", "2026-01-01")),
        ),
        (
            "2026-06-01",
            V.MET,
            "1/1",
            "01",
            "01",
            "met",
            facts(
                held("estate_property_firm", "2026-01-01"),
                held("property_firm_covered", "2026-06-01"),
            ),
        ),
        (
            "2026-06-01",
            V.OVERDUE,
            "1/2",
            "11",
            "01",
            "overdue",
            facts(
                held("estate_owners_committee", "2026-01-01"),
                held("estate_property_firm", "2026-01-01"),
                held("property_firm_covered", "2026-02-01"),
            ),
        ),
        (
            "2026-06-01",
            V.MET,
            "2/2",
            "11",
            "11",
            "met",
            facts(
                held("estate_owners_committee", "2026-01-01"),
                held("estate_property_firm", "2026-01-01"),
                held("property_firm_covered", "2026-02-01"),
                held("owners_committee_covered", "2026-02-01"),
            ),
        ),
    ),
    # 1a: a committee that hands over to the next one on a day owes the month of that day, too.
    *cases(
        "1a held without a gap",
        rule(check(period="month", held="committee"), id="handed_over"),
        (
            "2026-04-01",
            V.OVERDUE,
            "0/12",
            "1" * 12,
            "0",
            "overdue",
            facts(
                held("committee", "2025-01-01", "2026-03-15"),
                held("committee", "2026-03-15", source=2),
            ),
        ),
        (
            "2026-04-01",
            V.OVERDUE,
            "0/11",
            "110111111111",
            "0",
            "overdue",
            facts(
                held("committee", "2025-01-01", "2026-03-15"),
                held("committee", "2026-03-16", source=2),
            ),
        ),
    ),
]
EACH = rule(check(threshold=2, held="post", each=True), id="each_post")
HOLDERS = cases(
    "1.3 each holder by itself, for the months that are left",
    EACH,
    # From July on ceil(2 x 6 / 12) = 1 of each of two posts that were there all the year.
    ("2026-12-01", V.AT_RISK, "0/2", "1", "0", WAY),
    ("2026-12-01", V.AT_RISK, "1/2", "1", "0", WAY, {"months": posted("done:7", "2026-08")}),
    (
        "2026-12-01",
        V.MET,
        "2/2",
        "1",
        "1",
        "met",
        {"months": [*posted("done:7", "2026-08"), *posted("done:8", "2026-09")]},
    ),
    (
        "2026-12-01",
        V.AT_RISK,
        "1/2",
        "1",
        "0",
        WAY,
        {"months": posted("done:7", "2026-08", times=2)},
    ),
    since="2026-07-01",
    facts=[held("post", "2020-01-01", source=7), held("post", "2020-01-01", source=8)],
)


@pytest.mark.parametrize("case", numbered([*HELD, *HOLDERS]))
def test_what_is_held_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
