"""Whose rows may be brought by whom: each is held against what is one's own."""

import pytest
import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.errors import NotFound
from backend.imports.models import Change
from backend.imports.models import ImportStatus as S
from backend.people.areas.models import Area
from backend.people.members.models import Appointment, Member
from backend.people.organizations.models import Organization
from tests.backend.imports.scene import A, B, C, Scene, problems
from tests.factories import LONG_AGO


def test_each_row_is_held_against_what_is_ones_own(scene: Scene, branch: Organization) -> None:
    other = scene.make.branch(name="另一支部")
    scene.make.member(other, name="丙丁", **scene.hashed(B))
    secretary = scene.make.branch_secretary(branch)
    rows = [("黄小梅", A, branch.name), ("戊己", C, other.name), ("丙丁", B, branch.name)]

    assert problems(scene, secretary, rows) == [
        {},
        {"branch": "不在您负责的范围内。"},
        {"name": "此人已在其他党组织的名册中，请由上级党组织办理转接。"},
    ]


def test_who_keeps_one_branch_need_not_name_it(scene: Scene, branch: Organization) -> None:
    for keeper in (scene.make.branch_secretary(branch), scene.make.unit_contact(branch)):
        row = scene.bring(keeper, [("黄小梅", A)], ("姓名", "手机号"))
        assert scene.counts(row)["new"] == 1
        (new,) = scene.rows(keeper, row, Change.NEW)
        assert new.record["branch_id"] == branch.id


def test_a_branch_does_not_change_the_number_of_who_holds_office(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    secretary = scene.make.branch_secretary(branch)
    officer = scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    scene.make.appointment(officer, Role.CITY_OFFICER, area_id=scene.make.city().id)
    rows = [("黄小梅", B, branch.name)]

    assert problems(scene, secretary, rows) == [{"phone": "此人担任职务，手机号由组织部门更改。"}]
    assert problems(scene, city, rows) == [{}]


def elsewhere(scene: Scene) -> Area:
    """A community of another district."""
    return scene.make.community(scene.make.township(scene.make.district()))


def test_a_district_keeps_its_own(scene: Scene) -> None:
    here, there = scene.make.community(), elsewhere(scene)
    mine = scene.make.branch(scene.make.unit(here), name="本区支部")
    scene.make.branch(scene.make.unit(there), name="外区支部")
    district = scene.session.get_one(type(here), here.district_id)
    officer = scene.make.officer(Role.DISTRICT_OFFICER, district)

    assert problems(scene, officer, [("甲乙", A, mine.name), ("丙丁", B, "外区支部")]) == [
        {},
        {"branch": "不在您负责的范围内。"},
    ]


def test_nobody_elses_import_is_there(scene: Scene, city: Actor, branch: Organization) -> None:
    row = scene.bring(city, [("黄小梅", A, branch.name)])
    another = scene.make.officer(Role.CITY_OFFICER, scene.make.city())

    with pytest.raises(NotFound):
        scene.rows(another, row)


def test_whoever_lost_the_office_meanwhile_writes_nothing(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    row = scene.bring(city, [("黄小梅", A, branch.name)])
    own = Appointment.member_id == city.member_id
    scene.session.execute(sa.update(Appointment).where(own).values(ends_on=LONG_AGO))
    scene.commit(city, row)

    assert row.status is S.READY
    assert row.problem == "您已不再负责此项，请由现任负责人办理。"
    assert scene.session.scalars(sa.select(Member.id).where(Member.name == "黄小梅")).all() == []
