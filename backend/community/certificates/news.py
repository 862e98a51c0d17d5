"""What people are told about certificates, in words."""

from sqlalchemy.orm import Session

from backend.community.certificates import kinds
from backend.community.certificates.models import ServiceCertificate
from backend.core import clock
from backend.core.sentences import duration, sentence
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News

KIND = kinds.REVOKED


def tell_revoked(session: Session, certificate: ServiceCertificate) -> None:
    """Tell the member that a paper is good no more, in the app and through WeChat."""
    text = f"编号{certificate.number}的证明已撤销：{sentence(certificate.revoke_reason)}"
    quotes = [certificate.text("revoke_reason")]
    news = News(KIND, str(certificate.id), "证明已撤销", text, certificate.as_subject, quotes)
    notifications.notify_member(session, certificate.member_id, news)
    _send(session, certificate, "已撤销")


def tell_reissued(session: Session, old: ServiceCertificate, anew: ServiceCertificate) -> None:
    """Tell the member that a paper was issued anew, and why the old one is good no more."""
    text = (
        f"编号{old.number}的证明已撤销，并重新出具为编号{anew.number}：所载部分服务时间重叠，"
        f"重叠的时间此前重复计算。原为{old.services}次，{duration(old.minutes)}；"
        f"现为{anew.services}次，{duration(anew.minutes)}。如有疑问，请与社区联系。"
    )
    news = News(KIND, str(old.id), "证明已重新出具", text, anew.as_subject)
    notifications.notify_member(session, old.member_id, news)
    _send(session, old, "已重新出具")


def _send(session: Session, certificate: ServiceCertificate, phrase: str) -> None:
    message = notifications.message(
        KIND,
        f"{KIND}:{certificate.id}",
        "志愿服务记录证明",
        phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        "原因请在小程序中查看",
    )
    notifications.send_to_member(session, certificate.member_id, message)
