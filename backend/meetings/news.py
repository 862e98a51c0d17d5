"""What people are told about meetings, in words."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.meetings import participants
from backend.meetings.models import Meeting, MeetingKind
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import Message, News
from backend.notifications.templates import Template


def tell_due(session: Session, meeting: Meeting) -> None:
    """Put a convened meeting into the inbox of everybody who is due to attend."""
    notifications.notify(
        session,
        participants.due_ids(meeting),
        News(
            NotificationKind.MEETING_CONVENED,
            str(meeting.id),
            f"会议通知：{KINDS[meeting.kind]}",
            f"《{meeting.title}》{when(meeting)}召开，请按时参加。",
            meeting.as_subject,
            quotes=[meeting.text("plan")],
        ),
    )


def tell_cancelled(session: Session, meeting: Meeting) -> None:
    """Tell everybody who was due to attend that the meeting does not take place."""
    news = News(
        NotificationKind.MEETING_CANCELLED,
        str(meeting.id),
        f"会议取消：{KINDS[meeting.kind]}",
        f"原定{when(meeting)}的会议不再召开。原因：{meeting.cancel_reason}",
        meeting.as_subject,
        quotes=[meeting.text("cancel_reason")],
    )
    notifications.notify(session, participants.due_ids(meeting), news)


def remind(session: Session, meeting: Meeting, expected: sa.Select[int]) -> None:
    """Remind those who are expected, in the app and through WeChat, once for this beginning."""
    where = "线上召开，会议链接在小程序中。" if meeting.online_url else "请按时到会。"
    business_id = f"{meeting.id}:{meeting.starts_at.timestamp():.0f}"
    news = News(
        NotificationKind.MEETING_REMINDER,
        business_id,
        f"会前提醒：{KINDS[meeting.kind]}",
        f"{when(meeting)}开始，{where}",
        meeting.as_subject,
    )
    notifications.notify(session, expected, news)
    begins = meeting.starts_at.astimezone(clock.SHANGHAI)
    message = Message(
        Template.MEETING_REMINDER,
        business_id,
        (KINDS[meeting.kind], f"{begins:%Y-%m-%d %H:%M}", where),
        expires_at=meeting.starts_at,
    )
    notifications.send(session, expected, message)


def when(meeting: Meeting) -> str:
    """Day and hour of the beginning, as news say it."""
    begins = meeting.starts_at.astimezone(clock.SHANGHAI)
    return f"{begins.month}月{begins.day}日{begins:%H:%M}"


KINDS = {
    MeetingKind.MEMBERS_ASSEMBLY: "支部党员大会",
    MeetingKind.COMMITTEE_MEETING: "支部委员会会议",
    MeetingKind.GROUP_MEETING: "党小组会",
    MeetingKind.PARTY_LECTURE: "党课",
    MeetingKind.THEME_DAY: "主题党日",
    MeetingKind.ORGANIZATIONAL_LIFE_MEETING: "组织生活会",
    MeetingKind.MEMBER_APPRAISAL: "民主评议党员",
}
