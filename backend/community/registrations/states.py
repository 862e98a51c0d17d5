"""What may happen to a registration, and to what a member asks of it (spec 3.2)."""

from backend.community.registrations.models import RegistrationStatus as S
from backend.community.registrations.models import RequestStatus as R
from backend.core.states import Machine, Transition

COMMUNITY, MEMBER, SYSTEM = "community secretary", "member", "system"
ASKED = "the member asked, or a signed slip did"

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
        Transition(S.ACTIVE, "pause", S.PAUSED, COMMUNITY, ASKED),
        Transition(S.PAUSED, "resume", S.ACTIVE, COMMUNITY, ASKED),
        Transition(S.ACTIVE, "end", S.ENDED, COMMUNITY, f"{ASKED}; or with a note"),
        Transition(S.PAUSED, "end", S.ENDED, COMMUNITY, f"{ASKED}; or with a note"),
        Transition(S.TRANSFER_PENDING, "end", S.ENDED, COMMUNITY, "unasked, with a note"),
    ],
)

REGISTRATION_REQUEST = Machine(
    "registration_request",
    [
        Transition(R.SUBMITTED, "confirm", R.CONFIRMED, COMMUNITY, "never one's own"),
        Transition(R.SUBMITTED, "refuse", R.REFUSED, COMMUNITY, "with a reason"),
        Transition(R.SUBMITTED, "withdraw", R.WITHDRAWN, MEMBER),
        Transition(R.SUBMITTED, "drop", R.DROPPED, SYSTEM, "transferred or ended meanwhile"),
    ],
)
