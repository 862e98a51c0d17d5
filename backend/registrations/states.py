"""What may happen to a registration (spec 3.2)."""

from backend.core.states import Machine, Transition
from backend.registrations.models import RegistrationStatus as S

COMMUNITY, MEMBER, SYSTEM = "community secretary", "member", "system"

REGISTRATION = Machine(
    "registration",
    [
        Transition(S.SUBMITTED, "accept", S.ACTIVE, COMMUNITY, "never one's own"),
        Transition(S.SUBMITTED, "return", S.RETURNED, COMMUNITY, "with a reason"),
        Transition(S.SUBMITTED, "reject", S.REJECTED, COMMUNITY, "only on the three grounds"),
        Transition(S.SUBMITTED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(S.RETURNED, "resubmit", S.SUBMITTED, MEMBER),
        Transition(S.RETURNED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(S.ACTIVE, "request_transfer", S.TRANSFER_PENDING, SYSTEM, "new one submitted"),
        Transition(
            S.TRANSFER_PENDING, "drop_transfer", S.ACTIVE, SYSTEM, "new one came to nothing"
        ),
        Transition(S.TRANSFER_PENDING, "move", S.ENDED, SYSTEM, "new one accepted"),
    ],
)
