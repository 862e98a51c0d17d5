"""What may happen to a demand, who does it, and what follows (spec 5.1).

A demand is locked first, what it is merged into second; a project before both.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from backend.community.demands import kinds, news, policy, queries, reminders, triage, wanted
from backend.community.demands.models import Demand
from backend.community.demands.models import DemandStatus as S
from backend.community.demands.policy import DECIDER, HELD_UP, SUBMITTER, SYSTEM, WORKED_ON_IT
from backend.community.demands.triage import Answer, Decision
from backend.community.projects.models import ProjectStatus
from backend.core import clock
from backend.core.errors import Forbidden
from backend.core.personal_numbers import refuse_personal
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Reason, Step, Taken
from backend.people.areas import service as areas

# Until it is answered.


def _look_again(taken: Taken[Demand]) -> None:
    """The draft may be old."""
    areas.community(taken.session, taken.row.community.code)
    wanted.refuse_past(taken.row.needed_by)


def _send(taken: Taken[Demand]) -> None:
    """What is not sent yet nobody else reads: only now is it checked."""
    taken.row.submitted_at = clock.now()
    taken.check("text", taken.row.title, taken.row.content)


def _not_awaited(taken: Taken[Demand]) -> None:
    reminders.drop(taken.session, taken.row)


def _accepted_alike(taken: Taken[Demand]) -> bool:
    row, said = taken.row, taken.said
    if row.status is not S.ACCEPTED or row.decided_by != taken.actor.account_id:
        return False
    if said.reason or said.merged_into_id or not triage.is_rewritten_alike(row, said):
        raise FLOW.done_otherwise()
    return True


# Once it is accepted.


def _stand_on_list(taken: Taken[Demand]) -> None:
    """What is matched already stands on the list as it is: it was told of then."""
    row, today = taken.row, clock.today()
    if row.published_on is not None:
        return
    lasts = today + timedelta(days=taken.rules.counting.demand_listed_days)
    # Needed by a day that has passed meanwhile: it stands there for this day at least.
    last = min(row.needed_by or lasts, lasts)
    row.published_on, row.expires_on = today, max(today, last)
    if row.status is S.PUBLISHED:
        reminders.plan(taken.session, row)
        news.tell_of_publication(taken.session, row)


@dataclass(frozen=True)
class Unsolved:
    """Which project has come to nothing."""

    project_id: int


def _wait_again(taken: Taken[Demand]) -> None:
    reminders.plan(taken.session, taken.row)
    news.tell_that_it_waits_again(taken.session, taken.row, taken.said.project_id)


NO_PROJECT = Guard(
    "project_under_way",
    "no project is under way",
    "服务项目正在进行，请在项目结束或取消后再办结。",
    lambda row: not HELD_UP.stands(row),
)


def _may_end(taken: Taken[Demand]) -> None:
    """Refuse a reason that leads to somebody, and ask again about projects: one may have been
    opened while this waited for the lock."""
    refuse_personal(reason=taken.said.reason)
    under_way = queries.under_way(taken.row.id, ProjectStatus.REVIEW)
    if taken.session.scalar(sa.select(under_way)):
        raise NO_PROJECT.refusal()


def _close(taken: Taken[Demand]) -> None:
    taken.row.closed_on = clock.today()
    reminders.drop(taken.session, taken.row)


def _end_by_itself(taken: Taken[Demand]) -> None:
    """Nobody's decision: not that of who once accepted it."""
    row = taken.row
    row.decided_by, row.decided_at, row.decision_reason = None, clock.now(), None
    _close(taken)


# How it went.


@dataclass(frozen=True)
class Evaluation:
    """How it went: of the demand or of a project for it, never of a person."""

    solved: bool
    satisfied: bool
    comment: str


NOT_OWN_WORK = Guard(
    "own_work",
    "somebody else did the work",
    "您或您的单位参与了该需求的服务项目，不能评价。",
    lambda row: not WORKED_ON_IT.stands(row),
    Forbidden,
)
ONCE = Guard(
    "already_evaluated",
    "once",
    "这项需求已经评价过，不能再修改。",
    lambda row: row.solved is None,
)


def _evaluated_alike(taken: Taken[Demand]) -> bool:
    """The same is the same though a unit's other contact has said so."""
    row, said = taken.row, taken.said
    return (row.solved, row.satisfied, row.comment) == (said.solved, said.satisfied, said.comment)


ANSWERED = {"reason": "decision_reason", "merged_into_id": "merged_into_id"}

FLOW: Flow[Demand] = Flow(
    "demand",
    Demand,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这项需求。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.community_id,
    others=[policy.BOTH_SIDES, policy.COMMUNITY, HELD_UP, WORKED_ON_IT],
    steps=[
        Step("amend", "amendment",
             "Change a draft; what is left out stays as it is.",
             {S.DRAFT: S.DRAFT}, SUBMITTER,
             says=dict, then=lambda taken: wanted.amend(taken.row, taken.said),
             past="amended"),
        Step("submit", "submission",
             "Send a draft to the community.",
             {S.DRAFT: S.SUBMITTED}, SUBMITTER,
             first=_look_again, then=_send, past="submitted", tells=news.tell_of_submission),
        Step("withdraw", "withdrawal",
             "Take a demand back that nobody has taken up.",
             dict.fromkeys((S.DRAFT, S.SUBMITTED, S.ACCEPTED, S.PUBLISHED), S.WITHDRAWN), SUBMITTER,
             then=_not_awaited, past="withdrawn", tells=news.tell_of_withdrawal),
        Step(Decision.ACCEPT, "triage",
             "Accept a demand, as it was sent or written anew for publishing.",
             {S.SUBMITTED: S.ACCEPTED}, DECIDER, "may be written anew",
             says=Answer, again=_accepted_alike, first=triage.check, signs="decided",
             then=triage.rewrite, past="accepted", tells=news.tell_of_decision, awaited=True),
        Step(Decision.MERGE, "triage",
             "Merge a demand into another.",
             {S.SUBMITTED: S.MERGED}, DECIDER, "into another open one of the community",
             says=Answer, first=triage.lock_target, writes=ANSWERED, signs="decided",
             then=triage.follow_target, past="merged",
             details=lambda taken: {"merged_into": taken.row.merged_into_id},
             tells=news.tell_of_decision),
        Step(Decision.REFER, "triage",
             "Refer a demand to somebody else.",
             {S.SUBMITTED: S.REFERRED}, DECIDER, "says where to and why",
             says=Answer, first=triage.check, writes=ANSWERED, signs="decided",
             past="referred", tells=news.tell_of_decision),
        Step(Decision.DECLINE, "triage",
             "Decline a demand.",
             {S.SUBMITTED: S.DECLINED}, DECIDER, "with a reason",
             says=Answer, first=triage.check, writes=ANSWERED, signs="decided",
             past="declined", tells=news.tell_of_decision),
        Step("publish", "", "Stand on the next version of the community's list.",
             {S.ACCEPTED: S.PUBLISHED, S.PUBLISHED: S.PUBLISHED, S.MATCHED: S.MATCHED},
             SYSTEM, "the community's secretary publishes it", then=_stand_on_list),
        Step("match", "", "Be taken up by a project that takes claims.",
             dict.fromkeys(queries.OPEN, S.MATCHED), SYSTEM, "a project for it takes claims",
             then=_not_awaited, past="matched", tells=news.tell_of_match),
        Step("unmatch", "", "Stand on the list again.",
             {S.MATCHED: S.PUBLISHED}, SYSTEM, "its last project ended unsolved",
             says=Unsolved, then=_wait_again, past="unmatched"),
        Step("wait_again", "", "Wait for the next list.",
             {S.MATCHED: S.ACCEPTED}, SYSTEM, "the same; it was on no list yet",
             says=Unsolved, then=_wait_again, past="unmatched"),
        Step("fulfil", "", "Be solved by a project.",
             {S.MATCHED: S.SOLVED}, SYSTEM, "its last project ended, one solved it",
             then=_end_by_itself, past="solved", tells=news.tell_of_end),
        Step("solve", "closing",
             "Close a demand as solved.",
             dict.fromkeys(queries.OPEN, S.SOLVED), DECIDER, "with a reason",
             guards=[NO_PROJECT], says=Reason, first=_may_end,
             writes={"reason": "decision_reason"}, signs="decided", then=_close,
             past="solved", tells=news.tell_of_end),
        Step("give_up", "closing",
             "Close a demand as not to be solved.",
             dict.fromkeys(queries.OPEN, S.NOT_SOLVABLE), DECIDER, "with a reason",
             guards=[NO_PROJECT], says=Reason, first=_may_end,
             writes={"reason": "decision_reason"}, signs="decided", then=_close,
             past="not_solvable", tells=news.tell_of_end),
        Step("expire", "", "Leave the list.",
             {S.PUBLISHED: S.EXPIRED}, CLOCK, "nobody took it up in time",
             then=_end_by_itself, past="expired", tells=news.tell_of_end),
        Step("evaluate", "evaluation",
             "Say how it went, once.",
             {S.SOLVED: S.SOLVED, S.NOT_SOLVABLE: S.NOT_SOLVABLE}, SUBMITTER,
             within=[NOT_OWN_WORK], guards=[ONCE], says=Evaluation, again=_evaluated_alike,
             writes={"solved": "solved", "satisfied": "satisfied", "comment": "comment"},
             past="evaluated", tells=news.tell_of_evaluation, awaited=True),
    ],
)  # fmt: skip
