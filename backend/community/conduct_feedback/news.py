"""What people are told about feedback, in words."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.community.conduct_feedback import kinds
from backend.community.conduct_feedback.models import ConductFeedback
from backend.core.actor import Role
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News


def ask_secretaries(session: Session, area_id: int, year: int) -> None:
    """Remind a community's secretaries in December that the year's notes are to be written."""
    news = News(
        kinds.DUE,
        f"{area_id}:{year}",
        f"请填写{year}年度反馈",
        "年底了，请为在社区报到的党员填写年度反馈：先看事实，再写一两句评语。",
        f"{Area.__tablename__}:{area_id}",
    )
    secretaries = members.holders(Role.COMMUNITY_SECRETARY, area_id=area_id)
    notifications.notify(session, secretaries, news)


def tell_member(session: Session, note: ConductFeedback) -> None:
    """Tell the member, who reads it first."""
    day = note.reply_due_on
    news = News(
        kinds.WRITTEN,
        str(note.id),
        f"{note.year}年度反馈请您过目",
        f"{note.community.name}写了反馈。您可在{day.month}月{day.day}日前补充说明，之后转给所在党支部。",
        note.as_subject,
    )
    notifications.notify_member(session, note.member_id, news)


def remind_member(session: Session, note: ConductFeedback, *, expires_at: datetime) -> None:
    """Remind the member of the last day; nothing follows from staying silent."""
    day, business_id = note.reply_due_on, f"feedback:{note.id}:{note.reply_due_on}"
    news = News(
        kinds.DEADLINE,
        business_id,
        "年度反馈今天可以补充说明",
        f"{note.community.name}写的{note.year}年度反馈将转给您所在的党支部。"
        f"如需补充说明，请在今天（{day.month}月{day.day}日）内提交；没有补充的，不用办理。",
        note.as_subject,
    )
    notifications.notify_member(session, note.member_id, news)
    texts = ("年度反馈补充说明", f"{day} 23:59", "没有补充的，不用办理")
    message = notifications.message(kinds.DEADLINE, business_id, *texts, expires_at=expires_at)
    notifications.send_to_member(session, note.member_id, message)


def tell_branch(session: Session, note: ConductFeedback) -> None:
    """Tell the home branch's secretaries that it has come."""
    news = News(
        kinds.HANDED_OVER,
        str(note.id),
        f"收到{note.year}年度反馈",
        f"{note.community.name}转来{note.member.name}在社区的反馈。",
        note.as_subject,
    )
    holders = members.holders(Role.BRANCH_SECRETARY, organization_id=note.branch_id)
    notifications.notify(session, holders, news)
