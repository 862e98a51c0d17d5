"""志愿服务记录证明: issue, revoke. Callers own the transaction."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.audit import service as audit
from backend.community.certificates import kinds, news, policy, queries
from backend.community.certificates.models import (
    CertificateStatus,
    CertifiedRecord,
    ServiceCertificate,
)
from backend.community.certificates.states import CERTIFICATE
from backend.community.volunteering import occasions
from backend.community.volunteering.models import ServiceRecord
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.people.members.models import Member
from backend.support.documents import numbers
from backend.support.text_checks import service as text_checks


def issue(session: Session, *, actor: Actor, since: date, until: date) -> ServiceCertificate:
    """Issue what the committee of the own community has to certify for a period.

    Every record it counts has been confirmed by a community, never by the member, so that nobody
    need confirm it again. Raises Invalid, and Conflict without a community or without records.
    """
    found = sa.select(Member).options(joinedload(Member.community))
    member = session.scalars(found.where(Member.id == actor.as_member())).one()
    _check_period(since, until)
    if member.community is None:
        raise Conflict("not_registered", "证明由报到社区的居民委员会出具，请先向社区报到。")
    records = session.scalars(queries.certifiable(member.id, since, until)).all()
    if not records:
        raise Conflict("nothing_to_certify", "这段时间没有经社区确认的志愿服务记录，无法出具证明。")
    certificate = ServiceCertificate(
        member_id=member.id,
        community_id=member.community.id,
        period_from=since,
        period_to=until,
        status=CertificateStatus.ISSUED,
        number=numbers.new("ZM"),
        issuer=member.community.name,
        issued_on=clock.today(),
    )
    count(certificate, records)
    session.add(certificate)
    audit.record(session, actor, "certificate.issued", certificate)
    return _again(session, certificate)


def count(certificate: ServiceCertificate, records: Iterable[ServiceRecord]) -> None:
    """Write what the records say together: time that several of them claim is counted once."""
    shares = occasions.share(records)
    certificate.services = sum(share.is_first for share in shares)
    certificate.minutes = sum(share.minutes for share in shares)
    certificate.records = [
        CertifiedRecord(
            record_id=share.record.id,
            category=share.record.category,
            duration_min=share.record.duration_min,
            minutes=share.minutes,
            is_occasion=share.is_first,
        )
        for share in shares
    ]


def _check_period(since: date, until: date) -> None:
    if until < since:
        raise Invalid("to", "结束日期不能早于开始日期。")
    if until > clock.today():
        raise Invalid("to", "结束日期不能晚于今天。")


def revoke(
    session: Session, *, actor: Actor, certificate_id: int, reason: str
) -> ServiceCertificate:
    """Revoke what was issued: its number says so from now on, the row stays."""
    certificate = visible(session, actor=actor, certificate_id=certificate_id, lock=True)
    may = sa.exists().where(ServiceCertificate.id == certificate_id, policy.revocable(actor))
    if not session.scalar(sa.select(may)):
        raise Forbidden("not_your_decision", "只有报到社区可以撤销，且不能撤销本人的证明。")
    revoked = certificate.status is CertificateStatus.REVOKED
    if revoked and certificate.revoked_by == actor.account_id:
        return certificate
    certificate.status = CERTIFICATE.after(certificate.status, "revoke")
    certificate.revoked_by, certificate.revoked_on = actor.account_id, clock.today()
    certificate.revoke_reason = reason
    audit.record(session, actor, "certificate.revoked", certificate)
    _check(session, actor, certificate, "revoke_reason", reason)
    news.tell_revoked(session, certificate)
    return _again(session, certificate)


def visible(
    session: Session, *, actor: Actor, certificate_id: int, lock: bool = False
) -> ServiceCertificate:
    """Return a certificate that exists for the actor, locked when asked to."""
    found = queries.shown().where(ServiceCertificate.id == certificate_id, policy.visible(actor))
    if lock:
        found = found.with_for_update(of=ServiceCertificate)
    certificate = session.scalars(found.execution_options(populate_existing=True)).first()
    if certificate is None:
        raise NotFound("certificate_not_found", "没有找到这份证明。")
    return certificate


def _again(session: Session, certificate: ServiceCertificate) -> ServiceCertificate:
    """Read it anew: a flush forgets what is computed by the database."""
    session.flush()
    found = queries.shown().where(ServiceCertificate.id == certificate.id)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _check(
    session: Session, actor: Actor, certificate: ServiceCertificate, part: str, text: str
) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=certificate.as_subject,
        part=part,
        area_id=certificate.community_id,
        texts=[text],
    )
