"""What people are told about attachments, in words."""

from sqlalchemy.orm import Session

from backend.core.sentences import sentence
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Account
from backend.support.attachments import kinds
from backend.support.attachments.models import Attachment
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News

NOBODY = 0


def tell_reviewers(session: Session, attachment: Attachment) -> None:
    """Tell those who review, once, that an image waits for a person's eye."""
    community = session.get_one(Area, attachment.area_id)
    uploader = session.get(Account, attachment.account_id) if attachment.account_id else None
    member_id = uploader.member_id if uploader else None
    notifications.notify(
        session,
        members.deciders(community, member_id or NOBODY),
        News(
            kinds.HELD,
            str(attachment.id),
            "有图片待人工核查",
            "一张随材料提交的图片需要人工核查，请查看后决定是否显示。",
            attachment.as_subject,
        ),
    )


def tell_uploader(session: Session, attachment: Attachment) -> None:
    """Tell whoever sent it that it was removed, and why."""
    if attachment.account_id is None:
        return
    news = News(
        kinds.REMOVED,
        str(attachment.id),
        "图片未通过核查",
        f"您提交的一张图片已被移除：{sentence(attachment.reason)}其他内容不受影响，可重新上传。",
        attachment.as_subject,
        quotes=[attachment.text("reason")],
    )
    notifications.notify_account(session, attachment.account_id, news)
