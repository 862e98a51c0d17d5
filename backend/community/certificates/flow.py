"""What may happen to a certificate (spec 4.3). That it is outdated is no state but read from its
records, each time."""

from dataclasses import dataclass

from backend.community.certificates import kinds, news, policy, queries
from backend.community.certificates.models import CertificateStatus as S
from backend.community.certificates.models import ServiceCertificate
from backend.community.certificates.policy import COMMITTEE, SYSTEM
from backend.core import clock
from backend.flows.flow import Flow
from backend.flows.steps import Reason, Step, Taken


@dataclass(frozen=True)
class Anew:
    """The minutes that the new one certifies."""

    minutes: int


def _counted(taken: Taken[ServiceCertificate]) -> dict[str, object]:
    return {"minutes": [taken.row.minutes, taken.said.minutes]}


def _end_today(taken: Taken[ServiceCertificate]) -> None:
    taken.row.revoked_on = clock.today()


FLOW: Flow[ServiceCertificate] = Flow(
    "certificate",
    ServiceCertificate,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份证明。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.community_id,
    steps=[
        Step("revoke", "revocation",
             "Revoke an issued certificate; its number says so from now on.",
             {S.ISSUED: S.REVOKED}, COMMITTEE, "with a reason; the row stays; not one's own",
             says=Reason, writes={"reason": "revoke_reason"}, signs="revoked",
             past="revoked", tells=news.tell_revoked),
        Step("reissue", "", "Issue anew, under another number, what counted time twice.",
             {S.ISSUED: S.REVOKED}, SYSTEM, "time was counted twice; anew, other number",
             says=Anew, then=_end_today, past="reissued", details=_counted),
    ],
)  # fmt: skip
