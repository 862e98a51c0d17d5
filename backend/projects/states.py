"""What may happen to a project and to a claim on it (spec 5.1)."""

from backend.core.states import Machine, Transition
from backend.projects.models import ClaimStatus as C
from backend.projects.models import ProjectStatus as P

COMMUNITY, CLAIMANT = "community secretary", "claimant"

PROJECT = Machine("project", [Transition(P.DRAFT, "open", P.OPEN, COMMUNITY, "deadline to come")])

CLAIM = Machine(
    "claim",
    [
        Transition(C.SUBMITTED, "accept", C.ACCEPTED, COMMUNITY, "never one's own"),
        Transition(C.SUBMITTED, "decline", C.DECLINED, COMMUNITY, "with a reason; frees the place"),
        Transition(C.SUBMITTED, "withdraw", C.WITHDRAWN, CLAIMANT, "frees the place"),
        Transition(C.ACCEPTED, "withdraw", C.WITHDRAWN, CLAIMANT, "before the start; frees it"),
        Transition(C.ACCEPTED, "start", C.IN_PROGRESS, CLAIMANT),
        Transition(C.IN_PROGRESS, "deliver", C.DELIVERED, CLAIMANT, "summary and day"),
        Transition(C.DELIVERED, "complete", C.COMPLETED, COMMUNITY, "solved and satisfied said"),
    ],
)
