"""Demands: bring one, and take the steps that an answer's words choose. What else may happen stands
in `flow`. Callers own the transaction."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands import policy, queries
from backend.community.demands.flow import FLOW
from backend.community.demands.models import Demand, DemandSource, DemandStatus
from backend.community.demands.triage import Answer, Outcome
from backend.community.demands.wanted import Wanted, write
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Invalid, TooFast
from backend.flows.steps import Reason
from backend.people.areas import service as areas
from backend.people.members.models import Account

# How many demands somebody may bring in a day who does not collect them by office.
A_DAY, DAY = 20, timedelta(days=1)
CLOSES = {Outcome.SOLVED: "solve", Outcome.NOT_SOLVABLE: "give_up"}

amend = FLOW.step("amend", "demand_id")
submit = FLOW.step("submit", "demand_id")
withdraw = FLOW.step("withdraw", "demand_id")
evaluate = FLOW.step("evaluate", "demand_id")


@dataclass(frozen=True, kw_only=True)
class Bringing(Wanted):
    """A demand as it is brought: where, for whom, and whether it is a draft yet."""

    community_code: str
    unit_id: int | None = None
    draft: bool = False


@dataclass(frozen=True)
class Closing(Reason):
    """How a demand ends, with a reason that all may read."""

    outcome: Outcome


def bring(session: Session, *, actor: Actor, said: Bringing) -> Demand:
    """Bring a demand, for the unit whose contact one is or as who one is.

    Raises Invalid, TooFast.
    """
    community = areas.community(session, said.community_code)
    _refuse_flood(session, actor)
    if said.unit_id is not None and not policy.may_act_for(actor, said.unit_id):
        raise Invalid("unit_id", "只有该单位的党建联络员可以代表本单位提出需求。")
    by_itself = policy.source_of(actor, community.id)
    demand = Demand(
        community=community,
        source=by_itself if said.unit_id is None else DemandSource.UNIT,
        submitted_by=actor.account_id,
        unit_id=said.unit_id,
        status=DemandStatus.DRAFT,
    )
    write(demand, said)
    FLOW.begin(session, actor, demand, "drafted")
    if not said.draft:
        FLOW.turn(session, demand, "submit", actor=actor)
    return demand


def _refuse_flood(session: Session, actor: Actor) -> None:
    """Anybody with a WeChat account may bring demands: whoever brings many in a day waits. Those
    who collect them by office do not."""
    if actor.areas(Role.COMMUNITY_SECRETARY, Role.GRID_WORKER):
        return
    # Several at once wait in line and are counted one after the other.
    line = sa.select(Account.id).where(Account.id == actor.account_id)
    session.execute(line.with_for_update(key_share=True))
    brought = session.scalar(queries.brought_since(actor.account_id, clock.now() - DAY))
    if (brought or 0) >= A_DAY:
        seconds = int(DAY.total_seconds())
        raise TooFast(
            "too_many_demands",
            "一天内提出的需求较多，请明天再试；紧急的事请直接联系社区。",
            retry_after_seconds=seconds,
        )


def decide(session: Session, *, actor: Actor, demand_id: int, answer: Answer) -> Demand:
    """Accept, merge, refer or decline."""
    return FLOW.take(session, actor, demand_id, answer.decision, answer)


def close(session: Session, *, actor: Actor, demand_id: int, said: Closing) -> Demand:
    """Close a demand."""
    return FLOW.take(session, actor, demand_id, CLOSES[said.outcome], said)
