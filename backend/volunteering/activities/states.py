"""What may happen to an activity and to a sign-up (spec 4.1, 4.4)."""

from backend.core.states import Machine, Transition
from backend.volunteering.activities.models import ActivityStatus as A
from backend.volunteering.activities.models import SignUpStatus as S

ORGANISER, MEMBER, CLOCK, SYSTEM = "community secretary", "registered member", "clock", "system"

_LIVE = (A.PUBLISHED, A.FULL, A.RUNNING)

ACTIVITY = Machine(
    "activity",
    [
        Transition(A.DRAFT, "amend", A.DRAFT, ORGANISER, "every shift ends after it begins"),
        Transition(A.DRAFT, "publish", A.PUBLISHED, ORGANISER, "a risk is insured"),
        Transition(A.DRAFT, "cancel", A.CANCELLED, ORGANISER, "with a reason"),
        *(
            Transition(
                state,
                "amend",
                state,
                ORGANISER,
                "what has begun keeps its time; no fewer places than are held; told of a move",
            )
            for state in _LIVE
        ),
        *(
            Transition(state, "cancel", A.CANCELLED, ORGANISER, "a reason; nobody has come")
            for state in _LIVE
        ),
        *(
            Transition(
                state,
                "sign_up",
                state,
                MEMBER,
                "the shift is not over; once; full: one waits for it only before it begins",
            )
            for state in _LIVE
        ),
        *(
            Transition(
                state,
                "withdraw",
                state,
                MEMBER,
                "the shift is not over; neither checked in nor listed as present",
            )
            for state in _LIVE
        ),
        Transition(A.PUBLISHED, "fill", A.FULL, SYSTEM, "the last place is taken"),
        Transition(A.FULL, "free", A.PUBLISHED, SYSTEM, "a place is free"),
        Transition(A.PUBLISHED, "begin", A.RUNNING, CLOCK, "the first shift begins"),
        Transition(A.FULL, "begin", A.RUNNING, CLOCK, "the first shift begins"),
        Transition(A.RUNNING, "end", A.FINISHED, CLOCK, "the last shift ends"),
        Transition(A.RUNNING, "write_list", A.RUNNING, ORGANISER, "the shift has begun"),
        Transition(
            A.FINISHED,
            "write_list",
            A.FINISHED,
            "community secretary; later the street officer",
            "within the time for it; later with a reason",
        ),
    ],
)

SIGN_UP = Machine(
    "sign_up",
    [
        Transition(
            S.WAITING, "move_up", S.SIGNED_UP, SYSTEM, "a place is free; in order; still to begin"
        ),
        Transition(S.WAITING, "withdraw", S.WITHDRAWN, MEMBER, "the shift is not over"),
        Transition(S.SIGNED_UP, "withdraw", S.WITHDRAWN, MEMBER, "not checked in; frees it"),
        Transition(S.SIGNED_UP, "check_in", S.SIGNED_UP, MEMBER, "with the code at the venue"),
        Transition(S.SIGNED_UP, "check_out", S.SIGNED_UP, MEMBER, "after checking in"),
    ],
)
