"""Layouts as the field keeps them: titles, heads of two rows, numbering, totals; and what is left
out before anything is kept."""

from typing import Any

import pytest

from backend.imports import layout, reading, unheld
from backend.imports.layout import Layout
from backend.imports.targets.members import TARGET
from tests.backend.imports.tables import book, text

EXPORT = (
    "所属党支部", "姓名", "性别", "出生日期", "民族", "学历", "身份证号码", "联系电话", "入党时间",
    "党籍状态", "户籍所在派出所", "工作/学习单位", "现居住地",
)  # fmt: skip
LINE = (
    "机关第一党支部", "黄小梅", "女", "1980-01-01", "汉", "本科", "460100198001010000",
    "10000000007", "2006.07", "正式党员", "某派出所", "城市服务示范局", "某路1号",
)  # fmt: skip


def understood(data: bytes) -> tuple[Layout, list[tuple[int, list[str]]], list[str]]:
    notes: list[str] = []
    sheet = layout.understood(reading.rows(data, notes), TARGET, notes)
    lines = list(sheet.lines)
    return sheet, lines, notes


def mapped(sheet: Layout) -> dict[str, int]:
    return {one.key: one.index for one in sheet.headings if one.key}


def test_an_export_as_branches_keep_it_is_understood() -> None:
    sheet, lines, notes = understood(text([EXPORT, LINE]))

    assert mapped(sheet) == {"branch": 0, "name": 1, "phone": 7, "category": 9, "unit": 11}
    dropped = {one.header: one.dropped for one in sheet.headings if one.dropped}
    assert dropped == dict.fromkeys(
        ("性别", "出生日期", "民族", "学历", "身份证号码", "户籍所在派出所", "现居住地"),
        unheld.NEVER,
    ) | {"入党时间": unheld.NOT_NEEDED}
    assert sheet.kept == [0, 1, 7, 9, 11]
    assert [number for number, _ in lines] == [2]
    assert notes == []


def test_a_title_numbering_and_a_footer_are_no_rows() -> None:
    rows = [
        ["党员名册"], ["填报单位：示范局"], ["序号", "姓名", "联系电话", "党支部"],
        ["1", "黄小梅", "10000000007", "一支部"], ["合计", "1人"], ["制表人：某某"],
    ]  # fmt: skip
    sheet, lines, notes = understood(text(rows))

    assert mapped(sheet) == {"name": 1, "phone": 2, "branch": 3}
    assert [number for number, _ in lines] == [4]
    assert notes == [
        "第 1、2 行在表头之上，未作为数据读取。",
        "第 5 行是合计或表尾，未作为数据读取。",
        "第 6 行是合计或表尾，未作为数据读取。",
    ]


def test_a_head_of_two_rows_with_merged_cells_is_one_head() -> None:
    rows: list[list[Any]] = [
        ["党员花名册", None, None, None, None],
        ["基本情况", None, "联系方式", None, "党支部"],
        ["姓名", "性别", "手机", "座机", None],
        ["黄小梅", "女", 10000000007, "66660000", "一支部"],
    ]
    merged = ["A1:E1", "A2:B2", "C2:D2", "E2:E3"]
    sheet, lines, _ = understood(book(rows, merged=merged))

    assert mapped(sheet) == {"name": 0, "phone": 2, "branch": 4}
    assert [cells[0] for _, cells in lines] == ["黄小梅"]
    assert {one.header: one.dropped for one in sheet.headings if one.dropped} == {
        "性别": unheld.NEVER,
        "座机": unheld.NOT_NEEDED,
    }


def test_names_may_stand_in_either_row_of_a_head() -> None:
    rows = [
        ["序号", "姓名", "联系方式", "", "党支部"],
        ["", "", "手机", "座机", ""],
        ["1", "黄小梅", "10000000007", "66660000", "一支部"],
    ]
    sheet, lines, notes = understood(book(rows))

    assert mapped(sheet) == {"name": 1, "phone": 2, "branch": 4}
    assert (len(lines), notes) == (1, [])


def test_a_head_that_is_printed_again_is_no_row() -> None:
    head = ("姓名", "联系电话", "党支部")
    _, lines, notes = understood(text([head, ("甲乙", "", "一支部"), head, ("丙丁", "", "一支部")]))

    assert [number for number, _ in lines] == [2, 4]
    assert notes == ["第 3 行与表头相同，未作为数据读取。"]


def test_names_nobody_knows_are_left_to_people() -> None:
    sheet, lines, _ = understood(text([("甲栏", "乙栏"), ("黄小梅", "一支部")]))

    assert mapped(sheet) == {}
    assert sheet.kept == [0, 1]
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("姓 名", "name"),
        ("姓名*", "name"),
        ("手机号码（必填）", "phone"),
        ("本人联系电话", "phone"),
        ("所属党支部名称", "branch"),
    ],
)
def test_a_name_is_known_with_what_is_said_beside_it(header: str, key: str) -> None:
    sheet, _, _ = understood(text([(header, "党小组", "有无选举权"), ("x", "y", "z")]))

    assert mapped(sheet)[key] == 0


NEVER_HELD = (
    "身份证号码", "公民身份号码", "证件号码", "出生日期", "出生年月", "民族", "学历", "性别",
    "户籍地址", "家庭住址", "现居住地", "籍贯", "照片", "年龄", "婚姻状况", "健康状况", "银行卡号",
    "月工资", "处分情况", "宗教信仰",
)  # fmt: skip


@pytest.mark.parametrize("header", NEVER_HELD)
def test_what_must_not_be_held_is_known_by_its_name(header: str) -> None:
    assert unheld.why(header) == unheld.NEVER


def test_of_two_columns_that_could_be_one_the_first_is_it() -> None:
    sheet, _, _ = understood(text([("姓名", "手机", "联系电话"), ("甲乙", "1", "2")]))

    assert mapped(sheet) == {"name": 0, "phone": 1}
    assert sheet.kept == [0, 1, 2]
