"""What people are told about service records, in words."""

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.members import queries as members
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
from backend.notifications.templates import Template
from backend.volunteering.models import ServiceRecord, ServiceRecordStatus


def tell_secretaries(session: Session, record: ServiceRecord) -> None:
    """Put a submitted record into the inbox of the community's secretaries."""
    notifications.notify(
        session,
        members.holders(Role.COMMUNITY_SECRETARY, area_id=record.community_id),
        News(
            NotificationKind.SERVICE_RECORD_SUBMITTED,
            _business_id(record),
            "有新的服务记录待确认",
            f"{_day(record)}的志愿服务，请核实后确认。",
            record.as_subject,
        ),
    )


def tell_member(session: Session, record: ServiceRecord) -> None:
    """Tell the member the decision, in the app and through WeChat."""
    kind, title, text = _words(record)
    quotes = [record.text(part) for part in _QUOTED.get(record.status, ())]
    news = News(kind, _business_id(record), title, text, record.as_subject, quotes)
    notifications.notify_member(session, record.member_id, news)
    phrase, hint = _PHRASES[kind]
    message = notifications.message(
        Template.SERVICE_RESULT,
        f"{kind}:{_business_id(record)}",
        f"{_day(record)}的志愿服务",
        phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        hint,
    )
    notifications.send_to_member(session, record.member_id, message)


def tell_corrected(session: Session, record: ServiceRecord) -> None:
    """Tell the member that the organiser corrected the times of a confirmed record."""
    text = f"{_day(record)}的志愿服务已更正为{record.duration_min}分钟。如有异议，请与社区联系。"
    business_id = f"{_business_id(record)}:{record.updated_at.timestamp():.6f}"
    kind = NotificationKind.SERVICE_RECORD_CONFIRMED
    news = News(kind, business_id, "服务记录已更正", text, record.as_subject)
    notifications.notify_member(session, record.member_id, news)


_PHRASES = {
    NotificationKind.SERVICE_RECORD_CONFIRMED: ("已确认", "已计入本年度志愿服务"),
    NotificationKind.SERVICE_RECORD_RETURNED: ("已退回", "请按说明补正后重新提交"),
    NotificationKind.SERVICE_RECORD_VOIDED: ("已作废", "如有异议，请与社区联系"),
}

# What of the secretary's words stands in each.
_QUOTED = {
    ServiceRecordStatus.RETURNED: ["return_reason"],
    ServiceRecordStatus.VOIDED: ["void_reason"],
}


def _words(record: ServiceRecord) -> tuple[NotificationKind, str, str]:
    service = f"{_day(record)}的志愿服务"
    if record.status is ServiceRecordStatus.CONFIRMED:
        text = f"{service}已由社区确认。"
        return NotificationKind.SERVICE_RECORD_CONFIRMED, "服务记录已确认", text
    if record.status is ServiceRecordStatus.RETURNED:
        text = f"{service}请补正：{record.return_reason}"
        return NotificationKind.SERVICE_RECORD_RETURNED, "服务记录已退回", text
    text = f"{service}已作废：{record.void_reason}。如有异议，请与社区联系。"
    return NotificationKind.SERVICE_RECORD_VOIDED, "服务记录已作废", text


def _day(record: ServiceRecord) -> str:
    day = clock.local_date(record.started_at)
    return f"{day.month}月{day.day}日"


def _business_id(record: ServiceRecord) -> str:
    """A corrected record is news again, so the moment of sending belongs to the id."""
    return f"{record.id}:{record.submitted_at.timestamp():.0f}"
