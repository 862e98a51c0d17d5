"""docs/duties.md: every rule of a pack in words, and whether it is computed."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from backend.core.settings import DEFAULT_RULE_PACK
from backend.figures.duties_document import document
from backend.figures.duty_words import asked_by, bound_by
from backend.ledger import packs
from backend.ledger.periods import PeriodLength
from backend.ledger.rulepack import Check, Form

POSTED = frozenset({"volunteer_service", "demand_list"})


@pytest.fixture(scope="module")
def rules() -> Mapping[str, str]:
    """What the document says of each rule, by id."""
    parts = document(packs.load(DEFAULT_RULE_PACK, posted=POSTED)).split("\n### ")
    return {part.partition(" ")[0]: part for part in parts[1:]}


def test_it_lists_every_rule_under_its_measure() -> None:
    pack = packs.load(DEFAULT_RULE_PACK, posted=POSTED)
    printed = document(pack)
    assert re.findall(r"^### (\S+)", printed, re.MULTILINE) == [rule.id for rule in pack.rules]
    assert re.findall(r"^## 第(\d+)条", printed, re.MULTILINE) == [str(n) for n in range(1, 21)]


def test_it_says_how_many_are_computed_and_how_many_wait() -> None:
    head = document(packs.load(DEFAULT_RULE_PACK, posted=POSTED)).partition("\n## ")[0]
    assert [int(number) for number in re.findall(r"(\d+)条", head)] == [93, 2, 88, 3]


def test_each_rule_says_whether_it_is_computed(rules: Mapping[str, str]) -> None:
    assert "* 现状：正在计算\n" in rules["2k"]
    assert "* 现状：尚未计算\n" in rules["2b"]
    assert "* 现状：尚未计算\n" in rules["4b"]
    assert "* 现状：学习时长、次数不统计" in rules["16c"]


def test_a_rule_says_all_it_asks(rules: Mapping[str, str]) -> None:
    assert "* 对象：各街道、各社区（居民委员会）\n" in rules["12f"]
    assert "* 标准：党小组会，每月至少1次（`group_meeting`；以 `party_group` 为前提" in rules["1a"]
    assert (
        "* 标准：逐件按规定办理（`opinion_personnel`，按规定办理的 `opinion_personnel_met`）"
        in (rules["3b"])
    )
    assert "每年至少56学时" in rules["10a"]
    assert "其中 `training_online` 最多计入规定数的50%" in rules["10a"]
    assert "* 比率：达到10%，按各区判定\n" in rules["20a"]
    assert "* 指标：公共服务（`facts:grid_service_public/grid`）\n" in rules["7d"]


def test_a_rule_of_an_overlay_says_from_when_to_when(tmp_path: Path) -> None:
    overlay = tmp_path / "sanya.toml"
    overlay.write_text('[[rule]]\nid = "2k"\nvalid_to = 2027-01-01\nscope = ["holders:volunteer"]')
    printed = document(packs.load(DEFAULT_RULE_PACK, overlay))
    assert "* 时间：2027年1月1日起不再施行\n" in printed
    assert "* 对象：`holders:volunteer`\n" in printed


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"threshold": 2, "period": PeriodLength.HALF_YEAR}, "每半年至少2次"),
        ({"threshold": 1, "full": 2}, "每年至少1次，2次及以上为充分履行"),
        ({"threshold": 0, "most": 0}, "每年不多于0次"),
        ({"threshold": 100, "sum": "amount", "per_unit": 40}, "每年至少2.5次"),
        ({"form": Form.STANDING, "threshold": 1, "most": 2}, "当日不少于1次、不多于2次"),
        ({"form": Form.STANDING, "on": "first_day"}, "开始适用当日至少1次"),
        ({"form": Form.STANDING, "all": True, "kinds": ("a", "b")}, "当日同时具备2次"),
        ({"form": Form.CASES, "fulfilled": ("b",)}, "逐件按规定办理"),
    ],
)
def test_what_a_check_asks_for_in_words(more: dict[str, object], words: str) -> None:
    told = {"form": Form.COUNT, "kinds": ("a",), "unit": "次"} | more
    assert asked_by(Check.model_validate(told)) == words


def test_an_unknown_scope_keeps_its_name() -> None:
    assert bound_by("area:town") == "各镇"
    assert bound_by("holders:volunteer") == "`holders:volunteer`"
