"""Registers brought as lists: which entry a row is, what would change, and what is written."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from backend.core import clock, finding
from backend.core.actor import Actor, Role
from backend.imports.models import Change
from backend.imports.models import ImportStatus as S
from backend.ledger.models import StandingFact
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization
from backend.registers.models import EntryStatus, RegisterEntry, RegisterVersion
from tests import ledger
from tests.backend.imports.scene import Scene, problems
from tests.backend.imports.tables import book

GRID = "registers:grid"
HEAD = ("网格编号", "网格名称", "区划代码", "户数", "下沉的服务")
TODAY = clock.today()


@pytest.fixture
def community(scene: Scene) -> Area:
    return scene.make.community()


@pytest.fixture
def secretary(scene: Scene, community: Area) -> Actor:
    return scene.make.officer(Role.COMMUNITY_SECRETARY, community)


def entries(scene: Scene, register: str = "grid") -> list[RegisterEntry]:
    rows = sa.select(RegisterEntry).where(RegisterEntry.register == register)
    return list(scene.session.scalars(rows.order_by(RegisterEntry.id)))


def versions(scene: Scene) -> list[tuple[Any, ...]]:
    rows = sa.select(
        RegisterVersion.name, RegisterVersion.starts_on, RegisterVersion.ends_on,
        RegisterVersion.values, RegisterVersion.superseded_at.is_(None),
    ).order_by(RegisterVersion.id)  # fmt: skip
    return [tuple(row) for row in scene.session.execute(rows)]


def bring(scene: Scene, by: Actor, rows: Any, head: Any = HEAD, target: str = GRID) -> Any:
    return scene.commit(by, scene.bring(by, rows, head, target))


def test_new_ones_are_entered_with_their_facts(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    rows = [
        ("WG-1", "第一网格", community.code, "300", "公共服务、志愿服务"),
        ("", "第二网格", community.code, "", ""),
    ]
    row = bring(scene, secretary, rows)

    assert (row.status, row.problem, scene.counts(row)) == (S.COMMITTED, None, {"new": 2})
    first, second = entries(scene)
    assert (first.code, first.revision, first.recorded_by) == ("WG-1", 1, secretary.account_id)
    assert second.code == f"WG{second.id:06d}"
    assert versions(scene) == [
        ("第一网格", TODAY, None, {"households": 300, "services": ["public", "volunteer"]}, True),
        ("第二网格", TODAY, None, {}, True),
    ]
    facts = scene.session.scalars(
        sa.select(StandingFact.kind).where(StandingFact.source_id == first.id)
    )
    assert set(facts) == {"grid", "grid_service_public", "grid_service_volunteer"}
    assert ledger.differences(scene.session, scene.rules) == []


def test_the_same_file_twice_changes_nothing(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    rows = [("WG-1", "第一网格", community.code, "300", ""), ("", "乙", community.code, "", "")]
    bring(scene, secretary, rows)
    before = versions(scene)

    again = bring(scene, secretary, rows)
    assert scene.counts(again) == {"same": 2}
    assert versions(scene) == before


def test_what_changes_does_so_from_today_and_what_was_stays(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    since = TODAY - timedelta(days=90)
    head = (*HEAD, "开始日期")
    line = ["WG-1", "第一网格", community.code, "300", "", since.isoformat()]
    bring(scene, secretary, [line], head)
    line[3] = "320"
    row = scene.bring(secretary, [line], head, GRID)

    (shown,) = scene.rows(secretary, row, Change.CHANGED)
    assert shown.was == {"values.households": "300", "starts_on": since.isoformat()}
    assert "今天" in shown.notes["starts_on"]
    scene.commit(secretary, row)
    assert versions(scene) == [
        ("第一网格", since, TODAY, {"households": 300}, True),
        ("第一网格", TODAY, None, {"households": 320}, True),
    ]
    assert entries(scene)[0].revision == 2
    assert scene.counts(scene.bring(secretary, [line], head, GRID)) == {"same": 1}
    assert ledger.differences(scene.session, scene.rules) == []


def test_another_beginning_is_taken_as_it_is_written(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    days = [(TODAY - timedelta(days=back)).isoformat() for back in (30, 60)]
    head = (*HEAD, "开始日期")
    bring(scene, secretary, [("WG-1", "甲", community.code, "300", "", days[0])], head)
    row = bring(scene, secretary, [("WG-1", "甲", community.code, "310", "", days[1])], head)

    assert (row.problem, scene.counts(row)) == (None, {"changed": 1})
    assert [one[1:] for one in versions(scene)] == [
        (TODAY - timedelta(days=30), None, {"households": 300}, True),
        (TODAY - timedelta(days=60), TODAY - timedelta(days=30), {"households": 310}, True),
    ]
    assert ledger.differences(scene.session, scene.rules) == []


def test_an_import_is_taken_back_while_nothing_is_built_on_it(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    since = (TODAY - timedelta(days=90)).isoformat()
    head = (*HEAD, "开始日期")
    first = bring(scene, secretary, [("WG-1", "甲", community.code, "300", "", since)], head)
    both = [("WG-1", "甲", community.code, "310", "", since),
            ("WG-2", "乙", community.code, "", "", since)]  # fmt: skip
    second = bring(scene, secretary, both, head)
    assert scene.counts(second) == {"new": 1, "changed": 1}

    with pytest.raises(Exception, match="又有改动"):
        scene.undo(secretary, first)
    assert scene.undo(secretary, second).status is S.UNDONE
    old, new = entries(scene)
    assert (old.status, new.status) == (EntryStatus.STANDING, EntryStatus.VOIDED)
    standing = [one for one in versions(scene) if one[4] and one[0] == "甲"]
    assert [one[2:4] for one in standing] == [(None, {"households": 300})]
    assert ledger.differences(scene.session, scene.rules) == []


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("WG-1", "", "CODE", "", ""), "name"),
    (("WG-1", "甲", "460106003099", "", ""), "place"),
    (("WG-1", "甲", "CODE", "很多", ""), "values.households"),
    (("WG-1", "甲", "CODE", "30000", ""), "values.households"),
    (("WG-1", "甲", "CODE", "", "送餐"), "values.services"),
    (("编号", "甲", "CODE", "", ""), "code"),
]


@pytest.mark.parametrize(("line", "column"), WRONG)
def test_a_wrong_cell_is_named(
    scene: Scene, secretary: Actor, community: Area, line: tuple[str, ...], column: str
) -> None:
    said = [cell if cell != "CODE" else community.code for cell in line]

    (found,) = problems(scene, secretary, [said], HEAD, GRID)
    assert set(found) == {column}


def test_only_what_is_kept_may_be_brought(scene: Scene, community: Area) -> None:
    other = scene.make.community()
    elsewhere = scene.make.officer(Role.COMMUNITY_SECRETARY, other)
    street = scene.make.officer(
        Role.STREET_OFFICER, scene.session.get_one(Area, community.parent_id)
    )

    (found,) = problems(scene, elsewhere, [("", "甲", community.code, "", "")], HEAD, GRID)
    assert set(found) == {"place"}
    assert scene.counts(bring(scene, street, [("", "甲", community.code, "", "")])) == {"new": 1}


def test_several_that_a_row_may_be_are_asked_about(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    line = ("甲", community.code)
    bring(scene, secretary, [("WG-1", *line), ("WG-2", *line)], HEAD[:3])

    (found,) = problems(scene, secretary, [line], HEAD[1:3], GRID)
    assert "请写明网格编号" in found["name"]
    twice = problems(scene, secretary, [("丙", community.code)] * 2, HEAD[1:3], GRID)
    assert [set(one) for one in twice] == [set(), {"name"}]


def test_a_slot_and_what_an_entry_belongs_to_are_found(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    unit = scene.make.unit(community, name="海口市示范局")
    branch: Organization = scene.make.branch(unit, name="示范党支部")
    head = ("网格名称", "区划代码", "网格党支部或党小组")
    bring(scene, secretary, [("甲", community.code, branch.name)], head)
    assert scene.session.scalar(sa.select(RegisterVersion.organization_id)) == branch.id

    body = ("机构名称", "区划代码", "类别")
    bring(scene, secretary, [("示范联席会议", community.code, "党建联席会议")], body,
          "registers:coordination_body")  # fmt: skip
    seat = ("所在机构", "单位")
    row = bring(scene, secretary, [("示范联席会议", unit.name)], seat, "registers:member_seat")
    assert scene.counts(row) == {"new": 1}
    (made,) = entries(scene, "member_seat")
    assert (made.unit_id, made.place_id) == (unit.id, community.id)
    assert scene.counts(
        scene.bring(secretary, [("示范联席会议", unit.name)], seat, "registers:member_seat")
    ) == {"same": 1}


def test_what_was_brought_is_found_by_its_name(
    scene: Scene, secretary: Actor, community: Area
) -> None:
    name = '甲"乙\\丙,{丁}'
    data = book([HEAD, ("WG-1", name, community.code, "", "")])
    scene.commit(secretary, scene.checked(scene.begin(secretary, data, GRID)))

    version = scene.session.scalars(sa.select(RegisterVersion)).one()
    assert version.name == name
    assert sorted(version.pairs) == sorted(finding.paired(name))
