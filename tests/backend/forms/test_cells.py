"""How single cells are read: what is understood, and what is said of the rest."""

import pytest

from backend.forms import cells
from backend.forms.cells import Reader, Wrong

UNDERSTOOD: list[tuple[Reader, str, object]] = [
    (cells.phone, "10000000007", "10000000007"),
    (cells.phone, "１００　００００　０００７", "10000000007"),
    (cells.phone, "100-0000-0007", "10000000007"),
    (cells.phone, "+86 100 0000 0007", "10000000007"),
    (cells.phone, "\u202d10000000007\u202c", "10000000007"),
    (cells.phone, "1.0000000007E+10", "10000000007"),
    (cells.phone, "1.0000000007e10", "10000000007"),
    (cells.person, "黄　小梅", "黄小梅"),
    (cells.person, "黄⼩梅", "黄小梅"),
    (cells.person, "黄小梅\u200b", "黄小梅"),
    *((cells.person, f"阿卜杜拉{dot}热合曼", "阿卜杜拉·热合曼") for dot in "•‧・．.･·"),
    (cells.person, "Anna Maria", "Anna Maria"),
    (cells.day, "1998-07-01", "1998-07-01"),
    (cells.day, "1998/7/1", "1998-07-01"),
    (cells.day, "1998.7.1", "1998-07-01"),
    (cells.day, "1998年7月1日", "1998-07-01"),
    (cells.day, "１９９８年７月１日", "1998-07-01"),
    (cells.day, "19980701", "1998-07-01"),
    (cells.day, "1998-07-01 00:00:00", "1998-07-01"),
    (cells.day, "35977", "1998-07-01"),
    (cells.flag, "是", True),
    (cells.flag, "停止党籍", False),
    (cells.credit_code, "91350100m000100y43", "91350100M000100Y43"),
    (cells.area_code, "460106003004", "460106003004"),
    (cells.own_code, " b-01 ", "B-01"),
    (cells.text(10), "机关 第一党支部", "机关第一党支部"),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "cell", "value"), UNDERSTOOD)
def test_a_cell_is_understood_however_it_is_spelled(
    reader: Reader, cell: str, value: object
) -> None:
    found = reader(cells.plain(cell))

    assert (found.value, found.note) == (value, "")


TOLD = [
    (cells.phone, "10000000007，10000000008", "10000000007"),
    (cells.phone, "0898-66660000/10000000008", "10000000008"),
    (cells.phone, "10000000007 10000000008", "10000000007"),
    (cells.phone, "家里66660000 手机10000000007", "10000000007"),
    (cells.day, "1998.07", "1998-07-01"),
    (cells.day, "1998年7月", "1998-07-01"),
    (cells.day, "199807", "1998-07-01"),
    (cells.day, "1998", "1998-01-01"),
]


@pytest.mark.parametrize(("reader", "cell", "value"), TOLD)
def test_what_was_made_of_a_cell_is_told(reader: Reader, cell: str, value: object) -> None:
    found = reader(cells.plain(cell))

    assert found.value == value
    assert found.note


REFUSED = [
    (cells.phone, "1.38E+10", "科学计数法"),
    (cells.phone, "1.0E+12", "11 位"),
    (cells.phone, "0898-66660000", "11 位"),
    (cells.phone, "1000000000", "11 位"),
    (cells.phone, "不详", "11 位"),
    (cells.person, "=cmd|' /C calc'!A0", "姓名"),
    (cells.person, "@SUM(1)", "姓名"),
    (cells.person, "-2+3", "姓名"),
    (cells.person, "黄", "姓名"),
    (cells.person, "10000000007", "姓名"),
    (cells.text(10), "=1+1", "符号"),
    (cells.text(10), "@支部", "符号"),
    (cells.text(3), "太长的名称", "3 个字"),
    (cells.day, "1998.1", "10 月"),
    (cells.day, "1998-02-30", "没有这一天"),
    (cells.day, "1898-02-03", "范围"),
    (cells.day, "很久以前", "2006-07-01"),
    (cells.flag, "也许", "“是”"),
    (cells.credit_code, "91350100M000100Y44", "18位"),
    (cells.credit_code, "91350100M000100I43", "18位"),
    (cells.credit_code, "1234", "18位"),
    (cells.area_code, "4.60106E+11", "文本格式"),
    (cells.own_code, "=A1", "编码"),
]


@pytest.mark.parametrize(("reader", "cell", "said"), REFUSED)
def test_what_cannot_be_read_is_said_and_nothing_is_guessed(
    reader: Reader, cell: str, said: str
) -> None:
    with pytest.raises(Wrong, match=said):
        reader(cells.plain(cell))


def test_marks_that_keep_digits_text_are_none_of_it() -> None:
    assert cells.plain('="10000000007"') == cells.plain("'10000000007") == "10000000007"
