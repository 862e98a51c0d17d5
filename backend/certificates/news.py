"""What people are told about certificates, in words."""

from sqlalchemy.orm import Session

from backend.certificates.models import ServiceCertificate
from backend.core import clock
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
from backend.notifications.templates import Template

KIND = NotificationKind.CERTIFICATE_REVOKED


def tell_revoked(session: Session, certificate: ServiceCertificate) -> None:
    """Tell the member that a paper is good no more, in the app and through WeChat."""
    text = f"编号{certificate.number}的证明已撤销：{certificate.revoke_reason}"
    quotes = [certificate.text("revoke_reason")]
    news = News(KIND, str(certificate.id), "证明已撤销", text, certificate.as_subject, quotes)
    notifications.notify_member(session, certificate.member_id, news)
    message = notifications.message(
        Template.SERVICE_RESULT,
        f"{KIND}:{certificate.id}",
        "志愿服务记录证明",
        "已撤销",
        clock.now().strftime("%Y-%m-%d %H:%M"),
        "原因请在小程序中查看",
    )
    notifications.send_to_member(session, certificate.member_id, message)
