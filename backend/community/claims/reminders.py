"""Reminders of a claim, in words: of an answer, another try, the start and the delivery."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from backend.community.claims import kinds, news
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.core import clock
from backend.support.notifications import reminders
from backend.support.notifications import service as notifications
from backend.support.notifications.declared import ReminderKind
from backend.support.notifications.models import Reminder
from backend.support.notifications.reminders import Handler

# Days of the project are whole; the reminder comes at nine: on the day before it begins, and on the
# third day before a last one.
DAY_BEFORE, THREE_DAYS_BEFORE = timedelta(hours=15), timedelta(days=3, hours=15)
KINDS = (
    kinds.ANSWER_DUE,
    kinds.RETRY_DUE,
    kinds.STARTS,
    kinds.START_DUE,
    kinds.DELIVERY_DUE,
)


def plan_answer(session: Session, claim: ProjectClaim, due: date) -> None:
    reminders.plan_last_day(session, kinds.ANSWER_DUE, claim.as_subject, due)


def plan_retry(session: Session, claim: ProjectClaim, until: date) -> None:
    reminders.plan_last_day(session, kinds.RETRY_DUE, claim.as_subject, until)


def plan_work(session: Session, claim: ProjectClaim) -> None:
    """Plan those of a claim that was accepted: begin, start in time, deliver."""
    project = claim.project
    _plan(session, claim, kinds.STARTS, project.starts_on, DAY_BEFORE)
    if claim.start_due_on is not None:
        after = claim.start_due_on + timedelta(days=1)
        _plan(session, claim, kinds.START_DUE, after, THREE_DAYS_BEFORE)
    plan_delivery(session, claim)


def plan_delivery(session: Session, claim: ProjectClaim) -> None:
    after = claim.project.ends_on + timedelta(days=1)
    _plan(session, claim, kinds.DELIVERY_DUE, after, THREE_DAYS_BEFORE)


def _plan(
    session: Session, claim: ProjectClaim, kind: ReminderKind, day: date, lead: timedelta
) -> None:
    midnight = datetime.combine(day, time(0), clock.SHANGHAI)
    reminders.plan(session, kind, claim.as_subject, event_at=midnight, lead=lead)


def drop(session: Session, claim: ProjectClaim, *which: ReminderKind) -> None:
    for kind in which or KINDS:
        reminders.drop(session, kind, claim.as_subject)


def _ask_for_answer(session: Session, claim: ProjectClaim, expires_at: datetime) -> None:
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


def _offer_retry(session: Session, claim: ProjectClaim, expires_at: datetime) -> None:
    """Remind the claimant that the place is kept until the end of today."""
    what, text = "名额保留到今天", "社区未按期答复，可在今天内重新提交。"
    _remind(session, claim, "retry", claim.retry_until, what, text, expires_at)


def _ask_to_start(session: Session, claim: ProjectClaim, expires_at: datetime) -> None:
    """Remind the claimant that the place is released unless the work begins."""
    due = claim.start_due_on
    text = f"请在{news.day(due)}前点“开始”，否则名额将释放，不影响您以后认领。"
    _remind(session, claim, "start", due, "认领的项目待开始", text, expires_at)


def _tell_of_first_day(session: Session, claim: ProjectClaim, expires_at: datetime) -> None:
    """Remind the claimant on the day before the project begins."""
    first = claim.project.starts_on
    text = f"{news.day(first)}开始，请按约定开展。"
    _remind(session, claim, "begin", first, "认领的项目明天开始", text, expires_at, begins=True)


def _ask_to_deliver(session: Session, claim: ProjectClaim, expires_at: datetime) -> None:
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


def _while(
    told: Callable[[Session, ProjectClaim, datetime], None], *expected: ClaimStatus
) -> Handler:
    """Return what is asked when a reminder is due: whether the claim still is where it was expected
    to be; then people are told."""

    def handle(session: Session, row: Reminder) -> bool:
        claim = session.get(ProjectClaim, reminders.subject_id(row))
        if claim is None or claim.status not in expected:
            return False
        told(session, claim, row.event_at)
        return True

    return handle


HANDLERS: dict[ReminderKind, Handler] = {
    kinds.ANSWER_DUE: _while(_ask_for_answer, ClaimStatus.SUBMITTED),
    kinds.RETRY_DUE: _while(_offer_retry, ClaimStatus.LAPSED),
    kinds.STARTS: _while(_tell_of_first_day, ClaimStatus.ACCEPTED),
    kinds.START_DUE: _while(_ask_to_start, ClaimStatus.ACCEPTED),
    kinds.DELIVERY_DUE: _while(_ask_to_deliver, ClaimStatus.ACCEPTED, ClaimStatus.IN_PROGRESS),
}
