"""What may happen to a project and to a claim on it (spec 5.1)."""

from backend.community.projects.models import LIVE
from backend.community.projects.models import ClaimStatus as C
from backend.community.projects.models import ProjectStatus as P
from backend.core.states import Machine, Transition

COMMUNITY, STREET, CLAIMANT = "community secretary", "street officer", "claimant"
DECIDER = "community secretary; of the secretary's own claim a deputy or the street"
SYSTEM, CLOCK = "system", "clock"

_TAKING = (P.OPEN, P.FULL, P.IN_PROGRESS)

PROJECT = Machine(
    "project",
    [
        Transition(P.DRAFT, "amend", P.DRAFT, COMMUNITY),
        Transition(P.DRAFT, "open", P.OPEN, COMMUNITY, "deadline to come; no review needed"),
        Transition(P.DRAFT, "ask_for_review", P.REVIEW, COMMUNITY, "risky or funded; insured"),
        Transition(P.REVIEW, "approve", P.OPEN, STREET, "deadline to come"),
        Transition(P.REVIEW, "return", P.DRAFT, STREET, "with a reason"),
        *(
            Transition(state, "cancel", P.CANCELLED, COMMUNITY, "nothing was delivered")
            for state in (P.DRAFT, P.REVIEW, *_TAKING)
        ),
        Transition(P.OPEN, "claim", P.OPEN, CLAIMANT, "before the deadline; once"),
        Transition(P.IN_PROGRESS, "claim", P.IN_PROGRESS, CLAIMANT, "a place is left"),
        *(Transition(state, "wait", state, CLAIMANT, "no place is left") for state in _TAKING[1:]),
        Transition(P.OPEN, "fill", P.FULL, SYSTEM, "the last place is taken"),
        Transition(P.FULL, "free", P.OPEN, SYSTEM, "a place is free and nobody waits"),
        Transition(P.OPEN, "begin", P.IN_PROGRESS, SYSTEM, "the first claim was started"),
        Transition(P.FULL, "begin", P.IN_PROGRESS, SYSTEM, "the first claim was started"),
        Transition(P.IN_PROGRESS, "finish", P.DONE, SYSTEM, "no claim is under way or can come"),
        *(
            Transition(state, "expire", P.EXPIRED, CLOCK, "no claim stands or can come")
            for state in _TAKING
        ),
        Transition(P.DONE, "evaluate", P.EVALUATED, SYSTEM, "all did, or the term passed"),
    ],
)

_RELEASED: list[C] = [state for state in LIVE if state not in (C.DELIVERED, C.COMPLETED)]

CLAIM = Machine(
    "claim",
    [
        Transition(C.WAITING, "move_up", C.SUBMITTED, SYSTEM, "a place is free; in order"),
        Transition(C.SUBMITTED, "accept", C.ACCEPTED, DECIDER, "never one's own"),
        Transition(C.SUBMITTED, "decline", C.DECLINED, DECIDER, "with a reason; frees the place"),
        Transition(C.SUBMITTED, "lapse", C.LAPSED, CLOCK, "no answer in time; keeps the place"),
        Transition(C.LAPSED, "retry", C.SUBMITTED, CLAIMANT, "while the place is kept"),
        *(
            Transition(state, "withdraw", C.WITHDRAWN, CLAIMANT, "without consequence")
            for state in (C.WAITING, C.SUBMITTED, C.LAPSED, C.ACCEPTED)
        ),
        Transition(C.ACCEPTED, "start", C.IN_PROGRESS, CLAIMANT),
        Transition(C.IN_PROGRESS, "deliver", C.DELIVERED, CLAIMANT, "summary and day"),
        Transition(C.DELIVERED, "return", C.IN_PROGRESS, DECIDER, "with a reason"),
        Transition(C.DELIVERED, "complete", C.COMPLETED, DECIDER, "solved and satisfied said"),
        Transition(C.IN_PROGRESS, "fail", C.FAILED, DECIDER, "with a reason; frees the place"),
        Transition(C.DELIVERED, "fail", C.FAILED, DECIDER, "with a reason; frees the place"),
        *(
            Transition(state, "release", C.RELEASED, CLOCK, "a term passed, or the project went")
            for state in _RELEASED
        ),
        Transition(C.COMPLETED, "evaluate", C.COMPLETED, CLAIMANT, "in time; once"),
    ],
)
