"""What may happen to a service record (spec 4.1)."""

from backend.core.states import Machine, Transition
from backend.volunteering.models import ServiceRecordStatus as S

COMMUNITY, MEMBER = "community secretary", "member"

SERVICE_RECORD = Machine(
    "service_record",
    [
        Transition(S.SUBMITTED, "confirm", S.CONFIRMED, COMMUNITY, "never one's own"),
        Transition(S.SUBMITTED, "return", S.RETURNED, COMMUNITY, "with a reason"),
        Transition(S.SUBMITTED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(S.RETURNED, "resubmit", S.SUBMITTED, MEMBER),
        Transition(S.RETURNED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(S.CONFIRMED, "void", S.VOIDED, COMMUNITY, "with a reason"),
    ],
)
