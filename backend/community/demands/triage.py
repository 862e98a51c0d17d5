"""What a community makes of a demand: accept, merge, refer, decline; at last close it."""

import enum
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import news, policy, queries, reminders, service
from backend.community.demands.models import Demand, DemandStatus
from backend.community.demands.states import DEMAND
from backend.community.projects.models import ProjectStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.core.personal_numbers import refuse_personal


class Decision(enum.StrEnum):
    ACCEPT = "accept"
    MERGE = "merge"
    REFER = "refer"
    DECLINE = "decline"


class Outcome(enum.StrEnum):
    SOLVED = "solved"
    NOT_SOLVABLE = "not_solvable"


@dataclass(frozen=True)
class Answer:
    """`title` and `content` are what is published instead of what was sent; None: as sent."""

    decision: Decision
    reason: str = ""
    merged_into_id: int | None = None
    title: str | None = None
    content: str | None = None


_BECOMES = {
    Decision.ACCEPT: DemandStatus.ACCEPTED,
    Decision.MERGE: DemandStatus.MERGED,
    Decision.REFER: DemandStatus.REFERRED,
    Decision.DECLINE: DemandStatus.DECLINED,
}
_CLOSES = {
    Outcome.SOLVED: (DemandStatus.SOLVED, "solve"),
    Outcome.NOT_SOLVABLE: (DemandStatus.NOT_SOLVABLE, "give_up"),
}
_REASONED = (Decision.REFER, Decision.DECLINE)


def decide(session: Session, *, actor: Actor, demand_id: int, answer: Answer) -> Demand:
    """Answer a demand; a second tap of the same person is no change. Raises Forbidden, Invalid,
    Conflict."""
    demand = service.locked(session, actor, demand_id)
    _check_decider(actor, demand)
    if _answered_alike(demand, actor, answer):
        return demand
    status = DEMAND.after(demand.status, answer.decision)
    _check_answer(answer)
    merged_into_id = _target(session, demand, answer)
    _rewrite(session, actor, demand, answer)
    if merged_into_id is not None:
        demand.merged_into = session.get_one(Demand, merged_into_id)
    demand.status = status
    _sign(demand, actor, answer.reason)
    if status is DemandStatus.ACCEPTED:
        demand.accepted_at = demand.decided_at
    audit.record(session, actor, f"demand.{status}", demand, merged_into=merged_into_id)
    service.check(session, actor, demand, "decision_reason", answer.reason)
    news.tell_of_decision(session, demand)
    return service.afresh(session, demand)


def _check_decider(actor: Actor, demand: Demand) -> None:
    if not policy.may_decide(actor, demand):
        raise Forbidden(
            "not_your_decision",
            "只有本社区书记可以办理，且不能办理本人录入或本单位的需求，请由其他书记或街道办理。",
        )


def _answered_alike(demand: Demand, actor: Actor, answer: Answer) -> bool:
    """A second tap of the same person finds the work done."""
    same = (_BECOMES[answer.decision], actor.account_id, answer.merged_into_id)
    return (demand.status, demand.decided_by, demand.merged_into_id) == same


def _check_answer(answer: Answer) -> None:
    decision = answer.decision
    if decision in _REASONED and not answer.reason:
        raise Invalid("reason", "请说明原因；转办的请写明转给谁。")
    if decision is Decision.ACCEPT and answer.reason:
        raise Invalid("reason", "受理不需要说明原因，请留空。")
    if decision is Decision.MERGE and answer.merged_into_id is None:
        raise Invalid("merged_into_id", "请选择合并到哪一项需求。")
    if decision is not Decision.MERGE and answer.merged_into_id is not None:
        raise Invalid("merged_into_id", "只有合并时填写，请留空。")
    if decision is not Decision.ACCEPT:
        for field in ("title", "content"):
            if getattr(answer, field) is not None:
                raise Invalid(field, "只有受理时可以改写，请留空。")


def _target(session: Session, demand: Demand, answer: Answer) -> int | None:
    """Return the id of the demand that this one is merged into, locked.

    It is looked at before it is locked: two that wait are never locked crosswise.
    """
    if answer.merged_into_id is None:
        return None
    others = (Demand.community_id == demand.community_id, Demand.status.in_(queries.OPEN))
    found = sa.select(Demand.id).where(Demand.id == answer.merged_into_id, *others)
    if session.scalar(found) is None or session.scalar(found.with_for_update()) is None:
        raise Conflict("cannot_merge_into", "只能合并到本社区已受理、已公布或已对接的另一项需求。")
    return answer.merged_into_id


def _rewrite(session: Session, actor: Actor, demand: Demand, answer: Answer) -> None:
    """Write it anew for publishing; what was sent is kept beside."""
    title, content = answer.title, answer.content
    refuse_personal(title=title, content=content)
    changed = False
    if title is not None and title != demand.title:
        demand.original_title, demand.title, changed = demand.title, title, True
    if content is not None and content != demand.content:
        demand.original_content, demand.content, changed = demand.content, content, True
    if changed:
        service.check(session, actor, demand, "text", demand.title, demand.content)


def close(
    session: Session, *, actor: Actor, demand_id: int, outcome: Outcome, reason: str
) -> Demand:
    """Close a demand with a reason that all may read, unless a project for it is under way."""
    demand = service.locked(session, actor, demand_id)
    _check_decider(actor, demand)
    closed, event = _CLOSES[outcome]
    if demand.status is closed and demand.decided_by == actor.account_id:
        return demand
    status = DEMAND.after(demand.status, event)
    refuse_personal(reason=reason)
    if session.scalar(queries.under_way(demand.id, ProjectStatus.REVIEW)):
        raise Conflict("project_under_way", "服务项目正在进行，请在项目结束或取消后再办结。")
    demand.status, demand.closed_on = status, clock.today()
    _sign(demand, actor, reason)
    reminders.drop(session, demand)
    audit.record(session, actor, f"demand.{status}", demand)
    service.check(session, actor, demand, "decision_reason", reason)
    news.tell_of_end(session, demand)
    return service.afresh(session, demand)


def _sign(demand: Demand, actor: Actor, reason: str) -> None:
    demand.decided_by, demand.decided_at = actor.account_id, clock.now()
    demand.decision_reason = reason or None
