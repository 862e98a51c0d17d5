"""What may happen to a link application."""

from backend.core.states import Machine, Transition
from backend.onboarding.models import LinkApplicationStatus as S

SECRETARY = "branch secretary"

LINK_APPLICATION = Machine(
    "link_application",
    [
        Transition(S.SUBMITTED, "approve", S.APPROVED, SECRETARY, "names a free roster entry"),
        Transition(S.SUBMITTED, "refuse", S.REFUSED, SECRETARY, "with a reason"),
    ],
)
