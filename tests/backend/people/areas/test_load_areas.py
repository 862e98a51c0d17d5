"""`flask load-areas` with lists as spreadsheets save them, and with what is no list."""

from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from backend.core import tables
from backend.core.errors import Invalid
from backend.people.areas import divisions
from backend.people.areas.models import Area
from miniprogram_api.app import MiniProgramApi

SOUND = [
    "code,name,parent_code,level",
    "460000,海南省,,province",
    "460100,海口市,460000,city",
    "460106,龙华区,460100,district",
    "460106003,金贸街道,460106,township",
    "460106003004,开发区（农场）社区,460106003,village",
]


class Operator:
    """Runs the command in an empty database, and looks what there is afterwards."""

    def __init__(self, app: MiniProgramApi, folder: Path) -> None:
        self.app, self.database, self.file = app, app.database, folder / "divisions.csv"

    def load(self, content: bytes) -> Result:
        self.file.write_bytes(content)
        return self.run(str(self.file))

    def run(self, *arguments: str) -> Result:
        with self.app.app_context():
            return self.app.test_cli_runner().invoke(args=["load-areas", *arguments])

    def codes(self) -> list[str]:
        with self.database.transaction() as session:
            return list(session.scalars(sa.select(Area.code).order_by(Area.code)))

    def refused(self, content: bytes) -> str:
        answer = self.load(content)
        assert answer.exit_code == 1, answer.output
        assert isinstance(answer.exception, SystemExit)
        assert "Traceback" not in answer.output
        assert self.codes() == []
        return answer.output


@pytest.fixture
def operator(committed_app: MiniProgramApi, tmp_path: Path) -> Operator:
    return Operator(committed_app, tmp_path)


def lines(*changed: str, at: int = 6) -> bytes:
    """Return the sound list with other lines from `at` on, as UTF-8."""
    return "\n".join((*SOUND[: at - 1], *changed)).encode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_is_read_as_it_was_saved(operator: Operator, encoding: str, end: str) -> None:
    answer = operator.load(end.join(SOUND).encode(encoding))

    assert (answer.exit_code, "5 条" in answer.output) == (0, True), answer.output
    assert len(operator.codes()) == 5


def test_blanks_columns_of_ones_own_and_empty_lines_do_no_harm(operator: Operator) -> None:
    rows = [f" {line.replace(',', ' , ')} ,备注" for line in SOUND]

    assert operator.load("\n\n".join(rows).encode()).exit_code == 0
    assert "460106003004" in operator.codes()


WRONG = {
    "unknown parent": (lines("460106009004,某社区,460106009,village"), "第6行", "460106009"),
    "duplicate": (lines(SOUND[5], "", SOUND[5]), "第8行", "第6行重复"),
    "unknown level": (lines("460106003004,某社区,460106003,hamlet"), "第6行", "hamlet"),
    "level of another length": (lines("460106003004,某社区,460106003,township"), "第6行", "9 位"),
    "parent of a wrong level": (lines("460106003004,某社区,460106,village"), "第6行", "district"),
    "own parent": (lines("460106003004,某社区,460106003004,village"), "第6行", "自己"),
    "no parent": (lines("460106003004,某社区,,village"), "第6行", "上级代码"),
    "code in scientific notation": (lines("4.60106E+11,某社区,460106003,village"), "第6行", "文本"),
    "no name": (lines("460106003004, ,460106003,village"), "第6行", "名称"),
    "name nobody sees": (lines("460106003004,\u200b,460106003,village"), "第6行", "名称"),
    "name without end": (lines(f"460106003004,{'长' * 61},460106003,village"), "第6行", "名称"),
    "cell missing": (lines("460106003004,某社区,460106003"), "第6行", "4 列"),
    "cell too many": (lines("460106003004,某,社区,460106003,village"), "第6行", "5 列"),
    "quote without end": (lines('460106003004,"某社区,460106003,village'), "第6行", "引号"),
    "other columns": ("代码,名称\n1,某市".encode(), "第1行", "parent_code"),
    "column twice": (b"code,code,name,parent_code,level\n", "第1行", "code"),
    "heading only": (lines(at=2), "没有任何区划", ""),
    "empty": (b"", "第1行", "code"),
    "mark only": (b"\xef\xbb\xbf", "第1行", "code"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "不是文本", "CSV"),
    "workbook": (b"PK\x03\x04\x14\x00\x06\x00", "不是文本", "CSV"),
    "neither encoding": (b"code,name\n\xff\xff\xff", "不是文本", "CSV"),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_a_wrong_list_changes_nothing_and_its_line_is_named(operator: Operator, case: str) -> None:
    content, *said = WRONG[case]

    output = operator.refused(content)

    assert all(words in output for words in said), output


def test_an_area_keeps_its_level(operator: Operator) -> None:
    assert operator.load(lines(*SOUND[5:])).exit_code == 0

    answer = operator.load(lines("460106,某市,460000,city", at=2))

    assert (answer.exit_code, "另一级别" in answer.output) == (1, True), answer.output


@pytest.mark.parametrize("path", ["/nowhere/at/all.csv", "/tmp"])
def test_a_path_without_a_file_is_told(operator: Operator, path: str) -> None:
    answer = operator.run(path)

    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


@given(st.binary(max_size=200))
def test_no_bytes_end_otherwise_than_in_words(content: bytes) -> None:
    _read_or_refuse(content)


CELLS = ["460000", "460100", "省", "", "province", '"', "city", "\n"]


@given(st.lists(st.lists(st.sampled_from(CELLS))))
def test_no_lines_end_otherwise_than_in_words(rows: list[list[str]]) -> None:
    body = "\n".join(",".join(row) for row in rows)
    _read_or_refuse(f"{SOUND[0]}\n{body}".encode())


def _read_or_refuse(content: bytes) -> None:
    with suppress(Invalid):
        rows = tables.lines(tables.decoded(content, "divisions"), "divisions")
        list(divisions._divisions(rows))
