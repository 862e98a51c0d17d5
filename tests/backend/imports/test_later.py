"""What becomes of an import later: what happened meanwhile, taking back, jobs that run twice."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.core.actor import Actor, Role
from backend.core.errors import Conflict
from backend.imports import service
from backend.imports.models import ImportedThing, ImportFile
from backend.imports.models import ImportStatus as S
from backend.ledger.models import DutyYear
from backend.people.members.models import Member, MemberCategory
from backend.people.organizations.models import Organization
from tests.backend.imports.scene import HEAD, TARGETS, A, B, C, Scene, member
from tests.backend.imports.tables import text


def test_what_changed_since_it_was_shown_is_shown_again_and_not_written(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    known = scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    row = scene.bring(city, [("黄小梅", A, branch.name, "预备党员"), ("丙丁", B, branch.name, "")],
                      (*HEAD, "党员类别"))  # fmt: skip
    known.category = MemberCategory.PROBATIONARY
    scene.session.flush()
    scene.commit(city, row)

    assert (row.status, scene.counts(row)) == (S.READY, {"new": 1, "same": 1})
    assert row.problem == "核对之后名册有变动，已重新核对，请看过后再写入。"
    scene.commit(city, row)
    assert row.status is S.COMMITTED


def test_taking_back_leaves_the_roster_as_it_was(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    known = scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    rows = [("黄小梅", C, branch.name), ("丙丁", B, branch.name)]
    row = scene.commit(city, scene.bring(city, rows))
    new = member(scene, "丙丁").id

    scene.undo(city, row)
    assert row.status is S.UNDONE
    assert scene.session.get(Member, new) is None
    back = scene.session.get_one(Member, known.id)
    assert back.phone_hash == scene.hashed(A)["phone_hash"]
    assert scene.keys.decrypt(back.phone_encrypted or "", purpose="member.phone") == A
    assert scene.session.scalars(sa.select(DutyYear).where(DutyYear.subject_id == new)).all() == []
    assert scene.session.scalars(sa.select(ImportedThing)).all() == []


def link(scene: Scene, one: Member) -> None:
    scene.make.account(one)


def rename(scene: Scene, one: Member) -> None:
    one.electoral_right = False
    one.name = "丙丁丁"
    scene.session.flush()


def appoint(scene: Scene, one: Member) -> None:
    scene.make.appointment(one, Role.CITY_OFFICER, area_id=scene.make.city().id)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (link, "导入的人员已有 1 人已关联微信账号，不能撤销。"),
        (appoint, "导入的人员已有 1 项任职，不能撤销。"),
        (rename, "有 1 人的名册内容在导入后又有改动，不能撤销。"),
    ],
)
def test_what_something_is_built_on_is_not_taken_back(
    scene: Scene, city: Actor, branch: Organization, act: Any, said: str
) -> None:
    row = scene.commit(city, scene.bring(city, [("丙丁", B, branch.name)]))
    act(scene, member(scene, "丙丁"))

    with pytest.raises(Conflict) as refused:
        scene.undo(city, row)
    assert (refused.value.code, refused.value.message) == ("built_upon", said)


def test_a_file_without_the_needed_columns_waits_for_them_to_be_named(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    row = scene.bring(city, [("黄小梅", branch.name)], ("甲栏", "乙栏"))
    assert row.status is S.COLUMNS
    said = service.Mapped({0: "name", 1: "branch"})
    service.map_columns(scene.session, TARGETS, actor=city, import_id=row.id, said=said)
    scene.worker(row).check()
    scene.fresh(row)

    assert (row.status, scene.counts(row)) == (S.READY, {"new": 1})


def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(scene: Scene, city: Actor) -> None:
    row = scene.checked(scene.begin(city, b"PK\x03\x04 no workbook"))

    assert row.status is S.FAILED
    assert row.problem is not None
    assert "已损坏" in row.problem
    assert scene.session.scalars(sa.select(ImportFile)).all() == []


def test_a_job_that_runs_twice_does_no_harm(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    row = scene.begin(city, text([HEAD, ("黄小梅", A, branch.name)]))
    scene.worker(row).read()
    scene.worker(row).read()
    scene.worker(row).check()
    scene.fresh(row)
    assert scene.counts(row) == {"new": 1}

    scene.commit(city, row)
    scene.worker(row).commit()
    assert member(scene, "黄小梅").branch_id == branch.id
