"""What people are told about certificates, in words."""

from sqlalchemy.orm import Session

from backend.certificates.models import CertificateStatus, ServiceCertificate
from backend.core import clock
from backend.members import queries as members
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
from backend.notifications.templates import Template

K, S = NotificationKind, CertificateStatus


def tell_deciders(session: Session, certificate: ServiceCertificate) -> None:
    """Put a request into the inbox of those who decide about it."""
    news = News(
        K.CERTIFICATE_REQUESTED,
        str(certificate.id),
        "有新的证明申请",
        f"申请开具志愿服务记录证明，共{certificate.services}次服务，请核对后办理。",
        certificate.as_subject,
    )
    deciders = members.deciders(certificate.community, certificate.member_id)
    notifications.notify(session, deciders, news)


def tell_member(session: Session, certificate: ServiceCertificate) -> None:
    """Tell the member the decision, in the app and through WeChat."""
    kind, title, text, quoted, phrase, hint = _words(certificate)
    quotes = [certificate.text(part) for part in quoted]
    news = News(kind, str(certificate.id), title, text, certificate.as_subject, quotes)
    notifications.notify_member(session, certificate.member_id, news)
    message = notifications.message(
        Template.SERVICE_RESULT,
        f"{kind}:{certificate.id}",
        "志愿服务记录证明",
        phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        hint,
    )
    notifications.send_to_member(session, certificate.member_id, message)


Words = tuple[NotificationKind, str, str, list[str], str, str]


def _words(certificate: ServiceCertificate) -> Words:
    if certificate.status is S.ISSUED:
        text = f"{certificate.issuer}已出具您的志愿服务记录证明，编号{certificate.number}，可下载。"
        return K.CERTIFICATE_ISSUED, "证明已出具", text, [], "已出具", "可在“我的证明”中下载"
    if certificate.status is S.DECLINED:
        text = f"社区未能出具证明：{certificate.decline_reason}"
        title, quoted = "证明未能出具", ["decline_reason"]
        return K.CERTIFICATE_DECLINED, title, text, quoted, "未出具", "原因请在小程序中查看"
    text = f"编号{certificate.number}的证明已撤销：{certificate.revoke_reason}"
    title, quoted = "证明已撤销", ["revoke_reason"]
    return K.CERTIFICATE_REVOKED, title, text, quoted, "已撤销", "原因请在小程序中查看"
