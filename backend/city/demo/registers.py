"""The registers of the demo city: of all its residents' communities, brought as lists are."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

import sqlalchemy as sa

from backend.city.demo import office_registers, people_registers, place_registers
from backend.city.demo.cast import City
from backend.city.demo.ground import Ground, Line
from backend.core import bulk, clock
from backend.imports.bringing import bring
from backend.imports.columns import Desk
from backend.imports.registers.comparison import target_of
from backend.people.areas.models import Area, AreaKind, AreaLevel
from backend.registers.catalogue import registers
from backend.registers.head_counts import service as heads
from backend.registers.models import HeadCount, RegisterEntry, RegisterReview

SEED = 2019
# How many communities have registers; None: all of them.
MOST: int | None = None
# One community keeps no register of estates, and nobody has looked at that.
UNSEEN = "estate"


class Part(NamedTuple):
    """A register and who makes its lines, in an order in which each refers to those before."""

    register: str
    lines: Callable[[Ground], Iterator[Line]]


PARTS = (
    Part("estate", place_registers.estates),
    Part("grid", place_registers.grids),
    Part("venue", place_registers.venues),
    Part("workroom", place_registers.workrooms),
    Part("park", place_registers.parks),
    Part("economic_entity", place_registers.entities),
    Part("coordination_body", place_registers.bodies),
    Part("member_seat", place_registers.seats),
    Part("grid_worker", people_registers.grid_workers),
    Part("grid_liaison", people_registers.liaisons),
    Part("community_worker", people_registers.workers),
    Part("leader", people_registers.leaders),
    Part("liaison_point", people_registers.points),
    Part("household", people_registers.households),
    Part("policy_document", office_registers.policies),
    Part("responsibility_list", office_registers.responsibilities),
    Part("street_power", office_registers.powers),
    Part("public_affair", office_registers.affairs),
    Part("integration", office_registers.integrations),
    Part("duty_list", office_registers.duty_lists),
    Part("duty_item", office_registers.duty_items),
    Part("stamp_item", office_registers.stamps),
    Part("task_breakdown", office_registers.breakdowns),
    Part("funding_plan", office_registers.funds),
    Part("demonstration_site", office_registers.sites),
)


def load(city: City) -> None:
    """Bring all registers, count heads, and look them through."""
    ground = _ground(city)
    desk = Desk(city.session, city.keys, city.rules, None)
    for part in PARTS:
        bring(desk, target_of(registers()[part.register]), list(part.lines(ground)))
    _count_heads(city, ground)
    _review(city, ground)


def _ground(city: City) -> Ground:
    areas = city.session.scalars(
        sa.select(Area).where(~Area.hidden, Area.valid_to.is_(None)).order_by(Area.code)
    ).all()
    own = [area for area in areas if area.kind is AreaKind.RESIDENTS_COMMITTEE]
    first = [area for area in city.communities if area.kind is AreaKind.RESIDENTS_COMMITTEE]
    others = [area for area in own if area not in first]
    communities = [*first, *others][:MOST]
    streets = {area.township_id for area in communities}
    return Ground(
        random=Random(SEED),  # noqa: S311  # made-up data, not a secret
        city=next(area for area in areas if area.level is AreaLevel.CITY),
        districts=[area for area in areas if area.level is AreaLevel.DISTRICT],
        streets=[area for area in areas if area.id in streets],
        communities=communities,
        home=city.communities,
        branches=city.branches,
        members={
            branch.id: name for branch, name in zip(city.branches, _seated(city), strict=True)
        },
    )


def _seated(city: City) -> list[str]:
    """Return one member of each branch whose name nobody else in it has."""
    return [people_registers.one_of(city.session, branch.id) for branch in city.branches]


def _count_heads(city: City, ground: Ground) -> None:
    """Say how many members the branches of each community had when the quarter was over."""
    day = heads.last_day(clock.today())
    rows = [
        {"area_id": area.id, "counted_on": day, "members": 30 + 40 * (place % 4)}
        for place, area in enumerate(ground.communities)
    ]
    bulk.insert(city.session, HeadCount, rows)
    heads.restate(city.session, city.rules, [area.id for area in ground.communities])


def _review(city: City, ground: Ground) -> None:
    """Let every community have looked through what it keeps, but for one and one register."""
    kept = [one.name for one in registers().values() if AreaLevel.COMMUNITY in _levels(one.place)]
    standing = _standing(city)
    rows = [
        {
            "register": name,
            "place_id": area.id,
            "reviewed_on": _a_day(ground.random),
            "reviewed_by": None,
            "entries": standing.get((name, area.id), 0),
        }
        for name in kept
        for area in ground.communities
        if (name, area) != (UNSEEN, ground.unseen)
    ]
    bulk.insert(city.session, RegisterReview, rows)


def _levels(place: Sequence[AreaLevel] | str) -> Sequence[AreaLevel]:
    return () if isinstance(place, str) else place


def _standing(city: City) -> dict[tuple[str, int], int]:
    found = sa.select(RegisterEntry.register, RegisterEntry.place_id, sa.func.count())
    rows = city.session.execute(found.group_by(RegisterEntry.register, RegisterEntry.place_id))
    return {(name, place_id): number for name, place_id, number in rows}


def _a_day(random: Random) -> date:
    return clock.today() - timedelta(days=random.randint(5, 300))
