"""What people are told about texts that are held."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Role
from backend.core.sentences import sentence
from backend.people.members import queries as members
from backend.people.members.models import Appointment
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News
from backend.support.text_checks import kinds
from backend.support.text_checks.declared import Audience
from backend.support.text_checks.models import TextCheck


def tell_reviewers(session: Session, row: TextCheck) -> None:
    """Tell those who decide that a text waits; what it says stands in the queue alone."""
    news = News(
        kinds.HELD,
        str(row.id),
        "有文字内容待核查",
        f"{row.area.name}有一段文字需要人工核查，请查看后决定是否显示。",
        row.as_subject,
    )
    notifications.notify(session, _deciders(row), news)


def _deciders(row: TextCheck) -> sa.Select[int]:
    """Select those to whom `policy.decidable` opens the text."""
    nobody = 0
    author = row.account.member_id or nobody
    if row.audience is Audience.OFFICES:
        return members.deciders(row.area, author)
    secretaries = members.holders(Role.COMMUNITY_SECRETARY, area_id=row.area_id)
    return secretaries.where(Appointment.member_id != author)


def tell_author(session: Session, row: TextCheck) -> None:
    """Tell whoever wrote it that it is not shown, and why."""
    news = News(
        kinds.REMOVED,
        str(row.id),
        "有文字内容未通过核查",
        f"您填写的内容已隐藏，只有您本人可见。原因：{sentence(row.reason)}",
        row.subject,
        quotes=[row.text("reason")],
    )
    notifications.notify_account(session, row.account_id, news)
