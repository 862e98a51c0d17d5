"""What people are told about texts that are held."""

from sqlalchemy.orm import Session

from backend.members import queries as members
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
from backend.text_checks.models import TextCheck


def tell_reviewers(session: Session, row: TextCheck) -> None:
    """Tell those who decide that a text waits; what it says stands in the queue alone."""
    news = News(
        NotificationKind.TEXT_CHECK_HELD,
        str(row.id),
        "有文字内容待核查",
        f"{row.area.name}有一段文字需要人工核查，请查看后决定是否显示。",
        row.as_subject,
    )
    nobody = 0
    author = row.account.member_id or nobody
    notifications.notify(session, members.deciders(row.area, author), news)


def tell_author(session: Session, row: TextCheck) -> None:
    """Tell whoever wrote it that it is not shown, and why."""
    news = News(
        NotificationKind.TEXT_CHECK_REMOVED,
        str(row.id),
        "有文字内容未通过核查",
        f"您填写的内容已隐藏，只有您本人可见。原因：{row.reason}",
        row.subject,
        quotes=[row.text("reason")],
    )
    notifications.notify_account(session, row.account_id, news)
