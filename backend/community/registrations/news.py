"""What people are told about registrations, in words."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.community.registrations import kinds, queries
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    RegistrationKind,
    RegistrationNudge,
    RegistrationRequest,
    RegistrationStatus,
    RequestKind,
    RequestStatus,
)
from backend.core import clock
from backend.core.actor import Role
from backend.core.sentences import sentence
from backend.people.areas.models import Area
from backend.people.members import queries as members
from backend.people.members.models import Appointment, Member
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News


def tell_deciders(session: Session, registration: CommunityRegistration) -> None:
    """Put a submitted registration into the inbox of those who decide about it."""
    day = registration.answer_due_on
    notifications.notify(
        session,
        queries.deciders(registration),
        News(
            kinds.SUBMITTED,
            _business_id(registration),
            "有新的党员报到",
            f"请在{day.month}月{day.day}日前办理。",
            registration.as_subject,
        ),
    )


def remind(session: Session, registration: CommunityRegistration, *, expires_at: datetime) -> None:
    """Remind of the last day for an answer, once however many registrations wait there."""
    day, receiver = registration.answer_due_on, registration.receiver
    deciders = queries.deciders(registration)
    place = registration.community_id or f"branch:{registration.member.branch_id}"
    business_id = f"registrations:{place}:{day}"
    news = News(
        kinds.DEADLINE,
        business_id,
        "报到今天到期",
        f"{receiver}有报到须在今天（{day.month}月{day.day}日）内答复，请办理。",
        registration.as_subject,
    )
    notifications.notify(session, deciders, news)
    texts = ("党员报到待答复", f"{day} 23:59", "请在今天内答复")
    message = notifications.message(kinds.DEADLINE, business_id, *texts, expires_at=expires_at)
    notifications.send(session, deciders, message)


_REPORTED = {
    RegistrationStatus.ACTIVE: "已向{}报到",
    RegistrationStatus.PAUSED: "向{}的报到已暂停",
    RegistrationStatus.ENDED: "向{}的报到已结束",
}


def tell_home_branch(session: Session, registration: CommunityRegistration) -> None:
    """Tell the home branch where its member stands now; what it judged itself it knows."""
    community, member = registration.community, registration.member
    if community is None or registration.kind is not RegistrationKind.PRIMARY:
        return
    words = _REPORTED[registration.status].format(registration.receiver)
    moment = f"{registration.id}:{registration.status}:{clock.now().timestamp():.0f}"
    secretaries = members.holders(Role.BRANCH_SECRETARY, organization_id=member.branch_id)
    notifications.notify(
        session,
        secretaries.where(Appointment.member_id != member.id),
        News(
            kinds.REPORTED,
            moment,
            "本支部党员报到情况",
            f"{member.name}{words}。",
            registration.as_subject,
        ),
    )


def tell_street(session: Session, registration: CommunityRegistration, community: Area) -> None:
    """Say that an answer is missing, not whose: once a community and day."""
    day = registration.answer_due_on
    officers = members.holders(Role.STREET_OFFICER, area_id=community.township_id)
    text = f"{community.name}有报到应在{day.month}月{day.day}日前答复，至今没有答复，请督促办理。"
    kind, business_id = kinds.OVERDUE, f"{community.id}:{day}"
    subject = registration.as_subject
    notifications.notify(
        session, officers, News(kind, business_id, "有报到过期未答复", text, subject)
    )


def tell_member(session: Session, registration: CommunityRegistration) -> None:
    """Tell the member the decision: in the app, and through WeChat except for a rejection."""
    kind, title, text, phrase, hint = _WORDS[registration.status](registration)
    quotes = [registration.text(part) for part in _QUOTED.get(registration.status, ())]
    news = News(kind, _business_id(registration), title, text, registration.as_subject, quotes)
    notifications.notify_member(session, registration.member_id, news)
    if phrase:
        message = notifications.message(
            kind,
            f"{kind}:{_business_id(registration)}",
            registration.receiver,
            phrase,
            clock.now().strftime("%Y-%m-%d %H:%M"),
            hint,
        )
        notifications.send_to_member(session, registration.member_id, message)


Words = tuple[NewsKind, str, str, str, str]


def _accepted(registration: CommunityRegistration) -> Words:
    text = f"{registration.receiver}已接收您的报到，回执编号{registration.receipt_no}。"
    kind = kinds.ACCEPTED
    return kind, "报到已接收", text, "已接收", "可在“我的报到”中查看回执"


def _returned(registration: CommunityRegistration) -> Words:
    text = f"{registration.receiver}请您补充：{sentence(registration.return_reason)}"
    kind = kinds.RETURNED
    return kind, "报到已退回", text, "已退回", "请按说明补充后重新提交"


def _rejected(registration: CommunityRegistration) -> Words:
    text = f"{registration.receiver}未能接收：{sentence(registration.rejection_reason)}"
    return kinds.REJECTED, "报到未被接收", text, "", ""


ASKED = {
    RequestKind.PAUSE: "暂停报到",
    RequestKind.RESUMPTION: "恢复报到",
    RequestKind.ENDING: "结束报到",
}
_DONE = {
    RequestKind.PAUSE: ("已暂停", "暂停期间不要求参加服务"),
    RequestKind.RESUMPTION: ("已恢复", "可继续参加社区服务"),
    RequestKind.ENDING: ("已结束", "需要时可以重新报到"),
}


def tell_deciders_of_request(
    session: Session, registration: CommunityRegistration, request: RegistrationRequest
) -> None:
    """Put what a member asks into the inbox of those who decide about it."""
    notifications.notify(
        session,
        queries.deciders(registration),
        News(
            kinds.REQUEST_SUBMITTED,
            str(request.id),
            f"有党员申请{ASKED[request.kind]}",
            "请核实后办理。",
            registration.as_subject,
        ),
    )


def tell_member_of_answer(
    session: Session, registration: CommunityRegistration, request: RegistrationRequest
) -> None:
    """Tell the member what became of what was asked, in the app and through WeChat."""
    asked, quotes = ASKED[request.kind], []
    if request.status is RequestStatus.CONFIRMED:
        kind = kinds.REQUEST_CONFIRMED
        phrase, hint = _DONE[request.kind]
        title, text = f"报到{phrase}", f"{registration.receiver}已为您办理{asked}。"
    else:
        kind = kinds.REQUEST_REFUSED
        phrase, hint = "未同意", f"申请{asked}，请看说明"
        title = f"申请{asked}未获同意"
        text = f"{registration.receiver}：{sentence(request.refusal_reason)}"
        quotes = [registration.text("request_refusal")]
    news = News(kind, str(request.id), title, text, registration.as_subject, quotes)
    notifications.notify_member(session, registration.member_id, news)
    message = notifications.message(
        kind,
        f"{kind}:{request.id}",
        registration.receiver,
        phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        hint,
    )
    notifications.send_to_member(session, registration.member_id, message)


def tell_member_of_ending(session: Session, registration: CommunityRegistration) -> None:
    """Tell the member that the community has ended the registration unasked, and why."""
    title = "报到已作废" if registration.end_reason is EndReason.DATA_ERROR else "报到已结束"
    text = f"{registration.receiver}：{sentence(registration.end_note)}如有异议，请与社区联系。"
    kind, subject = kinds.ENDED, registration.as_subject
    quotes = [registration.text("end_note")]
    news = News(kind, str(registration.id), title, text, subject, quotes)
    notifications.notify_member(session, registration.member_id, news)


def tell_member_of_succession(
    session: Session,
    registration: CommunityRegistration,
    successor: Area,
    *,
    asked: RegistrationRequest | None = None,
    dropped: RegistrationRequest | None = None,
) -> None:
    """Tell the member that the registration has moved because the community has; and what of the
    requests that were waiting."""
    text = (
        f"{_place(registration)}已调整为{successor.name}，您的报到已随之转入，无需重新办理。"
        "实际居住地不在该社区的，可向新的社区报到。"
    )
    if asked is not None:
        text += f"您申请{ASKED[asked.kind]}的事项转由{successor.name}办理，不用再次申请。"
    if dropped is not None:
        text += f"您申请{ASKED[dropped.kind]}的另一份报到已经合并，该申请不再办理，"
        text += "仍需要的请重新申请。"
    kind, subject = kinds.MOVED, registration.as_subject
    news = News(kind, str(registration.id), "报到社区已调整", text, subject)
    notifications.notify_member(session, registration.member_id, news)


def tell_member_of_two_in_one(
    session: Session, registration: CommunityRegistration, successor: Area
) -> None:
    """Tell the member that nobody answers a registration any more where another one is already."""
    text = (
        f"{_place(registration)}已调整为{successor.name}，您在{successor.name}已有报到，"
        "后提交的这份不再办理，原有的报到不受影响。"
    )
    kind, subject = kinds.MOVED, registration.as_subject
    news = News(kind, str(registration.id), "报到社区已调整", text, subject)
    notifications.notify_member(session, registration.member_id, news)


def _place(registration: CommunityRegistration) -> str:
    """Return the place: it is the community that becomes another one, not who answers there."""
    return registration.community.name if registration.community else registration.receiver


def remind_to_register(session: Session, member: Member, nudge: RegistrationNudge) -> None:
    """Remind a member to register where the member lives, in the name of the branch."""
    text = f"{member.branch.name}提醒您：请向居住地社区党组织报到。居住在本市以外的，也在这里登记。"
    kind, business_id = kinds.NUDGED, f"{member.id}:{nudge.year}"
    news = News(kind, business_id, "请到居住地社区报到", text, nudge.as_subject)
    notifications.notify_member(session, member.id, news)


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
