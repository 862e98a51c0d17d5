"""What may happen to an activity (spec 4.1, 4.4)."""

from backend.community.volunteering.activities import guards as g
from backend.community.volunteering.activities.models import ActivityStatus as A
from backend.core.states import Machine, Transition

ORGANISER, MEMBER, CLOCK, SYSTEM = "community secretary", "registered member", "clock", "system"

_LIVE = (A.PUBLISHED, A.FULL, A.RUNNING)

ACTIVITY = Machine(
    "activity",
    [
        Transition(A.DRAFT, "amend", A.DRAFT, ORGANISER, "every shift ends after it begins"),
        Transition(A.DRAFT, "publish", A.PUBLISHED, ORGANISER, guards=(g.INSURED,)),
        Transition(A.DRAFT, "cancel", A.CANCELLED, ORGANISER, "with a reason"),
        *(
            Transition(
                state,
                "amend",
                state,
                ORGANISER,
                "whoever signed up or was invited is told of a move",
                (g.SHIFT_TO_COME, g.PLACES_KEPT, g.SHIFT_FREE, g.UNIT_STANDS, g.INSURED),
            )
            for state in _LIVE
        ),
        *(
            Transition(state, "cancel", A.CANCELLED, ORGANISER, "a reason", (g.NOBODY_CAME,))
            for state in _LIVE
        ),
        *(
            Transition(
                state,
                "sign_up",
                state,
                MEMBER,
                guards=(g.NOT_OVER, g.ONCE, g.NO_CLASH, g.WAITED_FOR),
            )
            for state in _LIVE
        ),
        *(
            Transition(
                state,
                "withdraw",
                state,
                MEMBER,
                guards=(g.STILL_RUNS, g.NOT_HERE),
            )
            for state in _LIVE
        ),
        Transition(A.PUBLISHED, "fill", A.FULL, SYSTEM, "the last place is taken"),
        Transition(A.FULL, "free", A.PUBLISHED, SYSTEM, "a place is free"),
        Transition(A.PUBLISHED, "begin", A.RUNNING, CLOCK, "the first shift begins"),
        Transition(A.FULL, "begin", A.RUNNING, CLOCK, "the first shift begins"),
        Transition(A.RUNNING, "end", A.FINISHED, CLOCK, "the last shift ends"),
        Transition(A.RUNNING, "write_list", A.RUNNING, ORGANISER, guards=(g.BEGUN,)),
        Transition(
            A.FINISHED,
            "write_list",
            A.FINISHED,
            "community secretary; later the street officer",
            guards=(g.IN_TIME,),
        ),
    ],
)
