"""What may happen to a certificate (spec 4.3). That it is outdated is no state but read from its
records, each time."""

from backend.certificates.models import CertificateStatus as S
from backend.core.states import Machine, Transition

COMMITTEE, MEMBER = "community secretary, for the committee", "member"

CERTIFICATE = Machine(
    "certificate",
    [
        Transition(S.REQUESTED, "issue", S.ISSUED, COMMITTEE, "records unchanged; never one's own"),
        Transition(S.REQUESTED, "decline", S.DECLINED, COMMITTEE, "with a reason"),
        Transition(S.REQUESTED, "withdraw", S.WITHDRAWN, MEMBER),
        Transition(S.ISSUED, "revoke", S.REVOKED, COMMITTEE, "with a reason; the row stays"),
    ],
)
