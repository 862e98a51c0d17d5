"""Who joins within the year: full periods, and fewer of what a year asks. Worked by hand (1.3)."""

import pytest

from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import NOBODY, Case, cases, held, numbered, posted, try_it
from tests.backend.ledger.made_up import check, rule

V = Verdict
MEETING, SERVICE = "joint_meeting", "volunteer_service"
WAY = "on_the_way"
MONTHLY = rule(check(period="month"), id="monthly")
YEARLY = {n: rule(check(threshold=n), id=f"{n}_a_year") for n in (1, 2, 3, 4, 12)}


def served(*months: str, times: int = 1) -> dict[str, object]:
    return {"months": posted(SERVICE, *months, times=times)}


JOINING = [
    *cases(
        "1.3 joining: from the first full half-year",
        "2b",
        ("2026-12-31", V.OVERDUE, "0/2", "11", "00", "overdue", {"since": "2026-01-01"}),
        ("2026-06-30", V.NOT_DUE, "0/1", "01", "00", NOBODY, {"since": "2026-01-02"}),
        ("2026-07-01", V.ON_TRACK, "0/1", "01", "00", WAY, {"since": "2026-07-01"}),
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "00", "00", NOBODY, {"since": "2026-07-02"}),
    ),
    *cases(
        "1.3 joining: from the first full quarter",
        "2c",
        ("2026-04-01", V.ON_TRACK, "0/3", "0111", "0000", WAY, {"since": "2026-04-01"}),
        ("2026-06-30", V.NOT_DUE, "0/2", "0011", "0000", NOBODY, {"since": "2026-04-02"}),
        ("2026-07-01", V.ON_TRACK, "0/2", "0011", "0000", WAY, {"since": "2026-04-02"}),
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "0000", "0000", NOBODY, {"since": "2026-10-02"}),
        # A meeting of the quarter in which it joined is none of those it owes.
        (
            "2026-07-01",
            V.ON_TRACK,
            "0/2",
            "0011",
            "0000",
            WAY,
            {"since": "2026-04-02", "months": posted(MEETING, "2026-05")},
        ),
    ),
    *cases(
        "1.3 joining: from the first full month",
        MONTHLY,
        ("2026-11-30", V.NOT_DUE, "0/1", "000000000001", "0" * 12, NOBODY, {"since": "2026-11-02"}),
        ("2026-12-01", V.ON_TRACK, "0/1", "000000000001", "0" * 12, WAY, {"since": "2026-12-01"}),
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY, {"since": "2026-12-02"}),
        (
            "2028-02-29",
            V.AT_RISK,
            "0/11",
            "011111111111",
            "0" * 12,
            WAY,
            {"since": "2028-02-01", "year": 2028},
        ),
        (
            "2028-02-29",
            V.NOT_DUE,
            "0/10",
            "001111111111",
            "0" * 12,
            NOBODY,
            {"since": "2028-02-29", "year": 2028},
        ),
    ),
    # ceil(n x months / 12), at least one.
    *cases(
        "1.3 joining: n a year, n >= 2",
        "2k",
        ("2026-12-31", V.AT_RISK, "0/2", "1", "0", WAY, {"since": "2026-06-01"}),  # 7 months
        ("2026-12-31", V.AT_RISK, "0/1", "1", "0", WAY, {"since": "2026-07-01"}),  # 6 months
        ("2026-12-31", V.AT_RISK, "0/1", "1", "0", WAY, {"since": "2026-12-31"}),  # at least one
        ("2026-12-31", V.MET, "1/1", "1", "1", "met", {"since": "2026-08-01", **served("2026-09")}),
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY, {"since": "2027-01-01"}),
    ),
    *cases(
        "1.3 joining: n a year, n >= 2",
        YEARLY[3],
        ("2026-09-01", V.ON_TRACK, "0/3", "1", "0", WAY, {"since": "2026-04-01"}),  # 2.25
        ("2026-09-01", V.ON_TRACK, "0/2", "1", "0", WAY, {"since": "2026-05-01"}),  # 2
        ("2026-09-01", V.ON_TRACK, "0/1", "1", "0", WAY, {"since": "2026-09-01"}),  # 1
    ),
    *cases(
        "1.3 joining: n a year, n >= 2",
        YEARLY[12],
        ("2026-12-31", V.AT_RISK, "0/1", "1", "0", WAY, {"since": "2026-12-01"}),
        ("2026-09-30", V.ON_TRACK, "0/5", "1", "0", WAY, {"since": "2026-08-01"}),
    ),
    *cases(
        "1.3 joining: once a year needs six months",
        "12g",
        ("2026-08-01", V.ON_TRACK, "0/1", "1", "0", WAY, {"since": "2026-07-01"}),
        ("2026-12-31", V.NOT_APPLICABLE, "0/0", "0", "0", NOBODY, {"since": "2026-08-01"}),
        ("2027-12-31", V.AT_RISK, "0/1", "1", "0", WAY, {"since": "2026-08-01", "year": 2027}),
    ),
    # What has no period is owed from the day on which somebody is bound.
    *cases(
        "1.3 joining: what must stand",
        "2h",
        ("2026-12-31", V.OVERDUE, "0/1", "1", "0", "overdue", {"since": "2026-12-31"}),
    ),
    # A branch whose quarters have not begun is judged by the months that have.
    *cases(
        "1.3 joining: 1a, each kind from its own first period",
        "1a",
        ("2026-02-20", V.NOT_DUE, "0/16", "0111 0111 001111111111", "0", NOBODY),
        ("2026-03-20", V.ON_TRACK, "0/16", "0111 0111 001111111111", "0", WAY),
        (
            "2026-03-20",
            V.MET,
            "1/16",
            "0111 0111 001111111111",
            "0000 0000 001",
            "met",
            {"months": posted("committee_meeting", "2026-03")},
        ),
        since="2026-02-15",
        facts=[held("branch_committee", "2026-02-15")],
    ),
]


@pytest.mark.parametrize("case", numbered(JOINING))
def test_who_joins_within_the_year_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
