"""A unit as those who keep it see it: with its organisations, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.finding import found_by
from backend.people.areas.models import Area
from backend.people.areas.service import below, id_of
from backend.people.organizations.models import Organization, OrganizationKind, Unit
from backend.rosters import policy
from backend.rosters.units import queries, service

STEPS = ("correction", "merging", "ending")


@dataclass(frozen=True)
class Kept:
    row: Unit
    member_count: int
    organizations: Sequence[Organization]
    can: Sequence[str]

    def __getattr__(self, name: str) -> object:
        return getattr(self.row, name)


def show(session: Session, actor: Actor, unit_id: int) -> Kept:
    """Return a unit that shows to the actor; raises NotFound."""
    return shown(session, actor, service.find(session, actor, unit_id))


def shown(session: Session, actor: Actor, row: Unit) -> Kept:
    """Return it with what stands beside it."""
    kept = session.scalars(queries.one(row.id, policy.keeps_unit(actor))).first()
    open_ = kept is not None and row.ended_on is None
    no_group = Organization.kind != OrganizationKind.GROUP  # their branch keeps them
    organizations = session.scalars(queries.organizations(row.id).where(no_group)).all()
    size = queries.size(session, row.id)
    return Kept(row, size, organizations, STEPS if open_ else ())


def listed(actor: Actor, *, area_code: str | None = None, q: str | None = None) -> sa.Select[Unit]:
    """Select the units there are that show to the actor."""
    statement = queries.shown().where(Unit.ended_on.is_(None), policy.sees_unit(actor))
    if area_code is not None:
        inside = sa.select(Area.id).where(below([id_of(area_code)]))
        statement = statement.where(Unit.community_id.in_(inside))
    return statement.where(found_by(Unit.found_as, Unit.name, q)) if q else statement
