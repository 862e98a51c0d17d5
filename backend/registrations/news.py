"""What people are told about registrations, in words."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.members import queries as members
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import Message, News
from backend.notifications.templates import Template
from backend.registrations.models import CommunityRegistration, RegistrationStatus


def tell_secretaries(session: Session, registration: CommunityRegistration) -> None:
    """Put a submitted registration into the inbox of those who decide about it."""
    day = registration.answer_due_on
    notifications.notify(
        session,
        members.deciders(registration.community, registration.member_id),
        News(
            NotificationKind.REGISTRATION_SUBMITTED,
            _business_id(registration),
            "有新的党员报到",
            f"请在{day.month}月{day.day}日前办理。",
            registration.as_subject,
        ),
    )


def remind(
    session: Session,
    registration: CommunityRegistration,
    deciders: sa.Select[int],
    *,
    expires_at: datetime,
) -> None:
    """Remind of the last day for an answer, once however many registrations wait there."""
    day, community = registration.answer_due_on, registration.community
    business_id = f"registrations:{community.id}:{day}"
    news = News(
        NotificationKind.DEADLINE_REMINDER,
        business_id,
        "报到今天到期",
        f"{community.name}有报到须在今天（{day.month}月{day.day}日）内答复，请办理。",
        registration.as_subject,
    )
    notifications.notify(session, deciders, news)
    texts = ("党员报到待答复", f"{day} 23:59", "请在今天内答复")
    message = Message(Template.DEADLINE_REMINDER, business_id, texts, expires_at)
    notifications.send(session, deciders, message)


def tell_member(session: Session, registration: CommunityRegistration) -> None:
    """Tell the member the decision: in the app, and through WeChat except for a rejection."""
    kind, title, text, phrase, hint = _WORDS[registration.status](registration)
    quotes = [registration.text(part) for part in _QUOTED.get(registration.status, ())]
    news = News(kind, _business_id(registration), title, text, registration.as_subject, quotes)
    notifications.notify_member(session, registration.member_id, news)
    if phrase:
        message = notifications.message(
            Template.REGISTRATION_RESULT,
            f"{kind}:{_business_id(registration)}",
            registration.community.name,
            phrase,
            clock.now().strftime("%Y-%m-%d %H:%M"),
            hint,
        )
        notifications.send_to_member(session, registration.member_id, message)


Words = tuple[NotificationKind, str, str, str, str]


def _accepted(registration: CommunityRegistration) -> Words:
    text = f"{registration.community.name}已接收您的报到，回执编号{registration.receipt_no}。"
    kind = NotificationKind.REGISTRATION_ACCEPTED
    return kind, "报到已接收", text, "已接收", "可在“我的报到”中查看回执"


def _returned(registration: CommunityRegistration) -> Words:
    text = f"{registration.community.name}请您补正：{registration.return_reason}"
    kind = NotificationKind.REGISTRATION_RETURNED
    return kind, "报到已退回", text, "已退回", "请按说明补正后重新提交"


def _rejected(registration: CommunityRegistration) -> Words:
    text = f"{registration.community.name}未能接收：{registration.rejection_reason}"
    return NotificationKind.REGISTRATION_REJECTED, "报到未被接收", text, "", ""


_WORDS = {
    RegistrationStatus.ACTIVE: _accepted,
    RegistrationStatus.RETURNED: _returned,
    RegistrationStatus.REJECTED: _rejected,
}

# What of the secretary's words stands in each.
_QUOTED = {
    RegistrationStatus.RETURNED: ["return_reason"],
    RegistrationStatus.REJECTED: ["rejection_reason"],
}


def _business_id(registration: CommunityRegistration) -> str:
    """A corrected registration is news again, so the moment of sending belongs to the id."""
    return f"{registration.id}:{registration.submitted_at.timestamp():.0f}"
