"""What may happen to a service record (spec 4.1)."""

from backend.community.volunteering.models import ServiceRecordStatus as S
from backend.core.states import Machine, Transition

# Of the secretary's own record a deputy or the street decides, of a late one the street.
COMMUNITY, MEMBER = "community secretary", "member"

SERVICE_RECORD = Machine(
    "service_record",
    [
        Transition(S.SUBMITTED, "confirm", S.CONFIRMED, COMMUNITY, "not one's own; no hour twice"),
        Transition(S.SUBMITTED, "return", S.RETURNED, COMMUNITY, "with a reason"),
        Transition(S.SUBMITTED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(S.RETURNED, "resubmit", S.SUBMITTED, MEMBER, "no hour twice"),
        Transition(S.RETURNED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(
            S.CONFIRMED, "correct", S.CONFIRMED, COMMUNITY, "reason; old value kept; no hour twice"
        ),
        Transition(S.CONFIRMED, "void", S.VOIDED, COMMUNITY, "with a reason"),
        Transition(S.CONFIRMED, "dispute", S.DISPUTED, MEMBER, "counts on meanwhile"),
        Transition(S.VOIDED, "dispute", S.DISPUTED, MEMBER, "not recorded anew; counts no more"),
        Transition(
            S.DISPUTED, "correct", S.CONFIRMED, COMMUNITY, "reason; old value kept; no hour twice"
        ),
        Transition(S.DISPUTED, "uphold", S.CONFIRMED, COMMUNITY, "with a reason; was confirmed"),
        Transition(
            S.DISPUTED,
            "void",
            S.VOIDED,
            "community secretary; member, who drops the dispute of what was voided",
            "with a reason, or as it was voided before",
        ),
        Transition(S.DISPUTED, "drop_dispute", S.CONFIRMED, MEMBER, "was confirmed"),
    ],
)
