"""The matrix of rights: each register by each way in which somebody may stand to an entry of it.

What is expected is told from the words of the declaration alone, by a table of its own.
"""

from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from backend.core.actor import Actor, Role
from backend.core.errors import NotFound
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area, AreaLevel
from backend.registers.catalogue import registers
from backend.registers.declared import Register
from backend.registers.flow import FLOW
from tests.backend.registers.scene import Scene
from tests.factories import Make

# By who it is, the relations in which that person stands to an entry that lies in the community.
IN_COMMUNITY: Mapping[str, set[str]] = {
    "secretary": {"own"},
    "street": {"next", "above"},
    "district": {"above"},
    "city": {"above"},
    "neighbour": set(),
    "other_street": set(),
    "contact": {"unit"},
    "other_contact": set(),
    "person": {"person"},
    "grid_worker": {"grid"},
    "stranger": set(),
    "branch_secretary": set(),
}
IN_TOWNSHIP = {
    **{who: set[str]() for who in IN_COMMUNITY},
    "street": {"own"}, "district": {"next", "above"}, "city": {"above"},
    "contact": {"unit"}, "person": {"person"},
}  # fmt: skip
IN_DISTRICT = {**IN_TOWNSHIP, "street": set(), "district": {"own"}, "city": {"next", "above"}}
IN_CITY = {**IN_DISTRICT, "district": set(), "city": {"own"}}
STANDING: Mapping[AreaLevel, Mapping[str, set[str]]] = {
    AreaLevel.COMMUNITY: IN_COMMUNITY,
    AreaLevel.TOWNSHIP: IN_TOWNSHIP,
    AreaLevel.DISTRICT: IN_DISTRICT,
    AreaLevel.CITY: IN_CITY,
}
LEVELS = list(STANDING)


class People:
    def __init__(self, scene: Scene) -> None:
        self.scene, make, place = scene, scene.make, scene.community
        elsewhere = make.community(make.township())
        self.member = make.member(scene.branch)
        self.by_name: dict[str, Actor] = {
            "secretary": scene.secretary,
            "street": scene.street,
            "district": scene.district,
            "city": scene.acting(Role.CITY_OFFICER, place.city_id),
            "neighbour": scene.acting(Role.COMMUNITY_SECRETARY, make.community().id),
            "other_street": scene.acting(Role.STREET_OFFICER, elsewhere.township_id),
            "contact": make.unit_contact(scene.branch),
            "other_contact": make.unit_contact(make.branch(make.unit(elsewhere))),
            "person": make.actor(self.member),
            "grid_worker": scene.acting(Role.GRID_WORKER, place.id),
            "stranger": make.actor(make.member(scene.branch)),
            "branch_secretary": make.branch_secretary(scene.branch),
        }

    def place(self, level: AreaLevel) -> Area:
        community = self.scene.community
        ids = {
            AreaLevel.COMMUNITY: community.id,
            AreaLevel.TOWNSHIP: community.township_id,
            AreaLevel.DISTRICT: community.district_id,
            AreaLevel.CITY: community.city_id,
        }
        return self.scene.session.get_one(Area, ids[level])


def levels_of(register: Register) -> list[AreaLevel]:
    if isinstance(register.place, tuple):
        return [*register.place]
    return [AreaLevel.COMMUNITY] if register.place == "unit" else LEVELS


@pytest.mark.parametrize("name", list(registers()))
def test_who_reads_and_keeps(name: str, session: Session, rules: RulePack, make: Make) -> None:
    register, people = registers()[name], People(Scene(session, rules, make))
    for level in levels_of(register):
        entry = make.entry(
            name,
            place_id=people.place(level).id,
            unit_id=people.scene.unit.id,
            member_id=people.member.id,
            area_id=people.scene.community.id,
        )
        for who, actor in people.by_name.items():
            linked = {"counterpart"} if who == "secretary" else set()
            stands = STANDING[level][who] | {"everyone"} | linked
            keeps = bool(stands & {*map(str, register.keep)})
            reads = keeps or bool(stands & {*map(str, register.read)})
            found = _can(session, actor, entry.entry_id)
            assert (found is not None) == reads, (level, who)
            assert bool(found and "change" in found) == keeps, (level, who)
            opens = bool(stands & {*map(str, register.unseal)})
            assert bool(found and "unsealing" in found) == (opens and reads), (level, who)


def _can(session: Session, actor: Actor, entry_id: int) -> list[str] | None:
    try:
        return FLOW.can(FLOW.find(session, actor, entry_id))
    except NotFound:
        return None
