"""Of which rows somebody may decide: each row of a file is held against it (spec 8.5)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor, Role
from backend.people.areas import service as areas
from backend.people.areas.models import Area

# Over a city, and over a district: whatever lies there.
DEPARTMENTS = (Role.SECURITY_ADMINISTRATOR, Role.CITY_OFFICER, Role.DISTRICT_OFFICER)


def is_department(actor: Actor) -> bool:
    """Return whether somebody keeps the organisations and people of a territory."""
    return bool(actor.areas(*DEPARTMENTS))


def keeps_a_roster(actor: Actor) -> bool:
    """Return whether somebody keeps a roster: of a territory, a branch or a unit."""
    own = actor.organizations(Role.BRANCH_SECRETARY) or actor.units(Role.UNIT_CONTACT)
    return is_department(actor) or bool(own)


@dataclass(frozen=True)
class Scope:
    """Areas, branches and units that are somebody's; None of areas: all of them."""

    areas: frozenset[int] | None
    branches: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()

    @property
    def is_wide(self) -> bool:
        """Whether it is a territory and not a single branch or unit."""
        return self.areas is None or bool(self.areas)

    def covers(self, area_id: int | None) -> bool:
        """Return whether an area is somebody's."""
        return self.areas is None or area_id in self.areas


def of(session: Session, actor: Actor | None) -> Scope:
    """Return what is somebody's today; whoever runs a command has everything."""
    if actor is None:
        return Scope(None)
    held = actor.areas(*DEPARTMENTS)
    found = session.scalars(sa.select(Area.id).where(areas.below(held))) if held else ()
    return Scope(
        frozenset(found),
        actor.organizations(Role.BRANCH_SECRETARY),
        actor.units(Role.UNIT_CONTACT),
    )
