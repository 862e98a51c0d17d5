"""What projects do to the demands they are for. Callers own the transaction, and hold the lock of
their project; nobody locks a demand first and a project second."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands import queries
from backend.community.demands.flow import FLOW, Unsolved
from backend.community.demands.models import Demand, DemandStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict


def open_demand(session: Session, actor: Actor, demand_id: int) -> Demand:
    """Return a demand for which a project may be drawn up, locked. Raises NotFound, Conflict."""
    FLOW.show(session, actor, demand_id)
    demand = _locked(session, demand_id)
    if not is_open(demand):
        raise Conflict("demand_not_open", "只有已受理、未办结的需求可以对接，请先办理这项需求。")
    return demand


def take_up(session: Session, demand_id: int, *, was_reviewed: bool) -> None:
    """Match the demand of a project that takes claims from now on. What waited for the street is
    in time however long the street took. Raises Conflict."""
    demand = _locked(session, demand_id)
    in_time = was_reviewed and demand.status is DemandStatus.PUBLISHED
    if not in_time and not is_open(demand):
        raise Conflict(
            "demand_not_open",
            "这个项目对应的需求已经办结、撤回或到期，请取消项目；待审核的请先退回社区。",
        )
    match(session, demand)


def _locked(session: Session, demand_id: int) -> Demand:
    return session.get_one(Demand, demand_id, with_for_update=True, populate_existing=True)


def is_open(demand: Demand) -> bool:
    """Return whether a project may be drawn up for a demand.

    The clock may not have come round yet to what has stood on the list for its time.
    """
    if demand.status is DemandStatus.PUBLISHED:
        return demand.expires_on is None or demand.expires_on >= clock.today()
    return demand.status in (DemandStatus.ACCEPTED, DemandStatus.MATCHED)


def match(session: Session, demand: Demand) -> None:
    """Let a demand be taken up by a project that takes claims; told once, however many projects."""
    FLOW.turn(session, demand, "match")


def settle(session: Session, demand_id: int, project_id: int) -> None:
    """Settle what becomes of a demand when a project for it has ended.

    While another is under way nothing is said; with the last one the demand is solved if any of
    them solved it, and otherwise waits again.
    """
    session.flush()
    demand = _locked(session, demand_id)
    goes_on = sa.select(queries.under_way(demand_id))
    if demand.status is not DemandStatus.MATCHED or session.scalar(goes_on):
        return
    if session.scalar(queries.solved_by_a_project(demand_id)):
        FLOW.turn(session, demand, "fulfil")
    else:
        event = "wait_again" if demand.published_on is None else "unmatch"
        FLOW.turn(session, demand, event, said=Unsolved(project_id))
