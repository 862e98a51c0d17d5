"""What people are told about service records, in words."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import kinds
from backend.community.volunteering.models import (
    ServiceRecord,
    ServiceRecordCorrection,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.actor import Role
from backend.core.sentences import sentence
from backend.people.members import queries as members
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News


def tell_deciders(session: Session, record: ServiceRecord) -> None:
    """Put a submitted record into the inbox of those who decide about it."""
    late = "已超过补录期限，请街道核实后补录。" if record.late else "请核实后确认。"
    news = News(
        kinds.RECORD_SUBMITTED,
        _business_id(record),
        "有新的服务记录待确认",
        f"{_day(record)}的志愿服务，{late}",
        record.as_subject,
    )
    notifications.notify(session, _deciders(record), news)


def _deciders(record: ServiceRecord) -> sa.Select[int]:
    if record.late:
        return members.holders(Role.STREET_OFFICER, area_id=record.community.township_id)
    return members.deciders(record.community, record.member_id)


def remind(session: Session, record: ServiceRecord, *, expires_at: datetime) -> None:
    """Remind of the last day for a confirmation, once however many records wait there."""
    day, community = record.confirm_due_on, record.community
    business_id = f"service_records:{community.id}:{day}"
    news = News(
        kinds.DEADLINE,
        business_id,
        "服务记录今天到期",
        f"{community.name}有服务记录须在今天（{day.month}月{day.day}日）内确认，请办理。",
        record.as_subject,
    )
    notifications.notify(session, _deciders(record), news)
    texts = ("服务记录待确认", f"{day} 23:59", "请在今天内确认")
    message = notifications.message(kinds.DEADLINE, business_id, *texts, expires_at=expires_at)
    notifications.send(session, _deciders(record), message)


def tell_of_dispute(session: Session, record: ServiceRecord) -> None:
    """Tell those who decide that a member contests a record, and why."""
    news = News(
        kinds.RECORD_DISPUTED,
        f"{record.id}:{clock.now().timestamp():.0f}",
        "有服务记录提出异议",
        f"{_day(record)}的志愿服务：{sentence(record.dispute_reason)}请核实后更正或说明。",
        record.as_subject,
        [record.text("dispute_reason")],
    )
    notifications.notify(session, _deciders(record), news)


def tell_upheld(session: Session, record: ServiceRecord) -> None:
    """Tell the member that the record stays as it was, and why."""
    news = News(
        kinds.RECORD_UPHELD,
        f"{record.id}:{clock.now().timestamp():.0f}",
        "异议已答复",
        f"{_day(record)}的志愿服务经核实保持不变：{record.answer}",
        record.as_subject,
        [record.text("answer")],
    )
    notifications.notify_member(session, record.member_id, news)


def tell_corrected(
    session: Session, record: ServiceRecord, before: ServiceRecordCorrection
) -> None:
    """Tell the member that a record was corrected; what it said before stands beside it."""
    news = News(
        kinds.RECORD_CORRECTED,
        before.as_subject,
        "服务记录已更正",
        f"{_day(record)}的志愿服务已更正：{record.answer}。更正前的内容仍可查看。",
        record.as_subject,
        [record.text("answer")],
    )
    notifications.notify_member(session, record.member_id, news)


def tell_counted_once(session: Session, record: ServiceRecord, records: int) -> None:
    """Tell the member that hours which were counted twice now count once."""
    news = News(
        kinds.RECORD_CORRECTED,
        f"counted_once:{record.id}",
        "重叠的服务时间已按一次计算",
        f"您有{records}条服务记录时间重叠，重叠的时间此前重复计算，现只计一次。"
        "记录内容没有改动；如时间有误，可在“我的服务记录”中提出异议。",
        record.as_subject,
    )
    notifications.notify_member(session, record.member_id, news)


def tell_member(session: Session, record: ServiceRecord) -> None:
    """Tell the member the decision, in the app and through WeChat."""
    kind, title, text = _words(record)
    quotes = [record.text(part) for part in _QUOTED.get(record.status, ())]
    news = News(kind, _business_id(record), title, text, record.as_subject, quotes)
    notifications.notify_member(session, record.member_id, news)
    phrase, hint = _PHRASES[kind]
    message = notifications.message(
        kind,
        f"{kind}:{_business_id(record)}",
        f"{_day(record)}的志愿服务",
        phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        hint,
    )
    notifications.send_to_member(session, record.member_id, message)


_PHRASES = {
    kinds.RECORD_CONFIRMED: ("已确认", "已计入本年度志愿服务"),
    kinds.RECORD_RETURNED: ("已退回", "请按说明补充后重新提交"),
    kinds.RECORD_VOIDED: ("已作废", "如有异议，可在小程序中提出"),
}

# What of the secretary's words stands in each.
_QUOTED = {
    ServiceRecordStatus.RETURNED: ["return_reason"],
    ServiceRecordStatus.VOIDED: ["void_reason"],
}


def _words(record: ServiceRecord) -> tuple[NewsKind, str, str]:
    service = f"{_day(record)}的志愿服务"
    if record.status is ServiceRecordStatus.CONFIRMED:
        text = f"{service}已由社区确认。"
        return kinds.RECORD_CONFIRMED, "服务记录已确认", text
    if record.status is ServiceRecordStatus.RETURNED:
        text = f"{service}请补充：{sentence(record.return_reason)}"
        return kinds.RECORD_RETURNED, "服务记录已退回", text
    text = f"{service}已作废：{sentence(record.void_reason)}如有异议，可在“我的服务记录”中提出。"
    return kinds.RECORD_VOIDED, "服务记录已作废", text


def _day(record: ServiceRecord) -> str:
    day = clock.local_date(record.started_at)
    return f"{day.month}月{day.day}日"


def _business_id(record: ServiceRecord) -> str:
    """A corrected record is news again, so the moment of sending belongs to the id."""
    return f"{record.id}:{record.submitted_at.timestamp():.0f}"
