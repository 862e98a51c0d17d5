"""The lists in which an actor finds demands. They are executed with `asked_by`."""

import sqlalchemy as sa

from backend.community.demands import queries
from backend.community.demands.flow import FLOW
from backend.community.demands.models import Demand, DemandKind, DemandStatus
from backend.community.demands.policy import DECIDER, SUBMITTER
from backend.core.actor import Actor
from backend.core.asker import asker_of
from backend.people.areas import service as areas


def listed(
    actor: Actor,
    *,
    community_code: str | None = None,
    status: DemandStatus | None = None,
    kind: DemandKind | None = None,
    decidable: bool = False,
    ended: bool = False,
) -> sa.Select[Demand]:
    """Select the demands that exist for the actor; `ended`: of which nothing more is to come."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker)
    if decidable:
        statement = statement.where(Demand.status == DemandStatus.SUBMITTED, DECIDER.holds(asker))
    if ended:
        statement = statement.where(Demand.status.in_(queries.ENDED))
    if community_code is not None:
        statement = statement.where(Demand.community_id == areas.id_of(community_code))
    if status is not None:
        statement = statement.where(Demand.status == status)
    if kind is not None:
        statement = statement.where(Demand.kind == kind)
    return statement


def own(actor: Actor) -> sa.Select[Demand]:
    """Select what the actor, or a unit whose contact the actor is, has brought."""
    asker = asker_of(actor)
    return FLOW.shown(asker).where(SUBMITTER.holds(asker))
