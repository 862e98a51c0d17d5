"""What people are told about meetings, in words."""

from sqlalchemy.orm import Session

from backend.core import clock
from backend.meetings.models import Meeting
from backend.members import queries as members
from backend.members.models import Member
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News


def tell_members(session: Session, meeting: Meeting) -> None:
    """Put a convened meeting into the inbox of everybody who is due to attend."""
    begins = meeting.starts_at.astimezone(clock.SHANGHAI)
    due = members.active_members_of(meeting.organization_id).with_only_columns(Member.id)
    notifications.notify(
        session,
        due.order_by(None),
        News(
            NotificationKind.MEETING_CONVENED,
            str(meeting.id),
            f"会议通知：{meeting.title}",
            f"时间：{begins.month}月{begins.day}日{begins:%H:%M}，请按时参加。",
            f"{Meeting.__tablename__}:{meeting.id}",
        ),
    )
