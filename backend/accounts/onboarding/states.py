"""What may happen to a link application."""

from backend.accounts.onboarding.models import LinkApplicationStatus as S
from backend.core.states import Machine, Transition

SECRETARY = "branch secretary"
SECOND = "another leader of the branch, the organisation above or an officer"
APPLICANT = "applicant"

LINK_APPLICATION = Machine(
    "link_application",
    [
        Transition(S.SUBMITTED, "approve", S.APPROVED, SECRETARY, "the entry has this number"),
        Transition(S.SUBMITTED, "name", S.NAMED, SECRETARY, "the entry has another number or none"),
        Transition(S.SUBMITTED, "refuse", S.REFUSED, SECRETARY, "with a reason"),
        Transition(S.NAMED, "confirm", S.APPROVED, SECOND, "whoever holds office: from above"),
        Transition(S.NAMED, "refuse", S.REFUSED, f"{SECRETARY} or {SECOND}", "with a reason"),
        Transition(S.NAMED, "renew", S.SUBMITTED, APPLICANT, "with another name, number or branch"),
    ],
)
