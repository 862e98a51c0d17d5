"""Of which rows somebody may decide: each row of a file is held against it (spec 8.5)."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core.actor import Actor, Role
from backend.imports.targets.bodies import Body
from backend.people.areas import service as areas
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization

# Over a city, and over a district: whatever lies there.
OF_A_TERRITORY = (Role.SECURITY_ADMINISTRATOR, Role.CITY_OFFICER, Role.DISTRICT_OFFICER)


def is_department(actor: Actor) -> bool:
    """Return whether somebody keeps the organisations and people of a territory."""
    return bool(actor.areas(*OF_A_TERRITORY))


def keeps_a_roster(actor: Actor) -> bool:
    """Return whether somebody keeps a roster: of a territory, a branch or a unit."""
    own = actor.organizations(Role.BRANCH_SECRETARY) or actor.units(Role.UNIT_CONTACT)
    return is_department(actor) or bool(own)


@dataclass(frozen=True)
class Scope:
    """Areas, organisations and units that are somebody's; None of areas: all of them. `led`: the
    organisations whose secretary it is; `below` is what hangs below them."""

    areas: frozenset[int] | None
    led: frozenset[int] = frozenset()
    below: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()

    def covers(self, area_id: int | None) -> bool:
        """Return whether an area is somebody's."""
        return self.areas is None or area_id in self.areas

    def keeps(self, body: Body) -> bool:
        """Return whether an organisation is somebody's to arrange, as the rosters' policy says."""
        return self.covers(body.area_id) or body.id in self.below

    def keeps_roster(self, body: Body) -> bool:
        """Return whether the roster of an organisation is somebody's to keep."""
        return self.keeps(body) or body.id in self.led


def of(session: Session, actor: Actor | None) -> Scope:
    """Return what is somebody's today; whoever runs a command has everything."""
    if actor is None:
        return Scope(None)
    held = actor.areas(*OF_A_TERRITORY)
    found = session.scalars(sa.select(Area.id).where(areas.below(held))) if held else ()
    led = actor.organizations(Role.BRANCH_SECRETARY)
    above = aliased(Organization)
    hangs = Organization.path.op("<@")(above.path)
    inside = (
        sa.select(Organization.id)
        .join(above, sa.and_(hangs, above.id != Organization.id))
        .where(above.id.in_(led))
    )
    below = session.scalars(inside) if led else ()
    return Scope(frozenset(found), led, frozenset(below), actor.units(Role.UNIT_CONTACT))
