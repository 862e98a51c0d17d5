"""Who is exempt, for whole months, quarters and half-years or on a day: worked by hand (1.3)."""

import pytest

from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import Case, cases, held, numbered, posted, try_it
from tests.backend.ledger.made_up import check, rule

V = Verdict
MEETING, SERVICE = "joint_meeting", "volunteer_service"
WAY = "on_the_way"
MONTHLY = rule(check(period="month"), id="monthly")
FREE = "exemption_2k"


def served(*months: str, times: int = 1) -> dict[str, object]:
    return {"months": posted(SERVICE, *months, times=times)}


EXEMPT = [
    *cases(
        "1.3 exempt: whole months leave fewer",
        "2k",
        # Six months left: ceil(2 x 6 / 12) = 1; seven: 2.
        (
            "2027-01-01",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            {"facts": [held(FREE, "2026-03-01", "2026-09-01")]},
        ),
        (
            "2027-01-01",
            V.OVERDUE,
            "0/2",
            "1",
            "0",
            "overdue",
            {"facts": [held(FREE, "2026-03-02", "2026-09-01")]},
        ),
        (
            "2027-01-01",
            V.OVERDUE,
            "0/2",
            "1",
            "0",
            "overdue",
            {"facts": [held(FREE, "2026-03-01", "2026-08-31")]},
        ),
        ("2026-06-01", V.EXEMPT, "0/1", "1", "0", "exempt", {"facts": [held(FREE, "2026-01-01")]}),
        (
            "2026-06-01",
            V.EXEMPT,
            "0/1",
            "1",
            "0",
            "exempt",
            {"facts": [held(FREE, "2026-01-01", "2027-01-01")]},
        ),
        # Who did it all the same has met it.
        (
            "2026-06-01",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            {"facts": [held(FREE, "2026-01-01")], **served("2026-05")},
        ),
        # An exemption from another rule frees of nothing.
        (
            "2027-01-01",
            V.OVERDUE,
            "0/2",
            "1",
            "0",
            "overdue",
            {"facts": [held("exemption_2i", "2026-01-01")]},
        ),
    ),
    *cases(
        "1.3 exempt: 29 February",
        "2k",
        # January and February are free up to and with the 29th: ceil(2 x 10 / 12) = 2.
        (
            "2028-12-31",
            V.AT_RISK,
            "0/2",
            "1",
            "0",
            WAY,
            {"facts": [held(FREE, "2028-01-01", "2028-03-01")]},
        ),
        (
            "2028-12-31",
            V.AT_RISK,
            "0/1",
            "1",
            "0",
            WAY,
            {"facts": [held(FREE, "2028-02-01", "2028-08-01")]},
        ),
        # Up to the 28th: February is none of the free months, seven are left.
        (
            "2028-12-31",
            V.AT_RISK,
            "0/2",
            "1",
            "0",
            WAY,
            {
                "facts": [
                    held(FREE, "2028-01-01", "2028-02-29"),
                    held(FREE, "2028-03-01", "2028-07-01"),
                ]
            },
        ),
        year=2028,
    ),
    *cases(
        "1.3 exempt: a month by itself",
        MONTHLY,
        (
            "2028-03-01",
            V.ON_TRACK,
            "1/11",
            "101111111111",
            "1",
            WAY,
            {"facts": [held("exemption_monthly", "2028-02-01", "2028-03-01")]},
        ),
        (
            "2028-03-01",
            V.OVERDUE,
            "1/12",
            "1" * 12,
            "1",
            "overdue",
            {"facts": [held("exemption_monthly", "2028-02-01", "2028-02-29")]},
        ),
        year=2028,
        months=posted("done", "2028-01"),
    ),
    *cases(
        "1.3 exempt: a quarter by itself",
        "2c",
        (
            "2026-07-01",
            V.ON_TRACK,
            "1/3",
            "1011",
            "1000",
            WAY,
            {"facts": [held("exemption_2c", "2026-04-01", "2026-07-01")]},
        ),
        # A month of it is not free: the quarter is owed.
        (
            "2026-07-01",
            V.OVERDUE,
            "1/4",
            "1111",
            "1000",
            "overdue",
            {"facts": [held("exemption_2c", "2026-04-01", "2026-06-01")]},
        ),
        (
            "2026-07-01",
            V.OVERDUE,
            "1/4",
            "1111",
            "1000",
            "overdue",
            {"facts": [held("exemption_2c", "2026-04-02", "2026-07-01")]},
        ),
        # Two that meet are one.
        (
            "2026-07-01",
            V.ON_TRACK,
            "1/3",
            "1011",
            "1000",
            WAY,
            {
                "facts": [
                    held("exemption_2c", "2026-04-01", "2026-05-17"),
                    held("exemption_2c", "2026-05-17", "2026-07-01", 2),
                ]
            },
        ),
        months=posted(MEETING, "2026-02"),
    ),
    *cases(
        "1.3 exempt: a half-year by itself",
        "2b",
        (
            "2026-08-01",
            V.ON_TRACK,
            "0/1",
            "01",
            "00",
            WAY,
            {"facts": [held("exemption_2b", "2026-01-01", "2026-07-01")]},
        ),
        (
            "2027-01-01",
            V.OVERDUE,
            "0/1",
            "10",
            "00",
            "overdue",
            {"facts": [held("exemption_2b", "2026-07-01")]},
        ),
        (
            "2026-08-01",
            V.EXEMPT,
            "0/2",
            "11",
            "00",
            "exempt",
            {"facts": [held("exemption_2b", "2026-01-01")]},
        ),
    ),
    *cases(
        "1.3 exempt: what must stand, on the day",
        "2i",
        (
            "2026-05-31",
            V.EXEMPT,
            "0/1",
            "1",
            "0",
            "exempt",
            {"facts": [held("exemption_2i", "2026-03-10", "2026-06-01")]},
        ),
        (
            "2026-06-01",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            {"facts": [held("exemption_2i", "2026-03-10", "2026-06-01")]},
        ),
        (
            "2026-03-09",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            {"facts": [held("exemption_2i", "2026-03-10")]},
        ),
    ),
    # Joined in mid-March and free ever since: of the quarters left none is owed; that is exempt and
    # not "does not apply".
    *cases(
        "1.3 exempt: all that is left after joining",
        "2c",
        (
            "2026-08-01",
            V.EXEMPT,
            "0/3",
            "0111",
            "0000",
            "exempt",
            {"facts": [held("exemption_2c", "2026-04-01")]},
        ),
        since="2026-03-15",
    ),
]


@pytest.mark.parametrize("case", numbered(EXEMPT))
def test_an_exemption_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
