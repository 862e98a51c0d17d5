"""Questions about units as those who keep them see them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, Unit


def shown() -> sa.Select[Unit]:
    where = joinedload(Unit.community)
    return sa.select(Unit).options(where.joinedload(Area.district), where.joinedload(Area.township))


def one(unit_id: int, *conditions: sa.ColumnElement[bool]) -> sa.Select[Unit]:
    return shown().where(Unit.id == unit_id, *conditions)


def size(session: Session, unit_id: int) -> int:
    """Return how many members belong to it."""
    own = sa.select(sa.func.count()).where(Member.unit_id == unit_id, Member.active)
    return session.scalar(own) or 0


def organizations(unit_id: int) -> sa.Select[Organization]:
    """Select its organisations, but the dissolved."""
    own = sa.select(Organization).where(
        Organization.unit_id == unit_id, Organization.dissolved_on.is_(None)
    )
    return own.order_by(Organization.id)


def has_organizations(unit_id: int) -> sa.Select[bool]:
    return sa.select(sa.exists(organizations(unit_id).order_by(None)))


def members_of(unit_id: int) -> sa.Select[Member]:
    """Select who belongs to it, in order of id, locked."""
    own = sa.select(Member).where(Member.unit_id == unit_id, Member.active).order_by(Member.id)
    return own.with_for_update(of=Member).execution_options(populate_existing=True)
