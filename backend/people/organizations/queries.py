"""Questions about Party organisations and units."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backend.core.finding import found_by
from backend.people.areas.models import Area, AreaLevel
from backend.people.organizations.models import (
    Organization,
    OrganizationKind,
    Unit,
)


@cache
def residents_branches() -> sa.Select[int]:
    """Select the ids of the branches of a community's own residents: they belong to no unit.

    Their members are led by the community already and do not register (spec 3.5).
    """
    communities = sa.select(Area.id).where(Area.level == AreaLevel.COMMUNITY)
    return sa.select(Organization.id).where(
        Organization.kind == OrganizationKind.BRANCH,
        Organization.unit_id.is_(None),
        Organization.area_id.in_(communities),
    )


def units(q: str | None) -> sa.Select[Unit]:
    """Select the units there are that `q` means, by name or how it reads, with where they are
    located."""
    statement = sa.select(Unit).where(Unit.ended_on.is_(None)).options(joinedload(Unit.community))
    return statement.where(found_by(Unit.found_as, Unit.name, q)) if q else statement


# Where members are affiliated.
WITH_ROSTER = (
    OrganizationKind.BRANCH,
    OrganizationKind.JOINT_BRANCH,
    OrganizationKind.GENERAL_BRANCH,
)


def branches(q: str) -> sa.Select[Organization]:
    """Select the branches that `q` means, by name or how it reads: whoever asks for a link says
    which is theirs."""
    return sa.select(Organization).where(
        Organization.kind.in_(WITH_ROSTER),
        Organization.dissolved_on.is_(None),
        found_by(Organization.found_as, Organization.name, q),
    )
