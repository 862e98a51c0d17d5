"""Nothing is the own of an account that is linked to nobody, wherever it is asked."""

import ast
import dataclasses
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.actor import Actor, Role
from backend.core.own import is_anothers, is_own
from backend.people.areas.models import Area
from backend.people.members import queries
from backend.people.members.models import Member
from tests.factories import Make


def test_a_missing_id_owns_nothing_not_even_what_names_nobody() -> None:
    assert is_own(7, 7)
    assert not is_own(7, 8)
    assert not is_own(None, 7)
    assert not is_own(7, None)
    assert not is_own(None, None)


def test_rows_that_name_nobody_are_nobodys_own(session: Session, make: Make) -> None:
    branch = make.branch()
    group = make.group(branch)
    grouped, alone = make.member(branch, group_id=group.id), make.member(branch)

    def found(condition: sa.ColumnElement[bool]) -> set[int]:
        both = sa.select(Member.id).where(Member.id.in_((grouped.id, alone.id)), condition)
        return set(session.scalars(both))

    assert found(is_own(Member.group_id, group.id)) == {grouped.id}
    assert found(is_own(Member.group_id, None)) == set()
    assert found(is_anothers(Member.group_id, group.id)) == {alone.id}
    assert found(is_anothers(Member.group_id, None)) == {grouped.id, alone.id}


def test_nobody_holds_an_office_over_what_a_row_does_not_have(session: Session, make: Make) -> None:
    community = make.community()
    street = make.officer(Role.STREET_OFFICER, session.get_one(Area, community.township_id))

    def holders(area_id: int | None) -> list[int]:
        return list(session.scalars(queries.holders(Role.STREET_OFFICER, area_id=area_id)))

    assert holders(community.township_id) == [street.member_id]
    assert holders(None) == []


NULLABLE = {one.name for one in dataclasses.fields(Actor) if "None" in str(one.type)}
ASKERS = {"is_own", "is_anothers"}


def test_what_an_actor_may_lack_is_known() -> None:
    assert {"member_id", "branch_id", "unit_id", "community_id"} == NULLABLE


def strays(tree: ast.AST) -> list[str]:
    """Where a nullable field of an actor is used other than in `is_own` or asked for None."""
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in ASKERS:
            allowed.update(node.args)
        if isinstance(node, ast.Compare) and _asks_for_none(node):
            allowed.add(node.left)
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in NULLABLE
        and _is_actor(node.value)
        and node not in allowed
    ]


def _asks_for_none(node: ast.Compare) -> bool:
    (operator, *_), (right, *_) = node.ops, node.comparators
    none = isinstance(right, ast.Constant) and right.value is None
    return none and isinstance(operator, ast.Is | ast.IsNot)


def _is_actor(node: ast.expr) -> bool:
    return getattr(node, "id", getattr(node, "attr", None)) == "actor"


def actors_by_other_names(tree: ast.AST) -> list[str]:
    """Arguments that hold an actor and are not called `actor`, where `strays` would not look."""
    return [
        f"{node.lineno}: {node.arg}"
        for node in ast.walk(tree)
        if isinstance(node, ast.arg)
        and node.annotation is not None
        and node.arg != "actor"
        and "Actor" in ast.unparse(node.annotation).replace("Actor]", "").split()
    ]


def of_the_product(root: Path) -> list[Path]:
    files = [
        file for folder in ("backend", "miniprogram_api") for file in (root / folder).rglob("*.py")
    ]
    inside = {root / f"backend/core/{name}.py" for name in ("actor", "asker", "own")}
    return [file for file in files if file not in inside and "demo" not in file.parts]


def test_what_an_actor_may_lack_is_compared_in_one_way_alone(root: Path) -> None:
    for file in of_the_product(root):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert not strays(tree), file
        assert not actors_by_other_names(tree), file


@pytest.mark.parametrize(
    "code",
    [
        "Meeting.recorder_id == actor.member_id",
        "actor.branch_id != row.branch_id",
        "Member.group_id.in_([actor.unit_id])",
        "column.is_(self.actor.community_id)",
        "me = actor.member_id",
        "select(Member).filter_by(id=actor.member_id)",
        "visible(actor.member_id)",
        "getattr(a, b) and actor.member_id",
    ],
)
def test_another_comparison_is_found(code: str) -> None:
    assert strays(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    ["is_own(Meeting.recorder_id, actor.member_id)", "actor.member_id is None", "row.member_id"],
)
def test_the_one_way_is_let_pass(code: str) -> None:
    assert not strays(ast.parse(code))
