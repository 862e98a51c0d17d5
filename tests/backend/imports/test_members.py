"""The roster: who a row means, what would change, what is written, and what follows from it."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.audit.models import AuditEntry
from backend.core import clock
from backend.core.actor import Actor
from backend.imports.models import Change, ImportedThing, ImportFile, ImportRow
from backend.imports.models import ImportStatus as S
from backend.ledger.models import DutyYear, SubjectKind
from backend.people.members.models import Member, MemberCategory, Membership
from backend.people.organizations.models import Organization
from tests.backend.imports.scene import HEAD, A, B, Scene, member, problems
from tests.backend.imports.tables import text


def test_new_ones_are_shown_first_and_written_when_told(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    row = scene.bring(
        city, [("黄　小梅", "１００00000007", "机关第一党支部"), ("丙丁", "", branch.name)]
    )

    assert row.status is S.READY
    assert scene.counts(row) == {"new": 2}
    assert scene.session.scalar(sa.select(Member.id).where(Member.name == "黄小梅")) is None

    scene.commit(city, row)
    assert (row.status, row.problem) == (S.COMMITTED, None)
    made = member(scene, "黄小梅")
    assert made.phone_hash == scene.hashed(A)["phone_hash"]
    assert scene.keys.decrypt(made.phone_encrypted or "", purpose="member.phone") == A
    assert (made.branch_id, made.unit_id, made.active) == (branch.id, branch.unit_id, True)
    assert "huang" in made.found_as
    belonging = sa.select(Membership.branch_id).where(Membership.member_id == made.id)
    assert scene.session.scalars(belonging).all() == [branch.id]
    years = sa.select(sa.func.count()).where(
        DutyYear.subject_kind == SubjectKind.MEMBER,
        DutyYear.subject_id == made.id,
        DutyYear.place_id.is_not(None),
    )
    assert scene.session.scalar(years)


def test_the_same_file_twice_changes_nothing(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    rows = [("黄小梅", A, branch.name), ("丙丁", "", branch.name)]
    scene.commit(city, scene.bring(city, rows))
    before = scene.session.execute(sa.select(Member.id, Member.updated_at)).all()

    again = scene.bring(city, rows)
    assert scene.counts(again) == {"same": 2}
    scene.commit(city, again)
    assert scene.session.execute(sa.select(Member.id, Member.updated_at)).all() == before


def test_nothing_of_a_file_stays_where_it_waited(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    head = (*HEAD, "身份证号码", "备用")
    line = ("黄小梅", A, branch.name, "460100198001010000", "460100198001011234")
    row = scene.begin(city, text([head, line]))
    sealed = scene.session.scalars(sa.select(ImportFile.sealed)).all()
    assert sealed
    assert not any(part in one for one in sealed for part in (A, "460100"))

    scene.checked(row)
    assert scene.session.scalars(sa.select(ImportFile.sealed)).all() == []
    (shown,) = scene.rows(city, row)
    assert shown.texts == {"name": "黄小梅", "phone": A, "branch": branch.name}
    held = scene.session.execute(sa.select(ImportRow.cells, ImportRow.found)).one()
    assert not any(part in str(held) for part in (A, "黄小梅", "4601"))

    scene.commit(city, row)
    assert scene.session.scalars(sa.select(ImportRow)).all() == []
    kept = scene.session.scalars(sa.select(ImportedThing.sealed)).one()
    assert A not in kept
    entries = scene.session.execute(
        sa.select(AuditEntry.action, AuditEntry.detail).where(
            AuditEntry.subject == f"import:{row.id}"
        )
    ).all()
    assert [one.action for one in entries] == ["import.begun", "import.committed"]
    assert entries[1].detail == {
        "target": "members", "new": 1, "changed": 0, "same": 0, "left": 0, "problem": 0,
    }  # fmt: skip


def test_an_identity_number_in_any_cell_is_not_kept(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    head, number = ("姓名", "手机号", "所在党支部", "党小组"), "11010519491231002X"
    row = scene.bring(city, [("黄小梅", A, branch.name, f"证{number}")], head)

    (shown,) = scene.rows(city, row, Change.PROBLEM)
    assert shown.problems == {"group": "含有身份证号码，未读取。"}
    assert shown.texts["group"] == ""


CHANGES: list[tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]] = [
    (("姓名", "手机号", "所在党支部", "党员类别"), ("黄小梅", A, "机关第一党支部", "预备党员"),
     {"category": "正式党员"}),
    (("姓名", "手机号", "所在党支部", "有无选举权"), ("黄小梅", A, "机关第一党支部", "无"),
     {"electoral_right": "是"}),
    (HEAD, ("黄小梅", B, "机关第一党支部"), {"phone": "100****0007"}),
    (HEAD, ("黄小梅", A, "机关第二党支部"), {"branch": "机关第一党支部"}),
]  # fmt: skip


@pytest.mark.parametrize(("head", "line", "was"), CHANGES)
def test_what_changes_is_shown_beside_what_it_was(
    scene: Scene, city: Actor, branch: Organization, head: Any, line: Any, was: dict[str, str]
) -> None:
    scene.make.branch(branch.unit, name="机关第二党支部")
    known = scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    row = scene.bring(city, [line], head)

    (shown,) = scene.rows(city, row, Change.CHANGED)
    assert (shown.subject_id, shown.was) == (known.id, was)
    scene.commit(city, row)
    assert scene.counts(scene.bring(city, [line], head)) == {"same": 1}


def test_an_empty_cell_leaves_what_is_there(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    scene.make.member(
        branch, name="黄小梅", category=MemberCategory.PROBATIONARY, **scene.hashed(A)
    )
    head = (*HEAD, "党员类别", "工作单位", "到单位日期")

    assert scene.counts(scene.bring(city, [("黄小梅", A, branch.name, "", "", "")], head)) == {
        "same": 1
    }


def test_those_missing_are_named_and_never_ended(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    there = scene.make.member(branch, name="云秀珍", **scene.hashed(B))
    scene.make.member(scene.make.branch(), name="别处的人")
    row = scene.bring(city, [("黄小梅", A, branch.name)])

    (left,) = scene.rows(city, row, Change.LEFT)
    assert left.texts == {
        "name": "云秀珍", "phone": "100****0008", "branch": branch.name, "category": "正式党员",
    }  # fmt: skip
    scene.commit(city, row)
    assert scene.session.get_one(Member, there.id).active


def test_nobody_is_found_by_the_name_alone(scene: Scene, city: Actor, branch: Organization) -> None:
    other = scene.make.branch(name="机关第二党支部")
    scene.make.member(other, name="黄小梅", **scene.hashed(B))
    row = scene.bring(city, [("黄小梅", A, branch.name)])

    assert scene.counts(row) == {"new": 1}


def test_two_of_one_name_in_a_branch_are_told_apart_by_their_numbers(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    scene.make.member(branch, name="黄小梅", **scene.hashed(B))

    assert problems(scene, city, [("黄小梅", "", branch.name)]) == [
        {"name": "名册中有多人与此行相符，请核对后分别办理。"}
    ]
    row = scene.bring(city, [("黄小梅", A, branch.name), ("黄小梅", B, branch.name)])
    assert scene.counts(row) == {"same": 2}


def test_one_person_on_two_lines_is_a_problem_of_the_second(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    rows = [("黄小梅", A, branch.name), ("黄小梅", A, branch.name)]

    assert problems(scene, city, rows) == [{}, {"name": "与第 2 行是同一人。"}]


BAD = [
    (("", A, "机关第一党支部"), "name", "没有填写姓名。"),
    (("黄小梅", A, ""), "branch", "没有填写所在党支部。"),
    (("黄小梅", A, "没有的党支部"), "branch", "没有找到这个党支部，请核对名称或填写组织编码。"),
    (("黄小梅", "1.0E+10", "机关第一党支部"), "phone",
     "号码以科学计数法保存，后几位已经丢失，请把这一列设为文本格式后重新填写。"),
    (("=1+1", A, "机关第一党支部"), "name", "应为姓名，2 至 50 个字，不含数字和符号。"),
    (("黄小梅", "#N/A", "机关第一党支部"), "phone", "公式没有结果或有误，请改为文字或数值。"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "column", "said"), BAD)
def test_a_problem_is_named_by_row_and_column_and_the_rest_is_written(
    scene: Scene, city: Actor, branch: Organization, line: Any, column: str, said: str
) -> None:
    row = scene.bring(city, [line, ("丙丁", B, branch.name)])

    (wrong,) = scene.rows(city, row, Change.PROBLEM)
    assert (wrong.number, wrong.problems) == (2, {column: said})
    scene.commit(city, row)
    assert member(scene, "丙丁").branch_id == branch.id
    assert scene.session.scalars(sa.select(Member.id).where(Member.name == "黄小梅")).all() == []


def test_branches_of_one_name_are_told_apart_by_code_or_by_what_is_above(
    scene: Scene, city: Actor
) -> None:
    for number, name in enumerate(("甲局党委", "乙局党委")):
        above = scene.make.branch(name=name, kind="committee")
        scene.make.branch(name="机关党支部", parent_id=above.id, code=f"B{number}")

    rows = [("甲乙", "", name) for name in ("机关党支部", "b1", "乙局党委/机关党支部")]
    found = scene.rows(city, scene.bring(city, rows))
    assert "同名" in found[0].problems["branch"]
    assert found[1].record["branch_id"] == found[2].record["branch_id"]
    assert found[2].problems == {"name": "与第 3 行是同一人。"}


def test_a_group_is_one_of_the_branch_and_does_not_come_along(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    group = scene.make.group(branch, name="第一党小组")
    head, other = (*HEAD, "党小组"), scene.make.branch(branch.unit, name="机关第二党支部")
    row = scene.bring(
        city, [("甲乙", A, branch.name, "第一党小组"), ("丙丁", B, other.name, "第一党小组")], head
    )

    assert [one.problems.get("group") for one in scene.rows(city, row)] == [
        None,
        "支部中没有这个党小组，请先导入或建立党小组。",
    ]
    scene.commit(city, row)
    assert member(scene, "甲乙").group_id == group.id
    scene.commit(city, scene.bring(city, [("甲乙", A, other.name)]))
    moved = member(scene, "甲乙")
    assert (moved.branch_id, moved.group_id) == (other.id, None)


def test_a_change_of_unit_begins_today_where_no_day_is_given(
    scene: Scene, city: Actor, branch: Organization
) -> None:
    unit = scene.make.unit(name="某某研究院")
    scene.make.member(branch, name="黄小梅", **scene.hashed(A))
    head = (*HEAD, "工作单位", "到单位日期")

    scene.commit(city, scene.bring(city, [("黄小梅", A, branch.name, "某某研究院", "")], head))
    moved = member(scene, "黄小梅")
    assert (moved.unit_id, moved.unit_since) == (unit.id, clock.today())
    scene.commit(
        city, scene.bring(city, [("黄小梅", A, branch.name, "某某研究院", "2019.03")], head)
    )
    assert str(member(scene, "黄小梅").unit_since) == "2019-03-01"
