"""Counts within periods, worked by hand from spec 1.1 to 1.4."""

import pytest

from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import NOBODY, Case, cases, numbered, posted, try_it
from tests.backend.ledger.made_up import check, rule

V = Verdict
MET, ON_TRACK, AT_RISK, OVERDUE = V.MET, V.ON_TRACK, V.AT_RISK, V.OVERDUE
MEETING, SERVICE, CLAIM = "joint_meeting", "volunteer_service", "unit_claim"
WAY = "on_the_way"


def met(*months: str, kind: str = MEETING, **given: int) -> dict[str, object]:
    return {"months": posted(kind, *months, **given)}


# "Twice a year" is any two days of the year; each half and quarter needs its own (spec 1.1).
PERIODS = [
    *cases(
        "1.1 each half-year its own",
        "2b",
        # 181 days, a quarter of them 45.25: at risk with 45 days left, from 16 May on.
        ("2026-05-15", ON_TRACK, "0/2", "11", "00", WAY),
        ("2026-05-16", AT_RISK, "0/2", "11", "00", WAY),
        ("2026-06-30", AT_RISK, "0/2", "11", "00", WAY),
        ("2026-07-01", OVERDUE, "0/2", "11", "00", "overdue"),
        ("2026-06-30", MET, "1/2", "11", "10", "met", met("2026-06")),
        ("2026-07-01", ON_TRACK, "1/2", "11", "10", WAY, met("2026-06")),
        # Two in the first half do not make up for the second.
        ("2027-01-01", OVERDUE, "1/2", "11", "10", "overdue", met("2026-01", times=2)),
        ("2026-12-31", OVERDUE, "1/2", "11", "01", "overdue", met("2026-12")),
        ("2026-12-31", MET, "2/2", "11", "11", "met", met("2026-01", "2026-12")),
        # 184 days, a quarter of them 46: at risk with fewer than 46 left, from 16 November on.
        ("2026-11-15", ON_TRACK, "1/2", "11", "10", WAY, met("2026-01")),
        ("2026-11-16", AT_RISK, "1/2", "11", "10", WAY, met("2026-01")),
    ),
    *cases(
        "1.1 each quarter its own",
        "2c",
        # 90 days, a quarter of them 22.5: at risk with 22 left, from 9 March on.
        ("2026-03-08", ON_TRACK, "0/4", "1111", "0000", WAY),
        ("2026-03-09", AT_RISK, "0/4", "1111", "0000", WAY),
        ("2026-03-31", AT_RISK, "0/4", "1111", "0000", WAY),
        ("2026-04-01", OVERDUE, "0/4", "1111", "0000", "overdue"),
        ("2026-09-30", MET, "3/4", "1111", "1110", "met", met("2026-01", "2026-04", "2026-09")),
        ("2026-10-01", ON_TRACK, "3/4", "1111", "1110", WAY, met("2026-01", "2026-04", "2026-09")),
        ("2026-12-31", OVERDUE, "1/4", "1111", "1000", "overdue", met("2026-02", times=4)),
        # What was missed stays so, however much comes later.
        (
            "2026-12-31",
            OVERDUE,
            "3/4",
            "1111",
            "0111",
            "overdue",
            met("2026-05", "2026-08", "2026-11"),
        ),
        ("2025-12-31", V.NOT_DUE, "0/4", "1111", "0000", NOBODY),
        ("2026-01-01", ON_TRACK, "0/4", "1111", "0000", WAY),
    ),
    *cases(
        "1.1 any two days of the year",
        "2k",
        ("2026-01-02", MET, "2/2", "1", "1", "met", met("2026-01", kind=SERVICE, times=2)),
        ("2026-12-31", MET, "2/2", "1", "1", "met", met("2026-01", "2026-12", kind=SERVICE)),
        ("2026-12-31", AT_RISK, "1/2", "1", "0", WAY, met("2026-12", kind=SERVICE)),
        ("2027-01-01", OVERDUE, "1/2", "1", "0", "overdue", met("2026-12", kind=SERVICE)),
        # Those of another year are none of this one's.
        (
            "2026-12-31",
            AT_RISK,
            "1/2",
            "1",
            "0",
            WAY,
            met("2025-12", "2026-01", "2027-01", kind=SERVICE),
        ),
    ),
    *cases(
        "1.1 leap year",
        "2k",
        # 366 days, a quarter of them 91.5: at risk with 91 left, from 1 October on.
        ("2028-09-30", ON_TRACK, "0/2", "1", "0", WAY),
        ("2028-10-01", AT_RISK, "0/2", "1", "0", WAY),
        ("2028-02-29", MET, "2/2", "1", "1", "met", met("2028-02", kind=SERVICE, times=2)),
        year=2028,
    ),
    *cases(
        "1.1 leap quarter",
        "2c",
        # 91 days, a quarter of them 22.75: 23 days left on 8 March, 22 on 9 March.
        ("2028-03-08", ON_TRACK, "0/4", "1111", "0000", WAY),
        ("2028-03-09", AT_RISK, "0/4", "1111", "0000", WAY),
        ("2028-02-29", MET, "1/4", "1111", "1000", "met", met("2028-02")),
        year=2028,
    ),
]
MONTHLY = rule(check(period="month"), id="monthly")
LEAP_MONTHS = [
    *cases(
        "1.1 February of 29 days",
        MONTHLY,
        # A quarter of 29 is 7.25: 8 days left on the 21st, 7 on the 22nd.
        ("2028-02-21", ON_TRACK, "1/12", "1" * 12, "1", WAY),
        ("2028-02-22", AT_RISK, "1/12", "1" * 12, "1", WAY),
        ("2028-02-29", AT_RISK, "1/12", "1" * 12, "1", WAY),
        ("2028-03-01", OVERDUE, "1/12", "1" * 12, "1", "overdue"),
        year=2028,
        months=posted("done", "2028-01"),
    ),
    *cases(
        "1.1 February of 28 days",
        MONTHLY,
        # A quarter of 28 is 7: not at risk with 7 left on the 21st, but with 6.
        ("2026-02-21", ON_TRACK, "1/12", "1" * 12, "1", WAY),
        ("2026-02-22", AT_RISK, "1/12", "1" * 12, "1", WAY),
        ("2026-03-01", OVERDUE, "1/12", "1" * 12, "1", "overdue"),
        months=posted("done", "2026-01"),
    ),
]
# "At least 1-2" passes at one (spec 1.1); a member unit's claims.
RANGES = cases(
    "1.1 at least 1-2",
    "12g",
    ("2026-12-31", AT_RISK, "0/1", "1", "0", WAY),
    ("2026-12-31", MET, "1/1", "1", "1", "met", met("2026-07", kind=CLAIM)),
    ("2026-12-31", MET, "2/1", "1", "1", "met", met("2026-07", kind=CLAIM, times=2)),
    ("2027-01-01", OVERDUE, "0/1", "1", "0", "overdue"),
)
# A1: a unit's activities and a member's services are two rules, and the one helps not the other.
A1 = [
    *cases(
        "A1",
        "2j",
        (
            "2026-12-31",
            MET,
            "2/2",
            "1",
            "1",
            "met",
            met("2026-03", "2026-04", kind="unit_activity"),
        ),
        ("2026-12-31", AT_RISK, "0/2", "1", "0", WAY, met("2026-03", kind=SERVICE, times=2)),
    ),
    *cases(
        "A1",
        "2k",
        (
            "2026-12-31",
            AT_RISK,
            "0/2",
            "1",
            "0",
            WAY,
            met("2026-03", kind="unit_activity", times=2),
        ),
    ),
]
# 14d: one unified appraisal, no separate one; 14e: no veto item. Too much is seen at once, and for
# good.
UNIFIED, SEPARATE, VETO = "appraisal_unified", "appraisal_separate", "appraisal_veto"
AT_MOST = [
    *cases(
        "14d",
        "14d",
        ("2026-03-01", ON_TRACK, "0/1", "11", "01", WAY),
        ("2026-03-01", MET, "1/1", "11", "11", "met", met("2026-02", kind=UNIFIED)),
        (
            "2026-03-01",
            OVERDUE,
            "1/1",
            "11",
            "10",
            "overdue",
            {"months": [*posted(UNIFIED, "2026-02"), *posted(SEPARATE, "2026-03")]},
        ),
        ("2027-01-01", OVERDUE, "0/1", "11", "01", "overdue"),
        ("2025-12-31", V.NOT_DUE, "0/1", "11", "01", NOBODY),
    ),
    *cases(
        "14e",
        "14e",
        ("2026-01-01", MET, "0/0", "1", "1", "met"),
        ("2026-01-01", OVERDUE, "1/0", "1", "0", "overdue", met("2026-01", kind=VETO)),
        ("2026-12-31", MET, "0/0", "1", "1", "met", met("2025-12", kind=VETO)),
        ("2026-12-31", MET, "0/0", "1", "1", "met", {"since": "2026-12-01"}),
    ),
    *cases(
        "at most",
        rule(check(threshold=0, most=2, period="quarter"), id="two_a_quarter"),
        ("2026-02-01", MET, "4/4", "1111", "1111", "met", met("2026-01", kind="done", times=2)),
        (
            "2026-02-01",
            OVERDUE,
            "3/4",
            "1111",
            "0111",
            "overdue",
            met("2026-01", kind="done", times=3),
        ),
    ),
]
# Late: met, and said to be late only where what came in time is not enough.
LATE = [
    *cases(
        "1.3 late evidence",
        "2k",
        (
            "2027-02-01",
            V.MET_LATE,
            "2/2",
            "1",
            "1",
            "met",
            met("2026-03", kind=SERVICE, times=2, late=1),
        ),
        ("2027-02-01", MET, "3/2", "1", "1", "met", met("2026-03", kind=SERVICE, times=3, late=1)),
        (
            "2027-02-01",
            V.MET_LATE,
            "3/2",
            "1",
            "1",
            "met",
            met("2026-03", kind=SERVICE, times=3, late=2),
        ),
        ("2027-02-01", OVERDUE, "1/2", "1", "0", "overdue", met("2026-03", kind=SERVICE, late=1)),
    ),
    *cases(
        "1.3 late evidence",
        "2c",
        (
            "2026-04-30",
            V.MET_LATE,
            "2/4",
            "1111",
            "1100",
            "met",
            {"months": [*posted(MEETING, "2026-02", late=1), *posted(MEETING, "2026-04")]},
        ),
        (
            "2026-07-31",
            V.MET_LATE,
            "3/4",
            "1111",
            "1110",
            "met",
            {
                "months": [
                    *posted(MEETING, "2026-02", late=1),
                    *posted(MEETING, "2026-04", "2026-07"),
                ]
            },
        ),
        # A quarter on the way weighs more than one that was late.
        ("2026-04-30", ON_TRACK, "1/4", "1111", "1000", WAY, met("2026-02", late=1)),
    ),
]
ALL = [*PERIODS, *LEAP_MONTHS, *RANGES, *A1, *AT_MOST, *LATE]


@pytest.mark.parametrize("case", numbered(ALL))
def test_a_count_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
