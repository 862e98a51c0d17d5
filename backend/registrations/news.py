"""What people are told about registrations, in words."""

from sqlalchemy.orm import Session

from backend.core import clock
from backend.members import queries as members
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import News
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
            _subject(registration),
        ),
    )


def tell_member(session: Session, registration: CommunityRegistration) -> None:
    """Tell the member the decision: in the app, and through WeChat except for a rejection."""
    kind, title, text, phrase, hint = _WORDS[registration.status](registration)
    news = News(kind, _business_id(registration), title, text, _subject(registration))
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


def _business_id(registration: CommunityRegistration) -> str:
    """A corrected registration is news again, so the moment of sending belongs to the id."""
    return f"{registration.id}:{registration.submitted_at.timestamp():.0f}"


def _subject(registration: CommunityRegistration) -> str:
    return f"{CommunityRegistration.__tablename__}:{registration.id}"
