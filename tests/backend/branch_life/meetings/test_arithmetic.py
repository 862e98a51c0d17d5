"""The arithmetic of votes, each case worked by hand (spec 2.3)."""

import pytest

from backend.branch_life.meetings.voting import arithmetic
from backend.branch_life.meetings.voting.arithmetic import Candidate, Count, Voters, Votes
from backend.branch_life.meetings.voting.models import DecisionKind, Outcome

D, R = DecisionKind, Outcome

# kind, due, present, yes, no, written yes, outcome, why
CASES = [
    # An ordinary resolution: half of those due are there, more than half of those due say yes.
    (D.ORDINARY, 10, 6, 6, 0, 0, R.PASSED, "six of ten are more than half"),
    (D.ORDINARY, 10, 10, 6, 4, 0, R.PASSED, "six of ten due"),
    (D.ORDINARY, 10, 10, 5, 5, 0, R.NOT_PASSED, "five of ten are half, not more"),
    (D.ORDINARY, 10, 5, 5, 0, 0, R.NOT_PASSED, "valid with five, but it takes six"),
    (D.ORDINARY, 10, 4, 4, 0, 0, R.INVALID, "four of ten are less than half"),
    (D.ORDINARY, 10, 7, 5, 2, 0, R.NOT_PASSED, "a majority of those present is not enough"),
    (D.ORDINARY, 11, 6, 6, 0, 0, R.PASSED, "six of eleven are more than half"),
    (D.ORDINARY, 11, 5, 5, 0, 0, R.INVALID, "five of eleven are less than half"),
    (D.ORDINARY, 11, 11, 5, 0, 0, R.NOT_PASSED, "five of eleven, six abstain"),
    (D.ORDINARY, 1, 1, 1, 0, 0, R.PASSED, "a single voter"),
    (D.ORDINARY, 2, 1, 1, 0, 0, R.NOT_PASSED, "one of two is half"),
    (D.ORDINARY, 2, 2, 2, 0, 0, R.PASSED, "both of two"),
    (D.ORDINARY, 3, 2, 2, 0, 0, R.PASSED, "two of three"),
    (D.ORDINARY, 3, 1, 1, 0, 0, R.INVALID, "one of three"),
    (D.ORDINARY, 50, 25, 25, 0, 0, R.NOT_PASSED, "valid with half, passes nothing"),
    (D.ORDINARY, 50, 26, 26, 0, 0, R.PASSED, "all of the least that can pass anything"),
    (D.ORDINARY, 0, 0, 0, 0, 0, R.INVALID, "nobody may vote"),
    # Admission and conversion: more than half are there, written opinions of the absent count.
    (D.ADMISSION, 10, 6, 6, 0, 0, R.PASSED, "six of ten"),
    (D.ADMISSION, 10, 5, 5, 0, 5, R.INVALID, "half is not more than half, whatever was written"),
    (D.ADMISSION, 10, 6, 5, 1, 1, R.PASSED, "five there and one written are six"),
    (D.ADMISSION, 10, 6, 4, 2, 1, R.NOT_PASSED, "five of ten"),
    (D.ADMISSION, 10, 6, 2, 4, 4, R.PASSED, "two there, four written"),
    (D.ADMISSION, 11, 6, 5, 1, 0, R.NOT_PASSED, "five of eleven"),
    (D.ADMISSION, 11, 6, 5, 1, 1, R.PASSED, "six of eleven"),
    (D.ADMISSION, 11, 5, 5, 0, 6, R.INVALID, "five of eleven are there"),
    (D.ADMISSION, 2, 1, 1, 0, 1, R.INVALID, "one of two is half"),
    (D.ADMISSION, 2, 2, 2, 0, 0, R.PASSED, "both"),
    (D.CONVERSION, 8, 5, 5, 0, 0, R.PASSED, "five of eight, all there are"),
    (D.CONVERSION, 8, 4, 4, 0, 4, R.INVALID, "four of eight are half"),
    (D.CONVERSION, 8, 5, 3, 2, 1, R.NOT_PASSED, "four of eight"),
    (D.CONVERSION, 8, 5, 3, 2, 2, R.PASSED, "five of eight"),
    (D.CONVERSION, 9, 5, 4, 1, 0, R.NOT_PASSED, "four of nine"),
    (D.CONVERSION, 9, 5, 5, 0, 0, R.PASSED, "five of nine"),
    # A committee: half of it is there, more than half of it agree.
    (D.COMMITTEE_DECISION, 5, 3, 3, 0, 0, R.PASSED, "three of five"),
    (D.COMMITTEE_DECISION, 5, 3, 2, 1, 0, R.NOT_PASSED, "two of five"),
    (D.COMMITTEE_DECISION, 5, 2, 2, 0, 0, R.INVALID, "two of five are less than half"),
    (D.COMMITTEE_DECISION, 4, 2, 2, 0, 0, R.NOT_PASSED, "valid with half, it takes three"),
    (D.COMMITTEE_DECISION, 4, 3, 3, 0, 0, R.PASSED, "three of four"),
    (D.COMMITTEE_DECISION, 7, 4, 4, 0, 0, R.PASSED, "four of seven"),
    (D.COMMITTEE_DECISION, 7, 3, 3, 0, 0, R.INVALID, "three of seven"),
]


@pytest.mark.parametrize(
    ("kind", "due", "present", "yes", "no", "written", "outcome"),
    [pytest.param(*case[:7], id=f"{case[0]}: {case[7]}") for case in CASES],
)
def test_a_resolution_is_what_its_totals_make_it(
    kind: DecisionKind, due: int, present: int, yes: int, no: int, written: int, outcome: Outcome
) -> None:
    count = Count(kind, Votes(yes, no), Votes(written))

    assert arithmetic.outcome_of(count, Voters(due, present)) is outcome


# due, present, seats, votes in favour by candidate, elected, why
ELECTIONS = [
    (10, 8, 3, "A8 B7 C5 D4", "ABC", "four fifths are there; five of eight are more than half"),
    (10, 7, 3, "A7 B7 C7 D0", "", "seven of ten are less than four fifths"),
    (10, 10, 3, "A10 B6 C5 D9", "ADB", "five of ten present are half"),
    (15, 12, 3, "A12 B7 C7 D7", "A", "three are tied for two seats: nobody of them has one"),
    (15, 12, 3, "A12 B7 C7 D6", "ABC", "six of twelve are half"),
    (5, 4, 1, "A3 B1", "A", "four of five are four fifths exactly"),
    (5, 3, 1, "A3 B0", "", "three of five"),
    (6, 5, 1, "A3 B2", "A", "five of six; three of five"),
    (6, 4, 1, "A4 B0", "", "four of six are less than four fifths"),
    (9, 8, 1, "A4 B4", "", "four of eight are half"),
    (9, 8, 2, "A5 B5 C5", "", "all three tied for two seats"),
    (9, 8, 3, "A5 B5 C5 D1", "ABC", "tied, and a seat for each"),
    (1, 1, 1, "A1", "A", "a single voter"),
    (0, 0, 1, "A0", "", "nobody may vote"),
]


@pytest.mark.parametrize(
    ("due", "present", "seats", "votes", "elected"),
    [pytest.param(*case[:5], id=case[5]) for case in ELECTIONS],
)
def test_an_election_asks_for_those_present(
    due: int, present: int, seats: int, votes: str, elected: str
) -> None:
    names = [Candidate(one[0], Votes(int(one[1:]))) for one in votes.split()]
    count = Count(D.ELECTION, seats=seats, candidates=names)
    voters = Voters(due, present)

    assert arithmetic.elected(count, voters) == frozenset(elected)
    if not arithmetic.is_quorate(D.ELECTION, voters):
        outcome = R.INVALID
    else:
        outcome = R.PASSED if len(elected) == seats else R.NOT_PASSED
    assert arithmetic.outcome_of(count, voters) is outcome


# kind, due, present, can carry, least present, least yes
OUTLOOKS = [
    (D.ORDINARY, 10, 5, False, 5, 6),
    (D.ORDINARY, 10, 6, True, 5, 6),
    (D.ORDINARY, 11, 6, True, 6, 6),
    (D.ADMISSION, 10, 5, False, 6, 6),
    (D.ADMISSION, 10, 6, True, 6, 6),
    (D.ELECTION, 10, 7, False, 8, 4),
    (D.ELECTION, 10, 8, True, 8, 5),
    (D.ELECTION, 6, 5, True, 5, 3),
    (D.COMMITTEE_DECISION, 4, 2, False, 2, 3),
    (D.COMMITTEE_DECISION, 5, 3, True, 3, 3),
    (D.ORDINARY, 0, 0, False, 0, 1),
]


@pytest.mark.parametrize(
    ("kind", "due", "present", "can_carry", "least_present", "least_yes"),
    [pytest.param(*case, id=f"{case[0]}-{case[2]}-of-{case[1]}") for case in OUTLOOKS],
)
def test_the_chair_is_told_what_it_takes(
    kind: DecisionKind, due: int, present: int, can_carry: bool, least_present: int, least_yes: int
) -> None:
    voters = Voters(due, present)

    assert arithmetic.can_carry(kind, voters) is can_carry
    assert arithmetic.least_present(kind, due) == least_present
    assert arithmetic.least_yes(kind, voters) == least_yes
