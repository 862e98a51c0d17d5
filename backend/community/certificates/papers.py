"""The certificate as it is printed, and what stands behind its number."""

from collections import Counter

from sqlalchemy.orm import Session

from backend.community.certificates import queries
from backend.community.certificates.flow import FLOW
from backend.community.certificates.models import CertificateStatus, ServiceCertificate
from backend.community.volunteering.words import CATEGORIES
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.core.sentences import duration
from backend.support.documents.page import Document, chinese_date


def of(session: Session, *, actor: Actor, certificate_id: int) -> ServiceCertificate:
    """Return a certificate in force that exists for the actor. Raises NotFound, Conflict."""
    certificate = FLOW.show(session, actor, certificate_id)
    if certificate.status is not CertificateStatus.ISSUED:
        raise Conflict("certificate_revoked", "这份证明已撤销，不再提供下载。")
    return certificate


def by_id(session: Session, certificate_id: int) -> ServiceCertificate | None:
    """Return an issued one, for whoever holds an address handed out by `of`'s right."""
    found = queries.shown().where(
        ServiceCertificate.id == certificate_id,
        ServiceCertificate.status == CertificateStatus.ISSUED,
    )
    return session.scalars(found).first()


def verify(session: Session, number: str) -> ServiceCertificate | None:
    """Return what stands behind a number; None when there is no such certificate."""
    return session.scalars(queries.shown().where(ServiceCertificate.number == number)).first()


def document(certificate: ServiceCertificate, *, verify_at: str) -> Document:
    """Return the paper. `verify_at`: where numbers are verified, or empty."""
    first, last = chinese_date(certificate.period_from), chinese_date(certificate.period_to)
    return Document(
        title="志愿服务记录证明",
        number=certificate.number,
        paragraphs=[
            f"兹证明{certificate.member.name}同志于{first}至{last}期间，参加志愿服务"
            f"{certificate.services}次，累计服务时长{certificate.hours}小时（{duration(certificate.minutes)}）。"
            "以上服务均经服务所在社区核对确认。",
        ],
        facts=[
            ("服务内容", _content(certificate)),
            ("身份证件类型和号码（本人自愿填写）", ""),
            ("负责人", ""),
            ("经办人和联系电话", ""),
        ],
        issuer=certificate.issuer,
        issued_on=certificate.issued_on,
        notes=["本证明免费出具，加盖公章后有效。系统不保存身份证件号码。"],
        verify_at=verify_at,
    )


def _content(certificate: ServiceCertificate) -> str:
    """Count the services of each kind, the most frequent first."""
    counted = Counter(record.category for record in certificate.records if record.is_occasion)
    return "、".join(
        f"{CATEGORIES[category]}{count}次" for category, count in counted.most_common()
    )
