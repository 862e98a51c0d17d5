"""需求清单: what a community publishes of its demands, version after version (rule 12f)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import news, policy, queries, reminders
from backend.community.demands.models import Demand, DemandList, DemandListItem, DemandStatus
from backend.community.demands.states import DEMAND
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.people.areas import service as areas
from backend.people.areas.models import Area

KIND = "demand_list"


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
    ledger.post(session, rules, entry_of(row))
    audit.record(session, actor, "demand_list.published", row, version=row.version, size=len(rows))
    _publish_each(session, rules, rows)
    return get(session, list_id=row.id)


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


def _publish_each(session: Session, rules: RulePack, demands: Iterable[Demand]) -> None:
    """What is matched already stands on the list as it is: it was told of then."""
    lasts = timedelta(days=rules.counting.demand_listed_days)
    for demand in demands:
        demand.status = DEMAND.after(demand.status, "publish")
        if demand.published_on is None:
            today = clock.today()
            # Needed by a day that has passed meanwhile: it stands there for this day at least.
            last = min(demand.needed_by or today + lasts, today + lasts)
            demand.published_on, demand.expires_on = today, max(today, last)
            if demand.status is DemandStatus.PUBLISHED:
                reminders.plan(session, demand)
                news.tell_of_publication(session, demand)


def entry_of(row: DemandList) -> Entry:
    """Return what a list owes the ledger: however many versions a year has, it is one list."""
    day = clock.local_date(row.published_at)
    return Entry(
        KIND,
        Subject(SubjectKind.AREA, row.community_id),
        source_of(row),
        occurred_on=day,
        recorded_on=day,
        occasion=f"{KIND}:{row.community_id}:{row.year}",
        area_id=row.community_id,
    )


def source_of(row: DemandList) -> Source:
    return Source(DemandList.__tablename__, row.id)


def get(session: Session, *, list_id: int) -> DemandList:
    """Return a list with its demands; raises NotFound."""
    found = queries.lists_with_demands().where(DemandList.id == list_id)
    row = session.scalars(found.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound("demand_list_not_found", "没有找到这份需求清单。")
    return row
