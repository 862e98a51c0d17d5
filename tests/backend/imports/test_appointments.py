"""Appointments come in as proposals: another person approves each."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.errors import Conflict
from backend.imports.models import Change
from backend.people.members.models import Appointment, AppointmentStatus, Member
from backend.people.organizations.models import Organization
from tests.backend.imports.scene import A, B, Scene, problems

HEAD = ("姓名", "手机号", "所在党支部", "职务", "任职范围", "任期开始")


@pytest.fixture
def person(scene: Scene, branch: Organization) -> Member:
    branch.code = "ZZ1"
    return scene.make.member(branch, name="黄小梅", **scene.hashed(A))


def bring(scene: Scene, actor: Actor, *rows: Any) -> Any:
    return scene.bring(actor, rows, HEAD, "appointments")


def of(scene: Scene, person: Member) -> list[Appointment]:
    found = sa.select(Appointment).where(Appointment.member_id == person.id)
    return list(scene.session.scalars(found.execution_options(populate_existing=True)).unique())


def test_they_are_proposed_and_give_no_right_yet(
    scene: Scene, city: Actor, person: Member, branch: Organization
) -> None:
    community = scene.make.community()
    rows = [
        ("黄小梅", A, "", "党支部书记", "zz1", ""),
        ("黄小梅", "", branch.name, "社区书记", community.code, ""),
    ]
    row = bring(scene, city, *rows)
    assert scene.counts(row) == {"new": 2}
    assert of(scene, person) == []

    scene.commit(city, row)
    proposed = of(scene, person)
    assert {(one.role, one.status, one.proposed_by) for one in proposed} == {
        (Role.BRANCH_SECRETARY, AppointmentStatus.PROPOSED, city.account_id),
        (Role.COMMUNITY_SECRETARY, AppointmentStatus.PROPOSED, city.account_id),
    }
    assert scene.counts(bring(scene, city, *rows)) == {"same": 2}

    scene.undo(city, row)
    assert {one.status for one in of(scene, person)} == {AppointmentStatus.WITHDRAWN}


def test_what_was_decided_is_not_taken_back(scene: Scene, city: Actor, person: Member) -> None:
    row = scene.commit(city, bring(scene, city, ("黄小梅", A, "", "党支部书记", "ZZ1", "")))
    (proposed,) = of(scene, person)
    proposed.status = AppointmentStatus.REFUSED
    scene.session.flush()

    with pytest.raises(Conflict, match="已经审批或撤回"):
        scene.undo(city, row)


def test_what_cannot_be_proposed_is_said(scene: Scene, city: Actor, person: Member) -> None:
    assert of(scene, person) == []
    own = scene.session_member(city)
    own.name = "邢益民"
    own.phone_hash = scene.hashed(B)["phone_hash"]
    row = bring(
        scene, city,
        ("云秀珍", A, "", "党支部书记", "ZZ1", ""),
        ("黄小梅", A, "", "皇帝", "ZZ1", ""),
        ("黄小梅", A, "", "社区书记", "460106999999", ""),
        ("黄小梅", A, "", "党支部书记", "没有的支部", ""),
        ("邢益民", B, "", "党支部书记", "ZZ1", ""),
        ("黄小梅", A, "", "单位联络员", "没有的单位", ""),
    )  # fmt: skip

    found = [one.problems for one in scene.rows(city, row, Change.PROBLEM)]
    assert [list(one) for one in found] == [
        ["name"], ["role"], ["place"], ["place"], ["role"], ["place"],
    ]  # fmt: skip
    assert found[4] == {"role": "不能提名本人。"}


def test_nobody_learns_from_a_list_who_is_a_member_elsewhere(scene: Scene, person: Member) -> None:
    assert person.id
    officer = scene.make.officer(Role.DISTRICT_OFFICER, scene.make.district())

    line = ("黄小梅", A, "", "党支部书记", "ZZ1", "")
    assert problems(scene, officer, [line], HEAD, "appointments") == [
        {"name": "名册中没有姓名和手机号（或党支部）都相符的人。"}
    ]
