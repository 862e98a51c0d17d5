"""The lists in which an actor finds projects. They are executed with `asked_by`."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa

from backend.community.demands.models import Demand, DemandKind
from backend.community.projects.flow import FLOW
from backend.community.projects.models import ClaimantKind, ProjectStatus, ServiceProject
from backend.community.projects.policy import STREET
from backend.core.actor import Actor
from backend.core.asker import asker_of
from backend.core.finding import found_by
from backend.people.areas import service as areas
from backend.people.areas.models import Area


class Filters(TypedDict, total=False):
    """`since`, `until`: happens between these days; `q`: part of the title, taken literally."""

    community_code: str
    district_code: str
    demand_id: int
    status: ProjectStatus
    kind: DemandKind
    claimable_by: ClaimantKind
    since: date
    until: date
    q: str


def listed(
    actor: Actor, *, decidable: bool = False, **wanted: Unpack[Filters]
) -> sa.Select[ServiceProject]:
    """Select the projects the actor may see; `decidable`: those to be reviewed by the actor."""
    asker = asker_of(actor)
    statement = FLOW.shown(asker)
    if decidable:
        waits = ServiceProject.status == ProjectStatus.REVIEW
        statement = statement.where(waits, STREET.holds(asker))
    return statement.where(*(_FILTERS[name](value) for name, value in wanted.items()))


def _in_district(code: str) -> sa.ColumnElement[bool]:
    inside = sa.select(Area.id).where(Area.district_id == areas.id_of(code))
    return ServiceProject.community_id.in_(inside)


def _for_demands(kind: DemandKind) -> sa.ColumnElement[bool]:
    return sa.exists().where(Demand.id == ServiceProject.demand_id, Demand.kind == kind)


def _claimable_by(whom: ClaimantKind) -> sa.ColumnElement[bool]:
    return ServiceProject.claimants.in_((whom, ClaimantKind.ANY))


_FILTERS: dict[str, Callable[[Any], sa.ColumnElement[bool]]] = {
    "community_code": lambda code: ServiceProject.community_id == areas.id_of(code),
    "district_code": _in_district,
    "demand_id": lambda id_: ServiceProject.demand_id == id_,
    "status": lambda status: ServiceProject.status == status,
    "kind": _for_demands,
    "claimable_by": _claimable_by,
    "since": lambda day: ServiceProject.ends_on >= day,
    "until": lambda day: ServiceProject.starts_on <= day,
    "q": lambda text: found_by(ServiceProject.found_as, ServiceProject.title, text),
}
