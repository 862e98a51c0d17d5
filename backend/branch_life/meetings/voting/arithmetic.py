"""The arithmetic of spec 2.3, exactly: whole numbers only, nothing rounded, no database.

`due` are the voters due to attend, `present` those of them who are there. A resolution is carried
by a majority of those due, an election by a majority of those present: the two are never mixed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.branch_life.meetings.voting.models import DecisionKind, Outcome


@dataclass(frozen=True)
class Voters:
    due: int
    present: int

    @property
    def absent(self) -> int:
        return self.due - self.present


@dataclass(frozen=True)
class Votes:
    """Totals of one question; `written` are those sent in beforehand by absent full members."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def cast(self) -> int:
        return self.yes + self.no + self.abstain


@dataclass(frozen=True)
class Papers:
    """A secret ballot: handed out, come back, and of these valid."""

    issued: int
    returned: int
    valid: int


@dataclass(frozen=True)
class Candidate:
    name: str
    votes: Votes
    written_in: bool = False


NO_VOTES = Votes()
BY_WRITING = frozenset({DecisionKind.ADMISSION, DecisionKind.CONVERSION})


@dataclass(frozen=True)
class Count:
    """What the recorder reports of one vote."""

    kind: DecisionKind
    votes: Votes = NO_VOTES
    written: Votes = NO_VOTES
    papers: Papers | None = None
    seats: int | None = None
    candidates: Sequence[Candidate] = field(default=())


def is_quorate(kind: DecisionKind, voters: Voters) -> bool:
    """Return whether enough voters are there for a vote of that kind.

    Ordinary resolutions and committees need half of those due, admission and conversion more than
    half, elections four fifths ("不少于", regulation of 2020).
    """
    if voters.present == 0:
        return False
    if kind is DecisionKind.ELECTION:
        return 5 * voters.present >= 4 * voters.due
    if kind in BY_WRITING:
        return 2 * voters.present > voters.due
    return 2 * voters.present >= voters.due


def is_carried(voters: Voters, yes: int) -> bool:
    """Return whether a resolution has more than half of all who are due, however few are present.

    The same is asked of committees, for which no majority rule is laid down: the stricter reading
    never declares carried what is not.
    """
    return 2 * yes > voters.due


def is_elected(voters: Voters, yes: int) -> bool:
    """Return whether a candidate has more than half of the voters present."""
    return 2 * yes > voters.present


def can_carry(kind: DecisionKind, voters: Voters) -> bool:
    """Return whether anything could pass if all who may still speak said yes.

    With ten due and five present an ordinary meeting is valid and can carry nothing: it takes six.
    """
    if not is_quorate(kind, voters):
        return False
    if kind is DecisionKind.ELECTION:
        return True
    # Whoever is absent may have written beforehand.
    reach = voters.due if kind in BY_WRITING else voters.present
    return is_carried(voters, reach)


def outcome_of(count: Count, voters: Voters) -> Outcome:
    """Return what follows from the totals; an election passes when every seat is filled."""
    if not is_quorate(count.kind, voters):
        return Outcome.INVALID
    if count.kind is DecisionKind.ELECTION:
        filled = len(elected(count, voters)) == count.seats
        return Outcome.PASSED if filled else Outcome.NOT_PASSED
    carried = is_carried(voters, count.votes.yes + count.written.yes)
    return Outcome.PASSED if carried else Outcome.NOT_PASSED


def elected(count: Count, voters: Voters) -> frozenset[str]:
    """Return who is elected: of those with a majority the ones with most votes, a seat for each.

    Where a tie stands across the last seat nobody of the tied has it: it takes another ballot.
    """
    if not is_quorate(count.kind, voters):
        return frozenset()
    able = [one for one in count.candidates if is_elected(voters, one.votes.yes)]
    seats = count.seats or 0
    return frozenset(
        one.name for one in able if sum(o.votes.yes >= one.votes.yes for o in able) <= seats
    )


def least_yes(kind: DecisionKind, voters: Voters) -> int:
    """Return the votes in favour it takes."""
    return (voters.present if kind is DecisionKind.ELECTION else voters.due) // 2 + 1


def least_present(kind: DecisionKind, due: int) -> int:
    """Return how many voters must be there."""
    return (
        next(present for present in range(due + 1) if is_quorate(kind, Voters(due, present)))
        if due
        else 0
    )
