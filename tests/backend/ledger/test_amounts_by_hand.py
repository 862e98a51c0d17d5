"""Sums of 学时 and cases, each of which has to be dealt with in its way, worked by hand."""

from collections.abc import Sequence

import pytest

from backend.ledger.holdings import MonthCount
from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import NOBODY, Case, cases, held, numbered, posted, try_it
from tests.backend.ledger.made_up import check, rule

V = Verdict
ON_SITE, ONLINE = "training_on_site", "training_online"
WAY = "on_the_way"


def minutes(on_site: int, online: int = 0, *, late: int = 0) -> dict[str, Sequence[MonthCount]]:
    """Minutes of each sort in May; the last `late` of those on the spot entered too late."""
    spot = posted(ON_SITE, "2026-05", amount=on_site, amount_late=late) if on_site else []
    return {"months": [*spot, *(posted(ONLINE, "2026-05", amount=online) if online else [])]}


# A10: a 学时 is 45 minutes; 56 are 2520, 32 are 1440; of what is needed at most half online.
HOURS = [
    *cases(
        "A10 56 学时",
        "10a",
        ("2026-06-01", V.ON_TRACK, "0/56", "1", "0", WAY),
        ("2026-06-01", V.ON_TRACK, "55/56", "1", "0", WAY, minutes(2519)),
        ("2026-06-01", V.MET, "56/56", "1", "1", "met", minutes(2520)),
        ("2026-06-01", V.MET, "60/56", "1", "1", "met", minutes(2700)),
        ("2026-12-01", V.AT_RISK, "55/56", "1", "0", WAY, minutes(2475)),
        ("2027-01-01", V.OVERDUE, "55/56", "1", "0", "overdue", minutes(2519)),
        # Half of it online, and not one minute more.
        ("2026-06-01", V.MET, "56/56", "1", "1", "met", minutes(1260, 1260)),
        ("2026-06-01", V.ON_TRACK, "55/56", "1", "0", WAY, minutes(1259, 1261)),
        ("2026-06-01", V.ON_TRACK, "28/56", "1", "0", WAY, minutes(0, 2520)),
        ("2026-06-01", V.MET, "72/56", "1", "1", "met", minutes(1980, 9000)),
    ),
    *cases(
        "A10 32 学时",
        "10b",
        ("2026-06-01", V.ON_TRACK, "31/32", "1", "0", WAY, minutes(1439)),
        ("2026-06-01", V.MET, "32/32", "1", "1", "met", minutes(1440)),
        ("2026-06-01", V.MET, "32/32", "1", "1", "met", minutes(720, 5000)),
        ("2026-06-01", V.ON_TRACK, "31/32", "1", "0", WAY, minutes(719, 5000)),
    ),
    *cases(
        "1.3 joining, A10",
        "10a",
        # From July on six months are left: 1260 minutes, 28 学时; online half of these.
        ("2026-12-01", V.AT_RISK, "27/28", "1", "0", WAY, minutes(1259)),
        ("2026-12-01", V.MET, "28/28", "1", "1", "met", minutes(1260)),
        ("2026-12-01", V.MET, "28/28", "1", "1", "met", minutes(630, 2000)),
        ("2026-12-01", V.AT_RISK, "27/28", "1", "0", WAY, minutes(629, 2000)),
        since="2026-07-01",
    ),
    *cases(
        "1.3 joining, A10",
        "10a",
        # One month: 210 minutes, of which 4 学时 and two thirds are left: five, rounded up.
        ("2026-12-31", V.AT_RISK, "4/5", "1", "0", WAY, minutes(209)),
        ("2026-12-31", V.MET, "4/5", "1", "1", "met", minutes(210)),
        since="2026-12-15",
    ),
    *cases(
        "1.3 late evidence, A10",
        "10a",
        ("2027-02-01", V.MET_LATE, "56/56", "1", "1", "met", minutes(2520, late=45)),
        ("2027-02-01", V.MET, "57/56", "1", "1", "met", minutes(2565, late=45)),
        # What is above the cap online makes up for nothing that was late.
        ("2027-02-01", V.MET_LATE, "56/56", "1", "1", "met", minutes(1260, 9000, late=1)),
    ),
    *cases(
        "1.3 exempt by months, A10",
        "10b",
        # Away from January to June: ceil(1440 x 6 / 12) = 720 minutes, 16 学时.
        ("2026-12-01", V.MET, "16/16", "1", "1", "met", minutes(720)),
        ("2026-12-01", V.AT_RISK, "15/16", "1", "0", WAY, minutes(719)),
        facts=[held("exemption_10b", "2026-01-01", "2026-07-01")],
    ),
    # A share that no binary fraction hits: 29 of 100 are 29 and not 28.
    *cases(
        "A10 the share is configurable",
        rule(
            check(kinds=["a", "b"], sum="amount", threshold=100, cap={"kind": "b", "share": 0.29})
        ),
        (
            "2026-06-01",
            V.MET,
            "100/100",
            "1",
            "1",
            "met",
            {"months": [*posted("a", "2026-05", amount=71), *posted("b", "2026-05", amount=50)]},
        ),
    ),
]


def opinions(asked: int, *, met: int = 0, late: int = 0, kind: str = "opinion_personnel") -> object:
    dealt = posted(f"{kind}_met", "2026-04", times=met, late=late) if met else []
    return {"months": [*posted(kind, "2026-04", times=asked), *dealt]}


# 3b, 3c, 14b, 14c: of all that came up, all; without a case there is nothing to ask.
EVENTS = [
    *cases(
        "3b of all decisions all",
        "3b",
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY),
        ("2026-05-01", V.OVERDUE, "0/1", "1", "0", "overdue", opinions(1)),
        ("2026-05-01", V.MET, "1/1", "1", "1", "met", opinions(1, met=1)),
        ("2026-05-01", V.OVERDUE, "2/3", "1", "0", "overdue", opinions(3, met=2)),
        ("2026-05-01", V.MET, "3/3", "1", "1", "met", opinions(3, met=3)),
        # A decision is made with or without the answer: what was not asked cannot be made up for.
        ("2027-01-01", V.OVERDUE, "2/3", "1", "0", "overdue", opinions(3, met=2)),
        ("2026-05-01", V.MET_LATE, "2/2", "1", "1", "met", opinions(2, met=2, late=1)),
    ),
    *cases(
        "14b of all work all",
        "14b",
        ("2026-05-01", V.OVERDUE, "0/1", "1", "0", "overdue", opinions(1, kind="entry_approval")),
        ("2026-05-01", V.MET, "1/1", "1", "1", "met", opinions(1, met=1, kind="entry_approval")),
        ("2026-05-01", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY, opinions(1)),
    ),
    *cases(
        "3b in another year",
        "3b",
        ("2027-05-01", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY, opinions(1)),
        year=2027,
    ),
    # Of what has no number nobody falls short: 18e is shown.
    *cases(
        "18e must without a number",
        "18e",
        ("2026-05-01", V.PROGRESS, "0/1", "1", "0", WAY, opinions(1, kind="criticism_notice")),
        (
            "2027-05-01",
            V.PROGRESS,
            "1/1",
            "1",
            "1",
            "met",
            opinions(1, met=1, kind="criticism_notice"),
        ),
    ),
]


@pytest.mark.parametrize("case", numbered([*HOURS, *EVENTS]))
def test_an_amount_or_a_case_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
