"""How one cell is read: text as a table program saved it becomes the value that is kept.

Each reader takes text without blanks around it and returns a `Reading`; what cannot be read is
`Wrong`, whose words stand beside the cell. Nothing is guessed where two things may be meant.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from backend.core import wording
from backend.people.organizations import credit_codes


class Wrong(ValueError):
    """Says in words what is wrong with a cell."""


class Reading(NamedTuple):
    """The value of a cell, and what was made of it, where that is to be told."""

    value: Any
    note: str = ""


Reader = Callable[[str], Reading]

# What a table program shows for a formula it could not compute, and what a formula that was never
# computed becomes.
UNCOMPUTED = "#公式没有结果"
ERRORS = frozenset(
    {"#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", UNCOMPUTED}
)
# Excel's way to keep digits as text when a table is saved as CSV; a mark before what is text.
_KEPT_AS_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)

_PHONE = re.compile(r"1\d{10}")
_WITHIN = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})")
_PARTED = re.compile(r"[,，;；/／\\、|\n\r\t]+|或")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[·' .-]){0,48}[^\W\d_]")


def plain(text: str) -> str:
    """Return a cell's text as it is meant, without the marks that keep it text."""
    bare = wording.prose(text.strip()).strip()
    kept = _KEPT_AS_TEXT.match(bare)
    return (kept[1] if kept else bare.removeprefix("'")).strip()


def text(most: int) -> Reader:
    """Return a reader of a name of a body: one spelling, `most` characters."""

    def read(cell: str) -> Reading:
        name = wording.name(cell)
        if not name or len(name) > most:
            raise Wrong(f"应为 1 至 {most} 个字。")
        if cell[:1] in "=+@" or "\n" in cell:
            raise Wrong("开头或中间有不应出现的符号。")
        return Reading(name)

    return read


def person(cell: str) -> Reading:
    """Read the name of a person."""
    name = wording.name(cell)
    if not _NAME.fullmatch(name):
        raise Wrong("应为姓名，2 至 50 个字，不含数字和符号。")
    return Reading(name)


def phone(cell: str) -> Reading:
    """Read a mobile number; of several the first, which is told."""
    whole = wording.phone(cell)
    if _PHONE.fullmatch(whole):
        return Reading(whole)
    if (number := _SCIENTIFIC.fullmatch(wording.code(cell))) is not None:
        return Reading(_expanded(number))
    parts = [*map(wording.phone, _PARTED.split(cell)), *_WITHIN.findall(wording.prose(cell))]
    found = [part for part in parts if _PHONE.fullmatch(part)]
    if not found:
        raise Wrong("应为 11 位手机号。")
    return Reading(found[0], "有多个号码，取第一个手机号。")


def _expanded(number: re.Match[str]) -> str:
    """Return the digits of a number in scientific notation, where none is lost."""
    digits = number[1] + (number[2] or "")
    if int(number[3]) != 10 or len(digits) > 11:
        raise Wrong("应为 11 位手机号。")
    if len(digits) < 11:
        raise Wrong("号码以科学计数法保存，后几位已经丢失，请把这一列设为文本格式后重新填写。")
    return digits


_ORDERS = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日]?(?:[ T].*)?"),
    re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})[-/.年](\d{1,2})[月]?"),
    re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])"),
    re.compile(r"((?:19|20)\d{2})[年]?"),
)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.0+)?")
_OCTOBER = re.compile(r"\d{4}\.1")
FIRST, LAST = date(1921, 7, 1), date(2100, 1, 1)


def day(cell: str) -> Reading:
    """Read a day as people and table programs write it; of a month its first one, which is told."""
    bare = wording.code(cell) if " " not in cell.strip() else cell.strip()
    if _OCTOBER.fullmatch(bare):
        raise Wrong("看不出是 1 月还是 10 月，请写作 2006-01 或 2006-10。")
    for order in _ORDERS:
        if (found := order.fullmatch(bare)) is not None:
            return _day(*(int(part) for part in found.groups()))
    if (serial := _SERIAL.fullmatch(bare)) is not None:
        counted = date(1899, 12, 30) + timedelta(days=int(serial[1]))
        return _day(counted.year, counted.month, counted.day)
    raise Wrong("应为日期，例如 2006-07-01。")


def _day(year: int, month: int = 0, of_month: int = 0) -> Reading:
    try:
        found = date(year, month or 1, of_month or 1)
    except ValueError:
        raise Wrong("没有这一天，请核对日期。") from None
    if not FIRST <= found < LAST:
        raise Wrong("日期不在可能的范围内，请核对年份。")
    told = "" if of_month else "只写到月，按当月第一天计。" if month else "只写到年，按1月1日计。"
    return Reading(found.isoformat(), told)


def choice(words: Mapping[str, str], shown: str) -> Reader:
    """Return a reader of one of a few words; `shown` says which there are."""
    known = {wording.key(word): value for word, value in words.items()}

    def read(cell: str) -> Reading:
        try:
            return Reading(known[wording.key(cell)])
        except KeyError:
            raise Wrong(f"应为{shown}。") from None

    return read


_YES = ("是", "有", "在册", "正常", "√", "y", "yes", "true", "1")
_NO = ("否", "无", "不在册", "停止党籍", "×", "n", "no", "false", "0")
_FLAGS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


def flag(cell: str) -> Reading:
    """Read yes or no."""
    try:
        return Reading(_FLAGS[wording.key(cell)])
    except KeyError:
        raise Wrong("应为“是”或“否”。") from None


def credit_code(cell: str) -> Reading:
    """Read a unified social credit code, by its check character."""
    code = credit_codes.read(cell.replace("-", ""))
    if code is None:
        raise Wrong("统一社会信用代码有误，请核对18位代码。")
    return Reading(code)


def area_code(cell: str) -> Reading:
    """Read an official division code."""
    code = wording.code(cell).removesuffix(".0")
    if not re.fullmatch(r"\d{6}|\d{9}|\d{12}", code):
        raise Wrong("区划代码应为 6、9 或 12 位数字，请把这一列设为文本格式。")
    return Reading(code)


def own_code(cell: str) -> Reading:
    """Read a code that an office gives its own things."""
    code = wording.code(cell).upper()
    if not re.fullmatch(r"[0-9A-Z][0-9A-Z._/-]{0,39}", code):
        raise Wrong("编码应为 1 至 40 位数字、字母或 . _ / - 。")
    return Reading(code)
