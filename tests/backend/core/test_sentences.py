"""What somebody wrote ends once, whatever it ended in; a length is written in one way."""

import pytest

from backend.core.sentences import duration, sentence


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("已向本人核实", "已向本人核实。"),
        ("已向本人核实。", "已向本人核实。"),
        ("已向本人核实。。", "已向本人核实。"),
        ("已向本人核实。，", "已向本人核实。"),
        ("已向本人核实.", "已向本人核实。"),
        (" 请补正：\n", "请补正。"),
        ("为什么没有名单？", "为什么没有名单？"),
        ("他说：“已核实。”", "他说：“已核实。”"),
        ("（见附件）", "（见附件）。"),
        ("先核对名单……", "先核对名单……"),
        ("。", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_text_ends_with_one_full_stop(written: str | None, read: str) -> None:
    assert sentence(written) == read


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0分钟"),
        (45, "45分钟"),
        (60, "1小时"),
        (210, "3小时30分钟"),
        (5405, "90小时5分钟"),
    ],
)
def test_a_length_is_written_as_the_app_writes_it(minutes: int, words: str) -> None:
    assert duration(minutes) == words
