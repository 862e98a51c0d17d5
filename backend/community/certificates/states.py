"""What may happen to a certificate (spec 4.3). That it is outdated is no state but read from its
records, each time."""

from backend.community.certificates.models import CertificateStatus as S
from backend.core.states import Machine, Transition

COMMITTEE = "community secretary, for the committee"

CERTIFICATE = Machine(
    "certificate",
    [
        Transition(
            S.ISSUED, "revoke", S.REVOKED, COMMITTEE, "with a reason; the row stays; not one's own"
        ),
        Transition(
            S.ISSUED, "reissue", S.REVOKED, "system", "time was counted twice; anew, other number"
        ),
    ],
)
