"""What people are told about claims, in words."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.members import queries as members
from backend.notifications import service as notifications
from backend.notifications.models import NotificationKind
from backend.notifications.service import Message, News
from backend.notifications.templates import Template
from backend.projects.models import ClaimStatus, ProjectClaim


def tell_secretaries(session: Session, claim: ProjectClaim, step: str) -> None:
    """Tell the community's secretaries that a claim was submitted or delivered."""
    kind, title, verb = {
        "submitted": (NotificationKind.CLAIM_SUBMITTED, "有新的项目认领", "请在3个工作日内办理。"),
        "delivered": (NotificationKind.CLAIM_DELIVERED, "有项目待验收", "请验收并评价。"),
    }[step]
    notifications.notify(
        session,
        members.holders(Role.COMMUNITY_SECRETARY, area_id=claim.project.community_id),
        _news(claim, kind, str(claim.id), title, verb),
    )


def tell_claimant(session: Session, claim: ProjectClaim) -> None:
    """Tell who claimed what became of it, in the app and through WeChat."""
    kind, title, text = {
        ClaimStatus.ACCEPTED: (NotificationKind.CLAIM_ACCEPTED, "认领已接受", "可以开始实施。"),
        ClaimStatus.DECLINED: (
            NotificationKind.CLAIM_DECLINED,
            "认领未被接受",
            f"原因：{claim.decline_reason}",
        ),
        ClaimStatus.COMPLETED: (
            NotificationKind.CLAIM_COMPLETED,
            "项目已验收",
            "社区已验收，感谢您的付出。",
        ),
    }[claim.status]
    own = ["decline_reason"] if claim.status is ClaimStatus.DECLINED else []
    news = _news(claim, kind, str(claim.id), title, text, own)
    notifications.notify_member(session, claim.member_id, news)
    phrase, hint = _PHRASES[claim.status]
    message = notifications.message(
        Template.CLAIM_RESULT,
        f"{kind}:{claim.id}",
        f"{claim.project.community.name}的项目",
        phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        hint,
    )
    notifications.send_to_member(session, claim.member_id, message)


def _news(
    claim: ProjectClaim,
    kind: NotificationKind,
    business_id: str,
    title: str,
    text: str,
    own: Sequence[str] = (),
) -> News:
    """Return news about a claim that quote the project's title and the claim's `own` texts."""
    quotes = [claim.project.text("plan"), *map(claim.text, own)]
    body = f"“{claim.project.title}”{text}"
    return News(kind, business_id, title, body, claim.as_subject, quotes)


_PHRASES = {
    ClaimStatus.ACCEPTED: ("已同意", "可以开始实施"),
    ClaimStatus.DECLINED: ("未同意", "原因请在小程序中查看"),
    ClaimStatus.COMPLETED: ("已验收", "感谢您的付出"),
}


def remind_of_start(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind the claimant on the day before the project begins."""
    day = claim.project.starts_on
    _remind(session, claim, NotificationKind.PROJECT_REMINDER, day, "明天开始", expires_at)


def remind_of_delivery(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind the claimant that the project ends soon and nothing was delivered."""
    day = claim.project.ends_on
    _remind(session, claim, NotificationKind.DEADLINE_REMINDER, day, "即将结束", expires_at)


def _remind(
    session: Session,
    claim: ProjectClaim,
    kind: NotificationKind,
    day: date,
    what: str,
    expires_at: datetime,
) -> None:
    ends = kind is NotificationKind.DEADLINE_REMINDER
    hint = "完成后请提交完成情况。" if ends else "请按约定开展。"
    text = f"{day.month}月{day.day}日{'结束' if ends else '开始'}，{hint}"
    business_id = f"{claim.id}:{day}"
    news = _news(claim, kind, business_id, f"认领的项目{what}", text)
    notifications.notify_member(session, claim.member_id, news)
    texts = (f"认领的项目{what}", f"{day} {'23:59' if ends else '09:00'}", hint)
    message = Message(Template.DEADLINE_REMINDER, f"{kind}:{business_id}", texts, expires_at)
    notifications.send_to_member(session, claim.member_id, message)
