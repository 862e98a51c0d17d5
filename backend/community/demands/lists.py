"""需求清单: what a community publishes of its demands, version after version (rule 12f)."""

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, with_expression
from sqlalchemy.orm.attributes import set_committed_value

from backend.audit import service as audit
from backend.community.demands import evidence, policy, queries
from backend.community.demands.flow import FLOW
from backend.community.demands.models import Demand, DemandList, DemandListItem
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import Asker, asked_by, asker_of
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.flows.steps import standing
from backend.ledger import service as ledger
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.support.text_checks import withheld


def publish(session: Session, rules: RulePack, *, actor: Actor, community_code: str) -> DemandList:
    """Publish what was accepted, with what still stands, as the next version of this year's list.

    Whoever publishes at the same time waits for the demands, and then finds nothing new.
    """
    community = areas.community(session, community_code)
    if not policy.is_secretary(actor, community.id):
        raise Forbidden("not_your_community", "只能公布本社区的需求清单。")
    found = queries.listable(community.id, clock.today()).with_for_update(of=Demand)
    rows = session.scalars(found.execution_options(populate_existing=True)).all()
    new = [row for row in rows if row.published_on is None]
    year = clock.today().year
    latest = session.scalar(queries.latest_version(community.id, year)) or 0
    if not new and (latest or not rows):
        raise Conflict("nothing_to_publish", "没有新受理的需求可以公布，请先受理需求。")
    row = _write(session, actor, community, latest + 1, rows)
    ledger.post(session, rules, evidence.entry_of(row))
    audit.record(session, actor, "demand_list.published", row, version=row.version, size=len(rows))
    for demand in rows:
        FLOW.turn(session, demand, "publish", rules)
    return get(session, actor=actor, list_id=row.id)


def _write(
    session: Session, actor: Actor, community: Area, version: int, demands: Sequence[Demand]
) -> DemandList:
    now = clock.now()
    row = DemandList(
        community_id=community.id,
        year=now.year,
        version=version,
        published_at=now,
        published_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    session.add_all(DemandListItem(list_id=row.id, demand_id=one.id) for one in demands)
    return row


def get(session: Session, *, actor: Actor, list_id: int) -> DemandList:
    """Return a list with its demands; raises NotFound."""
    row = session.scalars(queries.lists().where(DemandList.id == list_id)).first()
    if row is None:
        raise NotFound("demand_list_not_found", "没有找到这份需求清单。")
    told = asked_by(actor) | {"list_id": list_id}
    demands = session.scalars(_on_it(asker_of(actor)), told).all()
    set_committed_value(row, "demands", demands)
    return row


@cache
def _on_it(asker: Asker) -> sa.Select[Demand]:
    """Select what stands on the list `list_id`, with how the asker stands to each."""
    found = withheld.of(Demand.__tablename__, Demand.id)
    held = standing(asker, [policy.BOTH_SIDES])
    return (
        sa.select(Demand)
        .join(DemandListItem, DemandListItem.demand_id == Demand.id)
        .where(DemandListItem.list_id == sa.bindparam("list_id"))
        .order_by(Demand.id)
        .options(with_expression(Demand.withheld, found), with_expression(Demand.parties, held))
        .execution_options(populate_existing=True)
    )
