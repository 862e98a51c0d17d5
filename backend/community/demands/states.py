"""What may happen to a demand (spec 5.1)."""

from backend.community.demands.models import DemandStatus as D
from backend.core.states import Machine, Transition

SUBMITTER, COMMUNITY = "who brought it", "community secretary"
SYSTEM, CLOCK = "system", "clock"

_OPEN = (D.ACCEPTED, D.PUBLISHED, D.MATCHED)
_DECIDED = (
    ("accept", D.ACCEPTED, "may be written anew"),
    ("merge", D.MERGED, "into another open one of the community"),
    ("refer", D.REFERRED, "says where to and why"),
    ("decline", D.DECLINED, "with a reason"),
)

DEMAND = Machine(
    "demand",
    [
        Transition(D.DRAFT, "amend", D.DRAFT, SUBMITTER),
        Transition(D.DRAFT, "submit", D.SUBMITTED, SUBMITTER),
        *(
            Transition(state, "withdraw", D.WITHDRAWN, SUBMITTER)
            for state in (D.DRAFT, D.SUBMITTED, D.ACCEPTED, D.PUBLISHED)
        ),
        *(
            Transition(D.SUBMITTED, event, target, COMMUNITY, guard)
            for event, target, guard in _DECIDED
        ),
        Transition(D.ACCEPTED, "publish", D.PUBLISHED, COMMUNITY, "with the community's list"),
        Transition(D.PUBLISHED, "publish", D.PUBLISHED, COMMUNITY, "stands on the next version"),
        Transition(D.MATCHED, "publish", D.MATCHED, COMMUNITY, "stands on the next version"),
        Transition(D.ACCEPTED, "match", D.MATCHED, SYSTEM, "a project for it takes claims"),
        Transition(D.PUBLISHED, "match", D.MATCHED, SYSTEM, "a project for it takes claims"),
        Transition(D.MATCHED, "match", D.MATCHED, SYSTEM, "split into several projects"),
        Transition(D.MATCHED, "unmatch", D.PUBLISHED, SYSTEM, "its last project ended unsolved"),
        Transition(D.MATCHED, "wait_again", D.ACCEPTED, SYSTEM, "the same; it was on no list yet"),
        Transition(D.MATCHED, "fulfil", D.SOLVED, SYSTEM, "its last project ended, one solved it"),
        *(
            Transition(state, event, target, COMMUNITY, "with a reason; no project is under way")
            for state in _OPEN
            for event, target in (("solve", D.SOLVED), ("give_up", D.NOT_SOLVABLE))
        ),
        Transition(D.PUBLISHED, "expire", D.EXPIRED, CLOCK, "nobody took it up in time"),
        Transition(D.SOLVED, "evaluate", D.SOLVED, SUBMITTER, "once"),
        Transition(D.NOT_SOLVABLE, "evaluate", D.NOT_SOLVABLE, SUBMITTER, "once"),
    ],
)
