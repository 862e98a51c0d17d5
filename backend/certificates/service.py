"""志愿服务记录证明: ask for, withdraw; issue, decline, revoke. Callers own the transaction.

Every step locks the member first and the certificate second.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.areas.models import Area
from backend.audit import service as audit
from backend.certificates import news, policy, queries
from backend.certificates.models import CertificateStatus, CertifiedRecord, ServiceCertificate
from backend.certificates.states import CERTIFICATE
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.documents import numbers
from backend.members.models import Member
from backend.text_checks import service as text_checks


def request(session: Session, *, actor: Actor, since: date, until: date) -> ServiceCertificate:
    """Ask the committee of the own community to certify a period; what it counts is frozen now.

    Raises Invalid, and Conflict without a community, without records, or while one waits.
    """
    member = session.get_one(Member, actor.as_member(), with_for_update=True)
    _check_period(since, until)
    if member.community_id is None:
        raise Conflict("not_registered", "证明由报到社区的居民委员会出具，请先向社区报到。")
    if _waiting(session, member.id):
        raise Conflict("certificate_requested", "您已有一份申请等待办理，可在“我的证明”中查看。")
    records = session.scalars(queries.certifiable(member.id, since, until)).all()
    if not records:
        raise Conflict("nothing_to_certify", "这段时间没有经社区确认的志愿服务记录，无法出具证明。")
    certificate = ServiceCertificate(
        member_id=member.id,
        community_id=member.community_id,
        community=session.get_one(Area, member.community_id),
        period_from=since,
        period_to=until,
        status=CertificateStatus.REQUESTED,
        services=len(records),
        minutes=sum(record.duration_min for record in records),
        requested_at=clock.now(),
        records=[
            CertifiedRecord(
                record_id=record.id, category=record.category, minutes=record.duration_min
            )
            for record in records
        ],
    )
    session.add(certificate)
    audit.record(session, actor, "certificate.requested", certificate)
    news.tell_deciders(session, certificate)
    return _again(session, certificate)


def _check_period(since: date, until: date) -> None:
    if until < since:
        raise Invalid("to", "结束日期不能早于开始日期。")
    if until > clock.today():
        raise Invalid("to", "结束日期不能晚于今天。")


def _waiting(session: Session, member_id: int) -> bool:
    waiting = sa.exists().where(
        ServiceCertificate.member_id == member_id,
        ServiceCertificate.status == CertificateStatus.REQUESTED,
    )
    return bool(session.scalar(sa.select(waiting)))


def withdraw(session: Session, *, actor: Actor, certificate_id: int) -> ServiceCertificate:
    """Take a request back; withdrawing twice is the same as once."""
    certificate = visible(session, actor=actor, certificate_id=certificate_id, lock=True)
    if certificate.member_id != actor.member_id:
        raise Forbidden("not_yours", "只能办理本人的证明。")
    if certificate.status is CertificateStatus.WITHDRAWN:
        return certificate
    certificate.status = CERTIFICATE.after(certificate.status, "withdraw")
    audit.record(session, actor, "certificate.withdrawn", certificate)
    return _again(session, certificate)


def issue(session: Session, *, actor: Actor, certificate_id: int) -> ServiceCertificate:
    """Issue in the name of the residents' committee. Raises Conflict when a record has changed."""
    certificate = _decidable(session, actor, certificate_id)
    if _decided_alike(certificate, actor, CertificateStatus.ISSUED):
        return certificate
    status = CERTIFICATE.after(certificate.status, "issue")
    if certificate.outdated:
        raise Conflict(
            "certificate_outdated", "申请所列的服务记录已有变更，请退回，由党员重新申请。"
        )
    certificate.status = status
    certificate.number, certificate.issued_on = numbers.new("ZM"), clock.today()
    certificate.issuer = certificate.community.name
    _decided(session, actor, certificate, "issued")
    return _again(session, certificate)


def decline(
    session: Session, *, actor: Actor, certificate_id: int, reason: str
) -> ServiceCertificate:
    """Decline with a reason; the member may ask again."""
    certificate = _decidable(session, actor, certificate_id)
    if _decided_alike(certificate, actor, CertificateStatus.DECLINED):
        return certificate
    certificate.status = CERTIFICATE.after(certificate.status, "decline")
    certificate.decline_reason = reason
    _decided(session, actor, certificate, "declined")
    _check(session, actor, certificate, "decline_reason", reason)
    return _again(session, certificate)


def revoke(
    session: Session, *, actor: Actor, certificate_id: int, reason: str
) -> ServiceCertificate:
    """Revoke what was issued: its number says so from now on, the row stays."""
    certificate = _decidable(session, actor, certificate_id)
    revoked = certificate.status is CertificateStatus.REVOKED
    if revoked and certificate.revoked_by == actor.account_id:
        return certificate
    certificate.status = CERTIFICATE.after(certificate.status, "revoke")
    certificate.revoked_by, certificate.revoked_on = actor.account_id, clock.today()
    certificate.revoke_reason = reason
    audit.record(session, actor, "certificate.revoked", certificate)
    _check(session, actor, certificate, "revoke_reason", reason)
    news.tell_member(session, certificate)
    return _again(session, certificate)


def visible(
    session: Session, *, actor: Actor, certificate_id: int, lock: bool = False
) -> ServiceCertificate:
    """Return a certificate that exists for the actor, locked after its member when asked to."""
    found = queries.shown().where(ServiceCertificate.id == certificate_id, policy.visible(actor))
    certificate = session.scalars(found).first()
    if certificate is None:
        raise NotFound("certificate_not_found", "没有找到这份证明。")
    if lock:
        session.get_one(Member, certificate.member_id, with_for_update=True)
        # Read again, with what may have changed while we waited.
        again = found.with_for_update(of=ServiceCertificate).execution_options(
            populate_existing=True
        )
        certificate = session.scalars(again).one()
    return certificate


def _again(session: Session, certificate: ServiceCertificate) -> ServiceCertificate:
    """Read it anew: a flush forgets what is computed by the database."""
    session.flush()
    found = queries.shown().where(ServiceCertificate.id == certificate.id)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _decidable(session: Session, actor: Actor, certificate_id: int) -> ServiceCertificate:
    certificate = visible(session, actor=actor, certificate_id=certificate_id, lock=True)
    may = sa.exists().where(ServiceCertificate.id == certificate_id, policy.decidable(actor))
    if not session.scalar(sa.select(may)):
        raise Forbidden("not_your_decision", "只有报到社区可以办理，且不能办理本人的证明。")
    return certificate


def _decided_alike(
    certificate: ServiceCertificate, actor: Actor, status: CertificateStatus
) -> bool:
    """A second tap of the same person finds the work done."""
    return certificate.status is status and certificate.decided_by == actor.account_id


def _decided(session: Session, actor: Actor, certificate: ServiceCertificate, step: str) -> None:
    certificate.decided_by, certificate.decided_at = actor.account_id, clock.now()
    audit.record(session, actor, f"certificate.{step}", certificate)
    news.tell_member(session, certificate)


def _check(
    session: Session, actor: Actor, certificate: ServiceCertificate, part: str, text: str
) -> None:
    text_checks.submit(
        session,
        actor,
        subject=certificate.as_subject,
        part=part,
        area_id=certificate.community_id,
        texts=[text],
    )
