"""需求清单: what a community and its street publish of demands, version by version (rule 12f).

A street's list changes nothing about what stands on it: a demand's fate is with its community.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, with_expression
from sqlalchemy.orm.attributes import set_committed_value

from backend.audit import service as audit
from backend.community.demands import evidence, policy, queries
from backend.community.demands.flow import FLOW
from backend.community.demands.models import Demand, DemandList, DemandListItem
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import Asker, asked_by, asker_of
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.flows.steps import standing
from backend.ledger import service as ledger
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.support.text_checks import withheld


@dataclass(frozen=True)
class Share:
    """How many demands of a list are a community's, and how many of them new."""

    community: Area
    size: int
    new: int


@dataclass(frozen=True)
class Preview:
    """What would stand on the next version of an area's list, and what of it on none before."""

    area: Area
    year: int
    version: int
    demands: Sequence[Demand]
    new: frozenset[int]

    @property
    def communities(self) -> list[Share]:
        """Return how much each community brings, in order of code: it is no ranking."""
        found = Counter(demand.community for demand in self.demands)
        fresh = Counter(demand.community for demand in self.demands if demand.id in self.new)
        in_order = sorted(found, key=lambda community: community.code)
        return [Share(one, found[one], fresh[one]) for one in in_order]


def preview(session: Session, *, actor: Actor, area_code: str) -> Preview:
    """Say what publishing now would put on the list. Raises as publishing does."""
    area = _own(session, actor, area_code)
    found = queries.listable(area, clock.today()).options(joinedload(Demand.community))
    return _next(session, area, session.scalars(found).all())


def publish(session: Session, rules: RulePack, *, actor: Actor, area_code: str) -> DemandList:
    """Publish the next version of this year's list: of a community what was accepted, with what
    still stands; of a street what its communities published.

    Whoever publishes at the same time waits for the demands, and then finds nothing new.
    """
    area = _own(session, actor, area_code)
    found = queries.listable(area, clock.today()).with_for_update(of=Demand)
    rows = session.scalars(found.execution_options(populate_existing=True)).all()
    coming = _next(session, area, rows)
    _refuse_nothing(coming)
    row = _write(session, actor, coming)
    ledger.post(session, rules, evidence.entry_of(row))
    audit.record(session, actor, "demand_list.published", row, version=row.version, size=len(rows))
    if area.level is AreaLevel.COMMUNITY:
        for demand in rows:
            FLOW.turn(session, demand, "publish", rules)
    return get(session, actor=actor, list_id=row.id)


def _refuse_nothing(coming: Preview) -> None:
    if coming.new:
        return
    if coming.area.level is AreaLevel.COMMUNITY:
        raise Conflict("nothing_to_publish", "没有新受理的需求可以公布，请先受理需求。")
    raise Conflict("nothing_to_publish", "所辖社区没有新公布的需求，请待社区公布需求清单后再公布。")


_NOT_YOURS = {
    AreaLevel.COMMUNITY: ("not_your_community", "只能公布本社区的需求清单。"),
    AreaLevel.TOWNSHIP: ("not_your_street", "只能公布本街道的需求清单。"),
}


def _own(session: Session, actor: Actor, code: str) -> Area:
    """Return the community or street whose list is the actor's; raises Invalid and Forbidden."""
    area = areas.receiver(session, code, field="area_code")
    if area.level is AreaLevel.TOWNSHIP and area.kind is not AreaKind.STREET:
        raise Invalid("area_code", "需求清单由街道和社区公布，乡镇不公布。")
    if not policy.may_publish(actor, area):
        raise Forbidden(*_NOT_YOURS[area.level])
    return area


def _next(session: Session, area: Area, demands: Sequence[Demand]) -> Preview:
    """Return the next version of those that stand: new is what was on no version of the year."""
    year = clock.today().year
    listed = queries.on_lists(year).where(DemandList.area_id == area.id)
    new = {demand.id for demand in demands} - set(session.scalars(listed))
    latest = session.scalar(queries.latest_version(area.id, year)) or 0
    return Preview(area, year, latest + 1, demands, frozenset(new))


def _write(session: Session, actor: Actor, coming: Preview) -> DemandList:
    row = DemandList(
        area_id=coming.area.id,
        year=coming.year,
        version=coming.version,
        published_at=clock.now(),
        published_by=actor.account_id,
    )
    session.add(row)
    session.flush()
    session.add_all(DemandListItem(list_id=row.id, demand_id=one.id) for one in coming.demands)
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
        .options(
            joinedload(Demand.community),
            with_expression(Demand.withheld, found),
            with_expression(Demand.parties, held),
        )
        .execution_options(populate_existing=True)
    )
