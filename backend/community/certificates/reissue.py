"""Issue anew, under another number, what certified the same time twice. Nobody's paper is altered:
the old number is revoked and says why."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.audit import service as audit
from backend.community.certificates import news, queries, service
from backend.community.certificates.flow import FLOW, Anew
from backend.community.certificates.models import (
    CertificateStatus,
    CertifiedRecord,
    ServiceCertificate,
)
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.support.documents import numbers

COPIED = ("member_id", "community_id", "period_from", "period_to", "issuer")


def reissue(session: Session) -> list[ServiceCertificate]:
    """Return the new ones. Twice is the same as once: what counts right stays."""
    return [
        anew
        for old in session.scalars(_doubtful()).all()
        if (anew := _counted_anew(session, old)) is not None
    ]


def _doubtful() -> sa.Select[ServiceCertificate]:
    """Select those in force that are not outdated, and count two records of the same time."""
    one, other = aliased(ServiceRecord), aliased(ServiceRecord)
    first, second = aliased(CertifiedRecord), aliased(CertifiedRecord)
    twice = (
        sa.select(first.certificate_id)
        .join(second, second.certificate_id == first.certificate_id)
        .join(one, one.id == first.record_id)
        .join(other, other.id == second.record_id)
        .where(
            one.id < other.id,
            one.started_at < other.ended_at,
            other.started_at < one.ended_at,
        )
    )
    return (
        queries.shown()
        .where(
            ServiceCertificate.status == CertificateStatus.ISSUED,
            ServiceCertificate.id.in_(twice),
            ~queries.outdated(),
        )
        .order_by(ServiceCertificate.id)
        .with_for_update(of=ServiceCertificate)
    )


def _counted_anew(session: Session, old: ServiceCertificate) -> ServiceCertificate | None:
    anew = ServiceCertificate(
        **{name: getattr(old, name) for name in COPIED},
        status=CertificateStatus.ISSUED,
        number=numbers.new("ZM"),
        issued_on=clock.today(),
        replaces_id=old.id,
    )
    ids = [row.record_id for row in old.records]
    service.count(anew, session.scalars(sa.select(ServiceRecord).where(ServiceRecord.id.in_(ids))))
    if (anew.services, anew.minutes) == (old.services, old.minutes):
        return None
    old.revoke_reason = (
        f"所载部分服务时间重叠，重叠的时间此前重复计算；已按实际时间重新出具，新编号{anew.number}。"
    )
    session.add(anew)
    FLOW.turn(session, old, "reissue", said=Anew(anew.minutes))
    audit.record(session, None, "certificate.issued", anew, replaces=old.id)
    news.tell_reissued(session, old, anew)
    return anew
