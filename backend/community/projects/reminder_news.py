"""What people are reminded of about a claim, in words."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.community.projects import kinds, news
from backend.community.projects.models import ProjectClaim
from backend.support.notifications import service as notifications


def of_answer(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind who decides on the last day for an answer."""
    business_id = f"answer:{claim.id}:{claim.tries}"
    told = news.about(
        claim, kinds.DEADLINE, business_id, "有认领今天到期", "请在今天答复，逾期认领失效。"
    )
    deciders = news.deciders(claim)
    notifications.notify(session, deciders, news.of_project(claim, told))
    texts = ("项目认领今天到期", _time(claim.answer_due_on, "23:59"), "请在小程序中答复")
    message = notifications.message(
        kinds.DEADLINE, f"{kinds.DEADLINE}:{business_id}", *texts, expires_at=expires_at
    )
    notifications.send(session, deciders, message)


def of_retry(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind the claimant that the place is kept until the end of today."""
    what, text = "名额保留到今天", "社区未按期答复，可在今天内重新提交。"
    _remind(session, claim, "retry", claim.retry_until, what, text, expires_at)


def of_start(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind the claimant that the place is released unless the work begins."""
    due = claim.start_due_on
    text = f"请在{news.day(due)}前点“开始”，否则名额将释放，不影响您以后认领。"
    _remind(session, claim, "start", due, "认领的项目待开始", text, expires_at)


def of_begin(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind the claimant on the day before the project begins."""
    first = claim.project.starts_on
    text = f"{news.day(first)}开始，请按约定开展。"
    _remind(session, claim, "begin", first, "认领的项目明天开始", text, expires_at, begins=True)


def of_delivery(session: Session, claim: ProjectClaim, *, expires_at: datetime) -> None:
    """Remind the claimant that the project ends soon and nothing was delivered."""
    last = claim.project.ends_on
    text = f"{news.day(last)}结束，完成后请提交完成情况。"
    _remind(session, claim, "delivery", last, "认领的项目即将结束", text, expires_at)


def _remind(
    session: Session,
    claim: ProjectClaim,
    of: str,
    due: date | None,
    what: str,
    text: str,
    expires_at: datetime,
    *,
    begins: bool = False,
) -> None:
    kind = kinds.REMINDER if begins else kinds.DEADLINE
    business_id = f"{of}:{claim.id}:{due}"
    told = news.about(claim, kind, business_id, what, text)
    notifications.notify_member(session, claim.member_id, told)
    hint = "请按约定开展" if begins else "请在小程序中办理"
    texts = (what, _time(due, "09:00" if begins else "23:59"), hint)
    message = notifications.message(kind, f"{kind}:{business_id}", *texts, expires_at=expires_at)
    notifications.send_to_member(session, claim.member_id, message)


def _time(due: date | None, hour: str) -> str:
    return f"{due} {hour}"
