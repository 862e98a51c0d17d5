"""Whose rows may be brought by whom: each is held against what is one's own."""

import pytest
import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.errors import NotFound
from backend.imports.models import Change
from backend.imports.models import ImportStatus as S
from backend.imports.targets.members import ELSEWHERE
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
        {"name": ELSEWHERE},
    ]


def test_who_keeps_one_branch_need_not_name_it(scene: Scene, branch: Organization) -> None:
    for keeper in (scene.make.branch_secretary(branch), scene.make.unit_contact(branch)):
        row = scene.bring(keeper, [("黄小梅", A)], ("姓名", "手机号"))
        assert scene.counts(row)["new"] == 1
        (new,) = scene.rows(keeper, row, Change.NEW)
        assert new.record["branch_id"] == branch.id


def test_a_number_that_is_written_anew_proves_nobody(scene: Scene, branch: Organization) -> None:
    secretary = scene.make.branch_secretary(branch)
    known = scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    scene.commit(secretary, scene.bring(secretary, [("黄小梅", B, branch.name)]))

    assert known.phone_hash == scene.hashed(B)["phone_hash"]
    assert known.phone_unproven


def test_nobody_changes_the_own_entry(scene: Scene, branch: Organization) -> None:
    secretary = scene.make.branch_secretary(branch)
    own = scene.session_member(secretary)
    own.name = "邢益民"

    assert problems(scene, secretary, [(own.name, A, branch.name)]) == [
        {"name": "不能更改本人的名册内容，请由上级党组织办理。"}
    ]


def test_who_leads_from_above_keeps_and_moves_between_what_is_below(scene: Scene) -> None:
    above = scene.make.branch(kind="committee", path="77")
    first, second = (
        scene.make.branch(name=f"支部{n}", parent_id=above.id, path=f"77.{n}") for n in "12"
    )
    leader = scene.make.branch_secretary(above)
    scene.make.member(first, name="黄小梅", **scene.hashed(A))

    row = scene.bring(leader, [("黄小梅", A, second.name), ("丙丁", B, first.name)])
    assert scene.counts(row)["changed"] == scene.counts(row)["new"] == 1


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
