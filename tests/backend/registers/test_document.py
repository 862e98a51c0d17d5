"""docs/registers.md: every register in words that its keepers understand."""

import re
from collections.abc import Mapping

import pytest

from backend.core.settings import DEFAULT_RULE_PACK
from backend.ledger import packs
from backend.registers import catalogue
from backend.registers.document import document

PAGE = document(catalogue.registers(), packs.load(DEFAULT_RULE_PACK))


@pytest.fixture(scope="module")
def parts() -> Mapping[str, str]:
    """What the page says of each register, by name."""
    sections = PAGE.split("\n## ")[1:]
    return {section.partition("`")[2].partition("`")[0]: section for section in sections}


def test_it_lists_every_register_twice(parts: Mapping[str, str]) -> None:
    assert list(parts) == list(catalogue.registers())
    head = PAGE.partition("\n## ")[0]
    assert [line.split(" | ")[0][2:] for line in head.splitlines() if line.startswith("| ")][
        2:
    ] == [register.title for register in catalogue.registers().values()]
    assert head.startswith("# 名册\n\n共25本名册，用于")


def test_every_rule_is_called_by_its_title(parts: Mapping[str, str]) -> None:
    assert (
        "* 用于：7a 网格建立党支部或党小组；7b 网格书记或组长在岗；7c 配备网格员；" in parts["grid"]
    )


def test_who_keeps_and_reads_is_said_in_words(parts: Mapping[str, str]) -> None:
    assert "* 登记：上一级\n* 查看：所在地的党组织、上一级、本人\n" in parts["community_worker"]
    assert "* 涉及个人：姓名只到街道（镇），以上各级只看数量\n" in parts["community_worker"]
    assert "* 涉及个人：兼职委员的姓名只到街道（镇）\n" in parts["member_seat"]
    household = parts["household"]
    assert "* 加密内容：所在地的党组织说明理由后可以打开，每次打开留有记录\n" in household
    assert "| 户主姓名 | `head` | 一行文字，最多40个字 |  | 加密保存。" in household
    assert "`name`" not in household
    assert "* 导入：按编号识别同一条\n" in household
    assert "* 其他记录按条引用：`household_visit`\n" in household


def test_time_place_and_keeping_are_said(parts: Mapping[str, str]) -> None:
    breakdown = parts["task_breakdown"]
    assert "* 所在地：随单位\n" in breakdown
    assert "* 时间：适用至（必填）\n" in breakdown
    assert "* 导入：没有编号时按部门识别同一条；同时只能有一条\n" in breakdown
    assert "* 保存：结束后10年\n" in breakdown
    assert "* 所在地：随所在机构\n" in parts["member_seat"]


def test_fields_say_what_goes_into_them(parts: Mapping[str, str]) -> None:
    assert (
        "| 类别 | `type` | 选一项：商务楼宇；商圈市场；行业单位；园区企业 | 是 |"
        in (parts["economic_entity"])
    )
    assert "| 值班：值班表 | `roster` | 表格，最多60行：时间；方式；岗位 |" in parts["venue"]
    assert "| 所在网格 | `parent` | 选择网格 | 是 |" in parts["grid_worker"]
    assert (
        "| 网格党支部或党小组 | `organization` | 选择党组织：党支部、联合党支部、党小组 |"
        in (parts["grid"])
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("grid", "| `grid` | 这一条 | 登记即有 |"),
        (
            "venue",
            "| `venue_district`、`venue_street`、`venue_community` | 所在地 | "
            "按所在地的级别分别记入 |",
        ),
        (
            "venue",
            "| `duty_roster` | 所在地 | 值班表已填写；含工作时间以外的安排：是；"
            "到值班表截止日期止 |",
        ),
        ("member_seat", "| `member_unit` | 单位 | 议事协调机构的类别为“小区协调机制”的除外 |"),
        (
            "community_worker",
            "| `worker_entrant` | 这一条 | 进入社区工作日期在2020年1月1日及以后；"
            "自进入社区工作日期起 |",
        ),
        (
            "community_worker",
            "| `trainee_56` | 这一条 | 岗位为“社区党组织书记”或“居委会主任” |",
        ),
        ("estate", "| `estate_organization` | 这一条 | 小区党组织已填写 |"),
    ],
)
def test_facts_say_when_they_stand(parts: Mapping[str, str], name: str, line: str) -> None:
    assert line in parts[name].splitlines()


def test_every_row_of_a_table_has_the_cells_of_its_head() -> None:
    for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE):
        rows = table.splitlines()
        assert {row.count("|") for row in rows} == {rows[0].count("|")}
