"""Units, organisations and divisions: known again by their keys, written with what follows."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict
from backend.imports.models import Change, Import
from backend.imports.models import ImportStatus as S
from backend.ledger.models import DutyYear, SubjectKind
from backend.people.areas.models import Area, AreaKind
from backend.people.organizations.credit_codes import check_character
from backend.people.organizations.models import Organization, OrganizationKind, Unit, UnitKind
from tests.backend.imports.scene import Scene

UNIT = ("单位名称", "统一社会信用代码", "单位类别", "所在社区代码")
TREE = (
    "组织编码",
    "党组织名称",
    "组织类别",
    "上级党组织",
    "所在区划代码",
    "管辖区划代码",
    "所属单位",
    "成立日期",
)
LAND = ("区划代码", "区划名称", "上级代码", "级别", "撤并日期", "并入代码")


def code(number: int) -> str:
    head = f"91460100{number:09}"
    return head + check_character(head + "0")


def bring(scene: Scene, actor: Actor, target: str, head: Any, *rows: Any) -> Import:
    return scene.bring(actor, rows, head, target)


def problems(scene: Scene, actor: Actor, row: Import) -> list[dict[str, str]]:
    return [one.problems for one in scene.rows(actor, row) if one.number]


# Units.


def test_units_are_known_by_their_codes(scene: Scene, city: Actor) -> None:
    here, there = scene.make.community(), scene.make.community()
    known = scene.make.unit(here, name="示范局", credit_code=code(1), kind=UnitKind.CITY_ORGAN)
    branch = scene.make.branch(known)
    person = scene.make.member(branch)
    lines = [
        ("城市服务示范局", code(1), "事业单位", there.code),
        ("研究院", code(2), "企业", here.code),
    ]
    row = bring(scene, city, "units", UNIT, *lines)

    (changed,) = scene.rows(city, row, Change.CHANGED)
    assert changed.was == {"name": "示范局", "kind": "市直机关", "community_code": here.code}
    scene.commit(city, row)
    assert (known.name, known.kind, known.community_id) == (
        "城市服务示范局", UnitKind.INSTITUTION, there.id,
    )  # fmt: skip
    made = scene.session.scalars(sa.select(Unit).where(Unit.credit_code == code(2))).one()
    assert (made.community_id, "jiu" in made.found_as) == (here.id, True)
    bound = sa.select(DutyYear.place_id).where(
        DutyYear.subject_kind == SubjectKind.MEMBER, DutyYear.subject_id == person.id
    )
    assert set(scene.session.scalars(bound)) <= {None}  # of no organ any more

    again = bring(scene, city, "units", UNIT, *lines)
    assert (scene.counts(again)["same"], again.counts["changed"]) == (2, 0)
    scene.undo(city, row)
    assert (known.name, known.kind, known.community_id) == ("示范局", UnitKind.CITY_ORGAN, here.id)
    assert scene.session.scalars(sa.select(Unit).where(Unit.credit_code == code(2))).all() == []


def test_what_is_wrong_with_a_unit_is_said(scene: Scene, city: Actor) -> None:
    here = scene.make.community()
    row = bring(
        scene, city, "units", UNIT,
        ("甲", code(1)[:-1] + "0", "企业", here.code),
        ("乙", code(2), "企业", "460106999999"),
        ("丙", code(3), "商店", here.code),
        ("丁", code(4), "企业", here.code),
        ("丁", code(4), "企业", here.code),
    )  # fmt: skip

    assert problems(scene, city, row) == [
        {"credit_code": "统一社会信用代码有误，请核对18位代码。"},
        {"community_code": "没有这个社区或村，请核对区划代码。"},
        {"kind": "应为市直机关、区直机关、企业、事业单位、社会组织或其他。"},
        {},
        {"credit_code": "与第 5 行的代码相同。"},
    ]


def test_a_unit_that_is_used_is_not_taken_back(scene: Scene, city: Actor) -> None:
    here = scene.make.community()
    row = bring(scene, city, "units", UNIT, ("研究院", code(2), "企业", here.code))
    scene.commit(city, row)
    made = scene.session.scalars(sa.select(Unit).where(Unit.credit_code == code(2))).one()
    scene.make.branch(made)

    with pytest.raises(Conflict, match="不能撤销"):
        scene.undo(city, row)


# Organisations.


@pytest.fixture
def place(scene: Scene) -> Area:
    return scene.make.community()


def tree(place: Area, *more: Any) -> tuple[Any, ...]:
    """Return a small tree, what is below standing before what is above."""
    return (
        ("Z3", "第一党支部", "党支部", "示范局总支", "", "", "", "2019年7月"),
        ("Z2", "示范局总支", "党总支", "Z1", "", "", "", "2018-01-01"),
        ("Z1", "示范局党委", "党委", "", place.code, place.code, "", "2017"),
        ("", "第一党小组", "党小组", "Z3", "", "", "", "2020-01-01"),
        *more,
    )


def named(scene: Scene, name: str) -> Organization:
    found = sa.select(Organization).where(Organization.name == name)
    return scene.session.scalars(found.execution_options(populate_existing=True)).one()


def test_a_tree_comes_in_whatever_order_its_rows_stand(
    scene: Scene, city: Actor, place: Area
) -> None:
    row = bring(scene, city, "organizations", TREE, *tree(place))
    assert problems(scene, city, row) == [{}, {}, {}, {}]
    scene.commit(city, row)

    top, middle, branch, group = (
        named(scene, name) for name in ("示范局党委", "示范局总支", "第一党支部", "第一党小组")
    )
    assert branch.path == f"{top.id}.{middle.id}.{branch.id}"
    assert group.parent_id == branch.id
    assert (top.code, top.kind, top.governs_id) == ("Z1", OrganizationKind.COMMITTEE, place.id)
    assert {one.area_id for one in (top, middle, branch, group)} == {place.id}
    assert str(branch.founded_on) == "2019-07-01"
    bound = sa.select(sa.func.count()).where(
        DutyYear.subject_kind == SubjectKind.ORGANIZATION,
        DutyYear.subject_id == branch.id,
        DutyYear.place_id == place.id,
    )
    assert scene.session.scalar(bound)

    again = bring(scene, city, "organizations", TREE, *tree(place))
    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (4, 0, 0)
    scene.undo(city, row)
    assert (
        scene.session.scalars(sa.select(Organization.id).where(Organization.code == "Z3")).all()
        == []
    )


def test_an_organisation_is_renamed_and_moved_by_its_code(
    scene: Scene, city: Actor, place: Area
) -> None:
    first = bring(scene, city, "organizations", TREE, *tree(place))
    scene.commit(city, first)
    line = ("Z3", "机关党支部", "党支部", "Z1", "", "", "", "")
    row = bring(scene, city, "organizations", TREE, line)

    (changed,) = scene.rows(city, row, Change.CHANGED)
    assert changed.was == {"name": "第一党支部", "parent": "示范局总支"}
    scene.commit(city, row)
    top, moved, group = (named(scene, name) for name in ("示范局党委", "机关党支部", "第一党小组"))
    assert moved.path == f"{top.id}.{moved.id}"
    assert group.path == f"{moved.path}.{group.id}"
    scene.undo(city, row)
    middle, back = named(scene, "示范局总支"), named(scene, "第一党支部")
    assert back.path == f"{middle.path}.{back.id}"


def test_what_is_wrong_with_a_tree_is_said(scene: Scene, city: Actor, place: Area) -> None:
    scene.commit(city, bring(scene, city, "organizations", TREE, *tree(place)))
    row = bring(
        scene, city, "organizations", TREE,
        ("Z3", "第一党支部", "联合党支部", "Z2", "", "", "", ""),
        ("Z4", "新支部", "党支部", "没有的上级", "", "", "", ""),
        ("Z5", "新总支", "党总支", "第一党支部", "", "", "", ""),
        ("Z6", "孤单支部", "党支部", "", "", "", "", ""),
        ("Z7", "某支部", "党支部", "Z1", "460106999999", "", "没有的单位", ""),
        ("Z8", "第一党支部", "党支部", "Z2", "", "", "", ""),
    )  # fmt: skip

    assert problems(scene, city, row) == [
        {"kind": "现为党支部，类别不能通过导入更改。"},
        {"parent": "没有找到这个上级党组织，请核对名称或填写组织编码。"},
        {"parent": "这类党组织不能设在所填的上级之下，请核对。"},
        {"area_code": "没有填写所在区划代码。"},
        {"unit": "没有找到这个单位，请先导入单位名录。", "area_code": "没有这个区划，请核对代码。"},
        {"name": "上级之下已有同名党组织，编码不同，请核对。"},
    ]


def test_what_hangs_below_itself_is_told(scene: Scene, city: Actor, place: Area) -> None:
    scene.commit(city, bring(scene, city, "organizations", TREE, *tree(place)))
    row = bring(
        scene, city, "organizations", TREE,
        ("Y1", "甲党委", "党委", "Y2", place.code, "", "", ""),
        ("Y2", "乙党委", "党委", "Y1", place.code, "", "", ""),
        ("Y3", "丙支部", "党支部", "Y2", place.code, "", "", ""),
    )  # fmt: skip

    circle = {"parent": "上下级关系成了循环，请核对。"}
    below = {"parent": "上级在第 3 行，该行有问题。"}
    assert problems(scene, city, row) == [circle, circle, below]


def test_a_district_founds_in_its_own_area_only(scene: Scene, place: Area) -> None:
    officer = scene.make.officer(
        Role.DISTRICT_OFFICER, scene.session.get_one(Area, place.district_id)
    )
    other = scene.make.community(scene.make.township(scene.make.district()))
    row = bring(
        scene, officer, "organizations", TREE,
        ("A1", "本区党委", "党委", "", place.code, "", "", ""),
        ("A2", "外区党委", "党委", "", other.code, "", "", ""),
        ("A3", "管外区的党委", "党委", "", place.code, other.code, "", ""),
    )  # fmt: skip

    assert problems(scene, officer, row) == [
        {},
        {"area_code": "不在您负责的区划内。"},
        {"governs_code": "不在您负责的区划内。"},
    ]


# Divisions.


def test_divisions_come_with_what_became_of_them(scene: Scene, city: Actor) -> None:
    old, new = scene.make.community(), scene.make.community()
    assert old.township_id is not None
    street = scene.session.get_one(Area, old.township_id)
    added = f"{street.code}998"[:9] + "088"
    row = bring(
        scene, city, "divisions", LAND,
        (added, "新设社区", "", "", "", ""),
        (old.code, old.name, "", "", clock.today().isoformat(), new.code),
        (new.code, "改名社区", street.code, "社区", "", ""),
    )  # fmt: skip
    assert problems(scene, city, row) == [{}, {}, {}]
    scene.commit(city, row)

    assert row.status is S.COMMITTED
    made = scene.session.scalars(sa.select(Area).where(Area.code == added)).one()
    assert (made.parent_id, made.kind) == (street.id, AreaKind.RESIDENTS_COMMITTEE)
    assert (old.valid_to, old.successor_id) == (clock.today(), new.id)
    assert new.name == "改名社区"
    with pytest.raises(Conflict, match="不能撤销"):
        scene.undo(city, row)


def test_new_divisions_are_taken_back(scene: Scene, city: Actor) -> None:
    here = scene.make.community()
    street = scene.session.get_one(Area, here.township_id)
    row = bring(
        scene, city, "divisions", LAND,
        (f"{street.code}088", "新设社区", "", "", "", ""),
        (here.code, "改名社区", "", "", "", ""),
    )  # fmt: skip
    before = here.name
    scene.commit(city, row)
    scene.undo(city, row)

    assert row.status is S.UNDONE
    assert here.name == before
    assert scene.session.scalars(sa.select(Area.id).where(Area.name == "新设社区")).all() == []


def test_what_is_wrong_with_a_division_is_said(scene: Scene, city: Actor) -> None:
    here = scene.make.community()
    row = bring(
        scene, city, "divisions", LAND,
        ("460199001001", "无上级社区", "", "", "", ""),
        (here.code, here.name, "", "街道", "", ""),
        ("12345", "短代码", "", "", "", ""),
    )  # fmt: skip

    found = problems(scene, city, row)
    assert found[0]["parent_code"] == "没有这个上级区划，请核对代码。"
    assert found[1] == {"level": "代码已是另一级别的区划，请核对。"}
    assert "12 位" in found[2]["code"]
