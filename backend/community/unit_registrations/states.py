"""What may happen to a unit's registration (spec 3.3)."""

from backend.community.unit_registrations.models import UnitRegistrationStatus as S
from backend.core.states import Machine, Transition

RECEIVER, CONTACT, WORKER = "receiving secretary", "unit contact", "worker"
EITHER = "unit contact or receiving secretary"

UNIT_REGISTRATION = Machine(
    "unit_registration",
    [
        Transition(
            S.SUBMITTED,
            "accept",
            S.ACTIVE,
            RECEIVER,
            "never of the own unit; what the secretary sent, a deputy or the street",
        ),
        Transition(S.SUBMITTED, "return", S.RETURNED, RECEIVER, "with a reason"),
        Transition(S.SUBMITTED, "withdraw", S.WITHDRAWN, CONTACT),
        Transition(S.RETURNED, "resubmit", S.SUBMITTED, CONTACT),
        Transition(S.RETURNED, "withdraw", S.WITHDRAWN, CONTACT),
        Transition(S.ACTIVE, "fall_due", S.RENEWAL_DUE, WORKER, "confirmed in an earlier year"),
        Transition(S.RENEWAL_DUE, "renew", S.ACTIVE, CONTACT),
        Transition(S.ACTIVE, "end", S.ENDED, EITHER, "with a reason"),
        Transition(S.RENEWAL_DUE, "end", S.ENDED, EITHER, "with a reason"),
    ],
)
