"""What people are told about claims, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims import kinds
from backend.community.claims.models import ProjectClaim, ReleaseReason
from backend.core import clock
from backend.core.sentences import sentence
from backend.people.members import queries as members
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import NewsKind
from backend.support.notifications.service import News

RELEASED = {
    ReleaseReason.NOT_STARTED: "未在期限内开始，名额已释放，不影响您以后认领。",
    ReleaseReason.NOT_RETRIED: "保留期已过，名额已释放，不影响您以后认领。",
    ReleaseReason.PROJECT_CANCELLED: "项目已取消，认领随之结束。",
    ReleaseReason.PROJECT_OVER: "项目已到期，认领随之结束。",
    ReleaseReason.CLAIMANT_LEFT: "党员名册已有变动，认领随之结束。",
}


@dataclass(frozen=True)
class Told:
    """News in the inbox, and a phrase and a hint where WeChat repeats it. `own` names the claim's
    texts that `text` quotes, `of_project` the project's."""

    kind: NewsKind
    title: str
    text: str
    phrase: str = ""
    hint: str = ""
    own: Sequence[str] = ()
    of_project: Sequence[str] = ()


def tell_deciders(session: Session, claim: ProjectClaim, step: str) -> None:
    """Tell who decides about it that a claim was submitted, delivered or evaluated."""
    kind, times, title, text = {
        "submitted": (
            kinds.SUBMITTED,
            claim.tries,
            "有新的项目认领",
            f"请在{day(claim.answer_due_on)}前答复。",
        ),
        "delivered": (kinds.DELIVERED, claim.deliveries, "有项目待验收", "请验收并评价。"),
        "lapsed": (
            kinds.LAPSED,
            claim.tries,
            "有认领过期未答复",
            "认领人可在保留期内重新提交。",
        ),
        "evaluated": (kinds.EVALUATED, 1, "认领方评价了项目", "可在项目详情中查看。"),
    }[step]
    news = about(claim, kind, f"{claim.id}:{times}", title, text)
    if step in ("lapsed", "evaluated"):
        news = of_project(claim, news)  # nothing that waits: it is read on the project's page
    notifications.notify(session, deciders(claim), news)


def deciders(claim: ProjectClaim) -> sa.Select[int]:
    """Select who decides about a claim."""
    return members.deciders(claim.project.community, claim.member_id)


def tell_claimant(session: Session, claim: ProjectClaim, step: str) -> None:
    """Tell who claimed what became of it, in the app and through WeChat."""
    told, business_id = _told(claim, step), f"{claim.id}:{_times(claim, step)}"
    quotes = [*map(claim.text, told.own), *map(claim.project.text, told.of_project)]
    news = about(claim, told.kind, business_id, told.title, told.text, quotes)
    notifications.notify_member(session, claim.member_id, news)
    if not told.phrase:
        return
    message = notifications.message(
        told.kind,
        f"{told.kind}:{business_id}",
        f"{claim.project.community.name}的项目",
        told.phrase,
        clock.now().strftime("%Y-%m-%d %H:%M"),
        told.hint,
    )
    notifications.send_to_member(session, claim.member_id, message)


def _times(claim: ProjectClaim, step: str) -> int:
    """Count how often a step came: what may happen several times is told each time."""
    return {"lapsed": claim.tries, "returned": claim.deliveries}.get(step, 1)


def _told(claim: ProjectClaim, step: str) -> Told:
    found = _of_decision(claim, step) or _of_clock(claim, step)
    if found is None:
        raise ValueError(step)
    return found


def _of_decision(claim: ProjectClaim, step: str) -> Told | None:
    quoted = {
        "declined": Told(
            kinds.DECLINED,
            "认领未被接受",
            f"原因：{sentence(claim.decline_reason)}",
            "未同意",
            "原因请在小程序中查看",
            ["decline_reason"],
        ),
        "returned": Told(
            kinds.RETURNED,
            "请补充完成情况",
            f"社区意见：{sentence(claim.return_reason)}",
            "请补充",
            "社区意见请在小程序中查看",
            ["return_reason"],
        ),
        "failed": Told(
            kinds.FAILED,
            "认领未能完成",
            f"社区说明：{sentence(claim.failure_reason)}",
            "未完成",
            "说明请在小程序中查看",
            ["failure_reason"],
        ),
    }
    begin = f"可以开始实施，请在{day(claim.start_due_on)}前点“开始”。"
    thanks = "社区已验收，感谢您的付出。"
    return quoted.get(step) or {
        "accepted": Told(kinds.ACCEPTED, "认领已接受", begin, "已同意", "可以开始实施"),
        "completed": Told(kinds.COMPLETED, "项目已验收", thanks, "已验收", "感谢您的付出"),
    }.get(step)


def _of_clock(claim: ProjectClaim, step: str) -> Told | None:
    kept = f"名额为您保留到{day(claim.retry_until)}，可在“我的认领”中重新提交。"
    evaluate = f"欢迎您在{day(claim.project.evaluation_due_on)}前评价这个项目。"
    return {
        "moved_up": Told(
            kinds.MOVED_UP, "候补有了名额", "等待社区答复。", "有名额了", "等待社区答复"
        ),
        "lapsed": Told(kinds.LAPSED, "社区未按期答复", kept, "未答复", "名额已保留，可重新提交"),
        "released": _released(claim),
        "done": Told(kinds.DONE, "项目已结束", evaluate),
    }.get(step)


def _released(claim: ProjectClaim) -> Told:
    title, phrase, hint = "认领已结束", "已结束", "不影响您以后认领"
    text = RELEASED[claim.release_reason] if claim.release_reason else ""
    why = claim.project.cancel_reason
    if claim.release_reason is not ReleaseReason.PROJECT_CANCELLED or not why:
        return Told(kinds.RELEASED, title, text, phrase, hint)
    text += f"社区说明：{sentence(why)}"
    return Told(kinds.RELEASED, title, text, phrase, hint, of_project=["cancel_reason"])


def about(
    claim: ProjectClaim,
    kind: NewsKind,
    business_id: str,
    title: str,
    text: str,
    quotes: Sequence[str] = (),
) -> News:
    """Return news about a claim that quote the project's title, and whatever `text` quotes."""
    body = f"“{claim.project.title}”{text}"
    quoted = [claim.project.text("plan"), *quotes]
    return News(kind, business_id, title, body, claim.as_subject, quoted)


def of_project(claim: ProjectClaim, news: News) -> News:
    """Return news that lead whoever decides to the project; a claim's own lead its claimant."""
    return replace(news, subject=claim.project.as_subject)


def day(date_: date | None) -> str:
    """Write a day as `11月28日`."""
    return f"{date_.month}月{date_.day}日" if date_ else ""
