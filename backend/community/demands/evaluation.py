"""How it went, by who brought the demand: of the demand, never of a person."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import news, policy, service
from backend.community.demands.models import Demand
from backend.community.demands.states import DEMAND
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.errors import Conflict, Forbidden


def evaluate(
    session: Session, *, actor: Actor, demand_id: int, solved: bool, satisfied: bool, comment: str
) -> Demand:
    """Say once how it went; whoever did the work says nothing about it here."""
    demand = service.locked_own(session, actor, demand_id)
    if session.scalar(policy.worked_on(asker_of(actor), demand.id), asked_by(actor)):
        raise Forbidden("own_work", "您或您的单位参与了该需求的服务项目，不能评价。")
    status = DEMAND.after(demand.status, "evaluate")
    if demand.solved is not None:
        if (demand.solved, demand.satisfied, demand.comment) == (solved, satisfied, comment):
            return demand
        raise Conflict("already_evaluated", "这项需求已经评价过，不能再修改。")
    demand.status = status
    demand.solved, demand.satisfied, demand.comment = solved, satisfied, comment
    audit.record(session, actor, "demand.evaluated", demand)
    service.check(session, actor, demand, "comment", comment)
    news.tell_of_evaluation(session, demand)
    return service.afresh(session, demand)
