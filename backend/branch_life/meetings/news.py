"""What people are told about meetings, in words."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.meetings import kinds, participants
from backend.branch_life.meetings.models import Meeting, MeetingKind
from backend.core import clock
from backend.core.sentences import sentence
from backend.support.notifications import service as notifications
from backend.support.notifications.service import News


def tell_due(session: Session, meeting: Meeting, *, times: int = 1) -> None:
    """Put a convened meeting into the inbox of everybody who is due to attend; with `times`, that
    it takes place in so many months."""
    again = f"此后每月召开，共{times}次，各次时间见会议列表。" if times > 1 else ""
    notifications.notify(
        session,
        participants.due_ids(meeting),
        News(
            kinds.CONVENED,
            str(meeting.id),
            f"会议通知：{KINDS[meeting.kind]}",
            f"《{meeting.title}》{when(meeting)}{where(meeting)}召开，请按时参加。{again}",
            meeting.as_subject,
            quotes=[meeting.text("plan")],
        ),
    )


def tell_changed(session: Session, meeting: Meeting, changes: Sequence[str]) -> None:
    """Tell everybody who is due what of a convened meeting is different now, once a change."""
    news = News(
        kinds.CHANGED,
        f"{meeting.id}:{clock.now().timestamp():.6f}",
        f"会议已变更：{KINDS[meeting.kind]}",
        f"《{meeting.title}》有变更：{'；'.join(changes)}。",
        meeting.as_subject,
        quotes=[meeting.text("plan")],
    )
    notifications.notify(session, participants.due_ids(meeting), news)


def tell_cancelled(session: Session, meeting: Meeting) -> None:
    """Tell everybody who was due to attend that the meeting does not take place."""
    news = News(
        kinds.CANCELLED,
        str(meeting.id),
        f"会议取消：{KINDS[meeting.kind]}",
        f"原定{when(meeting)}的会议不再召开。原因：{sentence(meeting.cancel_reason)}",
        meeting.as_subject,
        quotes=[meeting.text("cancel_reason")],
    )
    notifications.notify(session, participants.due_ids(meeting), news)


def remind(session: Session, meeting: Meeting, expected: sa.Select[int]) -> None:
    """Remind those who are expected, in the app and through WeChat, once for this beginning."""
    how = "线上召开，会议链接在小程序中。" if meeting.online_url else _come_to(meeting)
    business_id = f"{meeting.id}:{meeting.starts_at.timestamp():.0f}"
    news = News(
        kinds.REMINDER,
        business_id,
        f"会前提醒：{KINDS[meeting.kind]}",
        f"{when(meeting)}开始，{how}",
        meeting.as_subject,
    )
    notifications.notify(session, expected, news)
    begins = meeting.starts_at.astimezone(clock.SHANGHAI)
    message = notifications.message(
        kinds.REMINDER,
        business_id,
        KINDS[meeting.kind],
        f"{begins:%Y-%m-%d %H:%M}",
        how,
        expires_at=meeting.starts_at,
    )
    notifications.send(session, expected, message)


def where(meeting: Meeting) -> str:
    """Return the place of a meeting as news say it after the hour; nothing where it is online."""
    return f"在{meeting.place}" if meeting.place else ""


def _come_to(meeting: Meeting) -> str:
    return f"地点：{meeting.place}，请按时到会。" if meeting.place else "请按时到会。"


def when(meeting: Meeting) -> str:
    """Return day and hour of the beginning, as news say it."""
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
