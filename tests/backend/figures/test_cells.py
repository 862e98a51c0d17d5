"""Hidden cells: nobody may learn a small figure, however the figures around it are asked for."""

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Grant, Role
from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures import rates
from backend.figures.cells import Cell, Counts, suppress
from backend.ledger import packs
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area, AreaKind
from tests import ledger
from tests.factories import Make

RULE = packs.load(DEFAULT_RULE_PACK).by_id["2k"]


def cell(size: int | None) -> Cell:
    counts = None if size is None else Counts(size, met=size // 2, overdue=size - size // 2)
    return Cell(Area(code="0"), RULE, counts)


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((9, 9, 9), [9, 9, 9]),
        ((0, 9, 9), [0, 9, 9]),
        ((3, 9, 12), [None, None, 12]),
        ((3, 4, 12), [None, None, 12]),
        ((12, 9, 1), [12, None, None]),
        ((3, 0, 0), [None, 0, 0]),
        ((5, 5, 4), [None, 5, None]),
    ],
)
def test_a_small_cell_is_hidden_with_a_sibling_that_would_reveal_it(
    sizes: tuple[int, ...], shown: list[int | None]
) -> None:
    parts = suppress(cell(sum(sizes)), [cell(size) for size in sizes])
    assert [part.bound for part in parts] == shown


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((9, 8, 0), [9, None, 0]),
        ((3, 8, 9), [None, None, 9]),
        ((3, 2, 9), [None, None, 9]),
        ((3, 1, 0), [None, None, None]),
        ((9,), [None]),
    ],
)
def test_the_parts_of_a_hidden_cell_do_not_add_up_to_it(
    sizes: tuple[int, ...], shown: list[int | None]
) -> None:
    parts = suppress(cell(None), [cell(size) for size in sizes])
    assert [part.bound for part in parts] == shown


class Scene:
    """A district of two streets: one has a community of 3, the other communities of 6, 7 and 8."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules = session, rules
        self.district = make.district()
        self.street, self.other = (make.township(self.district) for _ in range(2))
        self.small = self._community(make, self.street, 3)
        self.six, self.seven, self.eight = (
            self._community(make, self.other, size) for size in (6, 7, 8)
        )
        ledger.bind(session, rules)

    @staticmethod
    def _community(make: Make, street: Area, size: int) -> Area:
        community = make.community(street)
        branch = make.branch(make.unit(community))
        for _ in range(size):
            make.member(branch)
        return community

    def seen(self, role: Role, scope: Area, area: Area) -> tuple[int | None, list[int | None]]:
        actor = Actor(0, grants=(Grant(role, area_id=scope.id),))
        year = clock.today().year
        asked = {"actor": actor, "area_code": area.code, "year": year}
        found = rates.rates(self.session, self.rules, rule_id="2k", **asked)  # type: ignore[arg-type]
        _, duties = rates.overview(self.session, self.rules, **asked)  # type: ignore[arg-type]
        assert found.total in [total for rule, total, _ in duties if rule.id == "2k"]
        return found.total.bound, [child.bound for child in found.children]


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_the_small_cell_and_its_sibling_are_hidden_from_the_district(scene: Scene) -> None:
    assert scene.seen(Role.DISTRICT_OFFICER, scene.district, scene.district) == (24, [None, None])


def test_asking_for_the_sibling_itself_reveals_no_more(scene: Scene) -> None:
    total, children = scene.seen(Role.DISTRICT_OFFICER, scene.district, scene.other)

    assert total is None
    assert children == [None, 7, 8]  # with all three shown the street could be summed


def test_nor_does_asking_for_a_part_of_the_sibling(scene: Scene) -> None:
    who = (Role.DISTRICT_OFFICER, scene.district)

    assert scene.seen(*who, scene.six) == (None, [])
    assert scene.seen(*who, scene.seven) == (7, [])
    assert scene.seen(*who, scene.small) == (None, [])


def test_who_sees_nothing_above_has_nothing_to_subtract_from(scene: Scene) -> None:
    assert scene.seen(Role.STREET_OFFICER, scene.other, scene.other) == (21, [6, 7, 8])
    assert scene.seen(Role.COMMUNITY_SECRETARY, scene.six, scene.six) == (6, [])


def test_the_community_reads_its_own_count_however_small(scene: Scene) -> None:
    assert scene.seen(Role.COMMUNITY_SECRETARY, scene.small, scene.small) == (3, [])


@pytest.mark.parametrize("rule_id", ["1a", "2j", "12f"])
def test_organisations_units_and_areas_are_never_hidden(scene: Scene, rule_id: str) -> None:
    """One branch, one unit or one community of an area is nobody's private matter."""
    actor = Actor(0, grants=(Grant(Role.DISTRICT_OFFICER, area_id=scene.district.id),))
    for area in (scene.district, scene.street, scene.other, scene.small):
        found = rates.rates(
            scene.session,
            scene.rules,
            actor=actor,
            area_code=area.code,
            rule_id=rule_id,
            year=clock.today().year,
        )
        cells = [found.total, *found.children]
        assert not any(one.is_hidden for one in cells)
        assert [one.area.code for one in found.children] == sorted(
            one.area.code for one in found.children
        )
        if found.children:
            own = rule_id == "12f" and area.kind is AreaKind.STREET  # a street owes a list, too
            assert found.total.bound == sum(one.bound or 0 for one in found.children) + own


@pytest.mark.parametrize(
    ("met", "bound", "expected"),
    [
        (8, 12, 0.667),
        (1, 3, 0.333),
        (1, 8, 0.125),
        (1, 16, 0.063),
        (0, 7, 0.0),
        (7, 7, 1.0),
        (2999, 3000, 0.999),
        (1, 3000, 0.001),
        (1, 2000, 0.001),
    ],
)
def test_a_share_has_one_decimal_as_a_percentage(met: int, bound: int, expected: float) -> None:
    assert Cell(Area(code="0"), RULE, Counts(bound + 2, met=met, exempt=2)).rate == expected
