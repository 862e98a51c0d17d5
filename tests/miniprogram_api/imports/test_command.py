"""`flask import`: the same where there is no browser."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.people.members.models import Member
from miniprogram_api.app import MiniProgramApi
from tests.backend.imports.tables import text
from tests.factories import Make

HEAD = ("姓名", "手机号", "所在党支部", "身份证号码")
GOOD = ("黄小梅", "10000000007", "机关党支部", "460100198001010000")


@pytest.fixture
def people(committed: Database, keys: Crypto) -> Database:
    with committed.transaction() as session:
        Make(session, keys).branch(name="机关党支部")
    return committed


def run(app: MiniProgramApi, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["import", *words])


def names(database: Database) -> list[str]:
    with database.transaction() as session:
        return list(session.scalars(sa.select(Member.name)))


def test_a_list_is_shown_written_and_taken_back(
    committed_app: MiniProgramApi, people: Database, tmp_path: Path
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(text([HEAD, GOOD], "gb18030"))

    shown = run(committed_app, "members", str(file))
    assert (shown.exit_code, names(people)) == (0, [])
    assert shown.output == (
        "“身份证号码”：本系统不得保存，未读取。\n"
        "党员名册：新增 1，变更 0，无变化 0，不在表中 0，有问题 0。\n"
    )

    written = run(committed_app, "members", str(file), "--commit")
    assert (written.exit_code, names(people)) == (0, ["黄小梅"])
    number = written.output.split()[-1]
    again = run(committed_app, "members", str(file), "--commit")
    assert (again.exit_code, names(people)) == (0, ["黄小梅"])

    back = run(committed_app, "members", "--undo", number)
    assert (back.exit_code, back.output, names(people)) == (0, "已撤销。\n", [])
    assert run(committed_app, "members", "--undo", number).exit_code == 1


def test_problems_are_told_by_row_and_column_and_the_code_is_one(
    committed_app: MiniProgramApi, people: Database, tmp_path: Path
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(text([HEAD, GOOD, ("丙丁", "1", "没有的支部", "")]))

    found = run(committed_app, "members", str(file), "--commit")
    assert (found.exit_code, names(people)) == (1, ["黄小梅"])
    assert "第 3 行，手机号：应为 11 位手机号。" in found.output
    assert "第 3 行，所在党支部：没有找到这个党支部" in found.output


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "已损坏"),
        ("甲栏,乙栏\n1,2\n".encode(), "没有认出全部必需的列"),
        (b" ", "没有内容"),
    ],
)
def test_what_is_no_list_ends_in_a_sentence(
    committed_app: MiniProgramApi, people: Database, tmp_path: Path, data: bytes, said: str
) -> None:
    file = tmp_path / "名册.csv"
    file.write_bytes(data)

    found = run(committed_app, "members", str(file))
    assert (found.exit_code, names(people)) == (1, [])
    assert said in found.output
    assert "Traceback" not in found.output


def test_neither_a_file_nor_a_number_is_no_use(
    committed_app: MiniProgramApi, session: Session
) -> None:
    assert session.is_active
    assert run(committed_app, "members").exit_code == 2
    assert run(committed_app, "shoes", "x").exit_code == 2
