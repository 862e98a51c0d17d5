"""What must stand: all of several, a number, on the first day. Worked by hand."""

from collections.abc import Sequence

import pytest

from backend.ledger.holdings import Holding
from backend.ledger.rulepack import RulePack
from backend.ledger.verdicts import Verdict
from tests.backend.ledger.hand import Case, cases, held, numbered, posted, try_it

V = Verdict
WAY = "on_the_way"
POWERS = ("appraisal", "consent", "planning", "management", "proposal")


def powers(*names: str) -> list[Holding]:
    return [held(f"street_power_{name}", "2026-02-01", source=at) for at, name in enumerate(names)]


def points(number: int, end: str | None = None) -> list[Holding]:
    return [held("leader_point", "2026-01-05", end, source=at) for at in range(number)]


def facts(*given: Holding) -> dict[str, Sequence[Holding]]:
    return {"facts": given}


ALL_OF_THEM = [
    *cases(
        "3a five of five",
        "3a",
        ("2026-06-01", V.OVERDUE, "0/5", "1", "0", "overdue"),
        ("2026-06-01", V.OVERDUE, "4/5", "1", "0", "overdue", facts(*powers(*POWERS[:4]))),
        ("2026-06-01", V.MET, "5/5", "1", "1", "met", facts(*powers(*POWERS))),
        # One of them granted twice is one.
        (
            "2026-06-01",
            V.OVERDUE,
            "4/5",
            "1",
            "0",
            "overdue",
            facts(*powers(*POWERS[:4]), held("street_power_consent", "2026-03-01", source=9)),
        ),
        # Taken back on the day.
        (
            "2026-06-01",
            V.OVERDUE,
            "4/5",
            "1",
            "0",
            "overdue",
            facts(*powers(*POWERS[:4]), held("street_power_proposal", "2026-02-01", "2026-06-01")),
        ),
        (
            "2026-05-31",
            V.MET,
            "5/5",
            "1",
            "1",
            "met",
            facts(*powers(*POWERS[:4]), held("street_power_proposal", "2026-02-01", "2026-06-01")),
        ),
    ),
    *cases(
        "14a both lists",
        "14a",
        (
            "2026-06-01",
            V.OVERDUE,
            "1/2",
            "1",
            "0",
            "overdue",
            facts(held("duty_list_powers", "2026-01-01")),
        ),
        (
            "2026-06-01",
            V.MET,
            "2/2",
            "1",
            "1",
            "met",
            facts(
                held("duty_list_powers", "2026-01-01"), held("duty_list_community", "2026-06-01")
            ),
        ),
    ),
    *cases(
        "2e active and with a member unit",
        "2e",
        (
            "2026-06-01",
            V.OVERDUE,
            "1/2",
            "1",
            "0",
            "overdue",
            facts(held("joint_meeting_body", "2026-01-01")),
        ),
        (
            "2026-06-01",
            V.MET,
            "2/2",
            "1",
            "1",
            "met",
            facts(held("joint_meeting_body", "2026-01-01"), held("body_peopled", "2026-01-01")),
        ),
    ),
]
RANGES = [
    *cases(
        "A9 12d one or two points each",
        "12d",
        ("2026-06-01", V.OVERDUE, "0/1", "1", "0", "overdue"),
        ("2026-06-01", V.MET, "1/1", "1", "1", "met", facts(*points(1))),
        ("2026-06-01", V.MET, "2/1", "1", "1", "met", facts(*points(2))),
        ("2026-06-01", V.OVERDUE, "3/1", "1", "0", "overdue", facts(*points(3))),
        # The third has been given back.
        (
            "2026-06-01",
            V.MET,
            "2/1",
            "1",
            "1",
            "met",
            facts(*points(2), held("leader_point", "2026-01-05", "2026-06-01", source=9)),
        ),
        ("2026-01-04", V.OVERDUE, "0/1", "1", "0", "overdue", facts(*points(2))),
    ),
    *cases(
        "A9 12e each point, each quarter",
        "12e",
        (
            "2026-07-01",
            V.ON_TRACK,
            "2/4",
            "1111",
            "1100",
            WAY,
            {"months": posted("liaison_visit", "2026-02", "2026-05")},
        ),
        (
            "2026-07-01",
            V.OVERDUE,
            "1/4",
            "1111",
            "1000",
            "overdue",
            {"months": posted("liaison_visit", "2026-02", times=2)},
        ),
    ),
    *cases(
        "A11 one or more centres",
        "19a",
        ("2026-06-01", V.OVERDUE, "0/1", "1", "0", "overdue"),
        ("2026-06-01", V.MET, "1/1", "1", "1", "met", facts(held("venue_district", "2026-01-01"))),
        (
            "2026-06-01",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            facts(
                held("venue_district", "2026-01-01"), held("venue_district", "2026-01-01", source=2)
            ),
        ),
    ),
]
# 9a, 9c: what an entrant had on the day of entry; nothing that comes later repairs it, and nothing
# that runs out later spoils it.
FIRST_DAY = [
    *cases(
        "9c on the first day",
        "9c",
        ("2026-12-31", V.OVERDUE, "0/1", "1", "0", "overdue"),
        (
            "2026-12-31",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            facts(held("worker_certified", "2020-01-01")),
        ),
        (
            "2026-12-31",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            facts(held("worker_certified", "2026-05-04")),
        ),
        (
            "2026-12-31",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            facts(held("worker_certified", "2026-05-05")),
        ),
        since="2026-05-04",
    ),
    *cases(
        "9a passed before entry",
        "9a",
        (
            "2027-06-01",
            V.MET,
            "1/1",
            "1",
            "1",
            "met",
            {"facts": [held("qualified", "2026-04-01", "2026-05-05")], "year": 2027},
        ),
        (
            "2026-06-01",
            V.OVERDUE,
            "0/1",
            "1",
            "0",
            "overdue",
            facts(held("qualified", "2026-04-01", "2026-05-04")),
        ),
        since="2026-05-04",
    ),
]


@pytest.mark.parametrize("case", numbered([*ALL_OF_THEM, *RANGES, *FIRST_DAY]))
def test_what_must_stand_by_hand(rules: RulePack, case: Case) -> None:
    try_it(case, rules)
