"""What may happen to a claim, who does it, and what follows for its project and whoever waits (spec
5.1). The project is locked before its claims: who counts its places must hold it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session, defaultload, with_expression

from backend.community.claims import ending, evidence, kinds, news, policy, queries, reminders
from backend.community.claims.models import HOLDING, LIVE, ProjectClaim, ReleaseReason
from backend.community.claims.models import ClaimStatus as S
from backend.community.claims.policy import CLAIMANT, DECIDER, READER, SYSTEM
from backend.community.demands import news as demand_news
from backend.community.demands.flow import Evaluation
from backend.community.projects import places
from backend.community.projects.flow import FLOW as PROJECT
from backend.community.projects.models import TAKING_CLAIMS, ProjectStatus, ServiceProject
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Reason, Step, Taken, never, standing
from backend.ledger import service as ledger
from backend.ledger.rulepack import RulePack

Claim = Taken[ProjectClaim]


def _tell(step: str) -> Callable[[Session, ProjectClaim], None]:
    """Tell the claimant of a step."""
    return partial(news.tell_claimant, step=step)


# The community's answer, and its term.


def ask(taken: Claim) -> None:
    """Start the community's term for a claim that was submitted, or is again."""
    session, claim = taken.session, taken.row
    due = clock.add_working_days(clock.today(), taken.rules.counting.claim_answer_working_days)
    claim.answer_due_on, claim.answer_due_provisional = due, clock.is_provisional(due)
    claim.retry_until = None
    session.add(claim)
    session.flush()
    if claim.tries > 1:
        reminders.drop(session, claim, kinds.RETRY_DUE)
    reminders.plan_answer(session, claim, due)


def _move_up(taken: Claim) -> None:
    taken.row.moved_up_at = clock.now()
    places.use_up(taken.session, taken.row.project)
    ask(taken)


def _tell_moved_up(session: Session, row: ProjectClaim) -> None:
    news.tell_claimant(session, row, "moved_up")
    news.tell_deciders(session, row, "submitted")


def _keep_for_retry(taken: Claim) -> None:
    """Keep the place for the claimant: the community's silence is not at the claimant's cost."""
    days = taken.rules.counting.claim_retry_working_days
    until = clock.add_working_days(clock.today(), days)
    taken.row.retry_until = until
    reminders.drop(taken.session, taken.row, kinds.ANSWER_DUE)
    reminders.plan_retry(taken.session, taken.row, until)


def _tell_lapsed(session: Session, row: ProjectClaim) -> None:
    news.tell_claimant(session, row, "lapsed")
    news.tell_deciders(session, row, "lapsed")


@dataclass(frozen=True)
class Retry:
    """What the claimant asks the community again with."""

    note: str


def _ask_again(taken: Claim) -> None:
    taken.row.tries += 1
    ask(taken)
    if taken.said.note:
        taken.row.note = taken.said.note
        taken.check("note", taken.said.note)


def _expect_start(taken: Claim) -> None:
    """Start the claimant's term: so many days from the project's first, or from a later answer."""
    claim = taken.row
    claim.accepted_at = claim.decided_at
    first = max(claim.project.starts_on, clock.today())
    claim.start_due_on = first + timedelta(days=taken.rules.counting.claim_start_days)
    reminders.drop(taken.session, claim, kinds.ANSWER_DUE)
    reminders.plan_work(taken.session, claim)


def _tell_accepted(session: Session, row: ProjectClaim) -> None:
    news.tell_claimant(session, row, "accepted")
    if row.project.demand is not None:
        demand_news.tell_of_claim(session, row.project.demand, row)


# The work.


@dataclass(frozen=True)
class Delivery:
    """What was done and when; the day decides the year in which it counts."""

    summary: str
    delivered_on: date


DELIVERED = {"summary": "summary", "delivered_on": "delivered_on"}
RETURNED = {"reason": "return_reason"}
COMPLETED = {"solved": "solved", "satisfied": "satisfied", "comment": "comment"}
EVALUATED = {said: f"claimant_{said}" for said in COMPLETED}
NOT_SAID_YET = Guard(
    "already_evaluated",
    "once",
    "您已经评价过这个项目，评价提交后不再修改。",
    lambda row: row.claimant_solved is None,
)
NOT_CLOSED = Guard(
    "evaluation_closed",
    "in time",
    "评价期限已过。",
    lambda row: row.project.status is not ProjectStatus.EVALUATED,
)


def _said_already(status: S, words: dict[str, str]) -> Callable[[Claim], bool]:
    """Tell by its words that a step is done, where no one person signs it."""

    def said_already(taken: Claim) -> bool:
        row, said = taken.row, taken.said
        same = (getattr(row, column) == getattr(said, name) for name, column in words.items())
        return row.status is status and all(same)

    return said_already


def _start(taken: Claim) -> None:
    """With the first claim the project is under way."""
    taken.row.started_at = clock.now()
    places.begin(taken.session, taken.row.project)
    for kind in (kinds.STARTS, kinds.START_DUE):
        reminders.drop(taken.session, taken.row, kind)


def _check_day(taken: Claim) -> None:
    if not taken.row.project.starts_on <= taken.said.delivered_on <= clock.today():
        raise Invalid("delivered_on", "完成日期应在项目开始之后，且不晚于今天。")


def _deliver(taken: Claim) -> None:
    row = taken.row
    row.delivered_at, row.deliveries = clock.now(), row.deliveries + 1
    row.delivery_recorded_on = clock.today()
    reminders.drop(taken.session, row)


def _tell_delivered(session: Session, row: ProjectClaim) -> None:
    news.tell_deciders(session, row, "delivered")
    if row.project.demand is not None:
        demand_news.tell_of_delivery(session, row.project.demand, row)


def _expect_delivery(taken: Claim) -> None:
    reminders.plan_delivery(taken.session, taken.row)


def _view(taken: Claim) -> dict[str, object]:
    return {"solved": taken.said.solved, "satisfied": taken.said.satisfied}


def _count(taken: Claim) -> None:
    """Post it: this is what earns the credit."""
    taken.session.flush()
    if evidence.counts(taken.session, taken.row):
        ledger.post(taken.session, taken.rules, evidence.entry_of(taken.row))


# How it ends, and who comes next.


@dataclass(frozen=True)
class Release:
    """Why a claim falls away without anybody's doing."""

    reason: ReleaseReason


def _leave_place(taken: Claim) -> None:
    """Free the place it held, while there is somebody to whom it may go."""
    project = taken.row.project
    if taken.row.status in HOLDING and project.status in TAKING_CLAIMS:
        places.free(taken.session, project)


def _end(taken: Claim) -> None:
    taken.row.retry_until, taken.row.ended_at = None, clock.now()
    reminders.drop(taken.session, taken.row)


def _pass_on(taken: Claim) -> None:
    move_up(taken.session, taken.rules, taken.row.project)
    _settle(taken)


def _settle(taken: Claim) -> None:
    ending.settle(taken.session, taken.rules, taken.row.project)


def move_up(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """Give free places to who waits, in the order of asking, until the project is over."""
    over = clock.today() > project.ends_on
    if over or not project.places_left or project.status not in TAKING_CLAIMS:
        return
    session.flush()
    for claim in session.scalars(queries.first_waiting(project)).all():
        FLOW.turn(session, claim, "move_up", rules)


def let_pass(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """Bring a locked project to this day: claims lapse and are released, others move up, and a
    project that nothing can come of ends. Every step does it first, and a job does it for projects
    nobody touches: whoever comes first, the same."""
    if project.status in TAKING_CLAIMS:
        for claim in session.scalars(queries.overdue(project)).all():
            _overdue(session, rules, claim)
        move_up(session, rules, project)
    ending.settle(session, rules, project)


def _overdue(session: Session, rules: RulePack, claim: ProjectClaim) -> None:
    if clock.today() > claim.project.ends_on:
        release(session, claim, ReleaseReason.PROJECT_OVER)
    elif claim.status is S.SUBMITTED:
        FLOW.turn(session, claim, "lapse", rules)
    elif claim.status is S.LAPSED:
        release(session, claim, ReleaseReason.NOT_RETRIED)
    else:
        release(session, claim, ReleaseReason.NOT_STARTED)


def release(session: Session, claim: ProjectClaim, reason: ReleaseReason) -> None:
    """Let a claim fall away."""
    FLOW.turn(session, claim, "release", said=Release(reason))


FLOW: Flow[ProjectClaim] = Flow(
    "claim",
    ProjectClaim,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这次认领。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.project.community_id,
    lock_first=lambda session, row: session.execute(
        sa.select(ServiceProject.id).where(ServiceProject.id == row.project_id).with_for_update()
    ),
    by_clock=lambda taken: let_pass(taken.session, taken.rules, taken.row.project),
    rereads=True,
    others=[READER],
    beside=lambda asker: [
        defaultload(ProjectClaim.project).options(
            with_expression(ServiceProject.parties, standing(asker, PROJECT.parties))
        )
    ],
    steps=[
        Step("move_up", "", "Ask the community on a place that was given back.",
             {S.WAITING: S.SUBMITTED}, SYSTEM, "a place is free; in order",
             then=_move_up, past="moved_up", tells=_tell_moved_up),
        Step("accept", "acceptance",
             "Accept a claim.",
             {S.SUBMITTED: S.ACCEPTED}, DECIDER, "never one's own", signs="decided",
             then=_expect_start, past="accepted", tells=_tell_accepted, awaited=True),
        Step("decline", "declining",
             "Decline a claim with a reason.",
             {S.SUBMITTED: S.DECLINED}, DECIDER, "with a reason; frees the place",
             says=Reason, first=_leave_place, writes={"reason": "decline_reason"},
             signs="decided", then=_end, past="declined", tells=_tell("declined"),
             afterwards=_pass_on),
        Step("lapse", "", "Let the community's term pass without an answer.",
             {S.SUBMITTED: S.LAPSED}, CLOCK, "no answer in time; keeps the place",
             then=_keep_for_retry, past="lapsed", tells=_tell_lapsed),
        Step("retry", "retry",
             "Ask the community again on the place that was kept.",
             {S.LAPSED: S.SUBMITTED}, CLAIMANT, "while the place is kept",
             says=Retry, again=never, then=_ask_again,
             past="submitted", details=lambda taken: {"unit_id": taken.row.unit_id},
             tells=partial(news.tell_deciders, step="submitted"), awaited=True),
        Step("withdraw", "withdrawal",
             "Withdraw a claim before it was started, without consequence.",
             dict.fromkeys((S.WAITING, S.SUBMITTED, S.LAPSED, S.ACCEPTED), S.WITHDRAWN),
             CLAIMANT, "without consequence",
             first=_leave_place, then=_end, past="withdrawn", afterwards=_pass_on),
        Step("start", "start",
             "Begin the work.",
             {S.ACCEPTED: S.IN_PROGRESS}, CLAIMANT,
             then=_start, past="started", awaited=True),
        Step("deliver", "delivery",
             "Say what was done.",
             {S.IN_PROGRESS: S.DELIVERED}, CLAIMANT, "summary and day",
             says=Delivery, again=_said_already(S.DELIVERED, DELIVERED), first=_check_day,
             writes=DELIVERED, then=_deliver,
             past="delivered", tells=_tell_delivered, awaited=True),
        Step("return", "return",
             "Ask for more of what was delivered, with a reason.",
             {S.DELIVERED: S.IN_PROGRESS}, DECIDER, "with a reason",
             says=Reason, again=_said_already(S.IN_PROGRESS, RETURNED), writes=RETURNED,
             then=_expect_delivery, past="returned", tells=_tell("returned")),
        Step("complete", "completion",
             "Take the work over, which counts it in the ledger, and say how it went.",
             {S.DELIVERED: S.COMPLETED}, DECIDER, "solved and satisfied said",
             says=Evaluation, writes=COMPLETED, signs="completed", then=_count, past="completed",
             details=_view,
             tells=_tell("completed"), afterwards=_settle, awaited=True),
        Step("fail", "failure",
             "State that nothing came of a claim that was started, with a reason.",
             {S.IN_PROGRESS: S.FAILED, S.DELIVERED: S.FAILED}, DECIDER,
             "with a reason; frees the place",
             says=Reason, first=_leave_place, writes={"reason": "failure_reason"},
             signs="decided", then=_end, past="failed", tells=_tell("failed"),
             afterwards=_pass_on),
        Step("release", "", "Let a claim fall away.",
             {state: S.RELEASED for state in LIVE if state not in (S.DELIVERED, S.COMPLETED)},
             CLOCK, "a term passed, or the project went",
             says=Release, first=_leave_place, writes={"reason": "release_reason"}, then=_end,
             past="released", details=lambda taken: {"reason": taken.row.release_reason},
             tells=_tell("released")),
        Step("evaluate", "evaluation",
             "Say how the project went, as who claimed it.",
             {S.COMPLETED: S.COMPLETED}, CLAIMANT, guards=[NOT_SAID_YET, NOT_CLOSED],
             says=Evaluation, again=_said_already(S.COMPLETED, EVALUATED), writes=EVALUATED,
             past="evaluated",
             details=_view,
             tells=partial(news.tell_deciders, step="evaluated"), afterwards=_settle),
    ],
)  # fmt: skip
