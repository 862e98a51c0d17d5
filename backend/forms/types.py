"""How the value of a field is read, wherever it comes from: HTTP, a table or the demo city.

`parse` takes what JSON says and returns the value that is stored; `read` takes the text of a cell
and returns what JSON would say; `text_of` writes a stored value as a cell, so that it can be read
again. What cannot be read is `Wrong`, whose sentence stands beside the field.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from backend.core import wording
from backend.forms import cells
from backend.forms.cells import Wrong
from backend.forms.fields import BETWEEN_CHOICES, BETWEEN_COLUMNS, Column, Field
from backend.forms.fields import FieldType as T

_LINE_MOST = 300
_BREAKS = re.compile(r"\r\n|[\r\u2028\u2029]")
_HALVES = re.compile(r"[\ud800-\udfff]")
_URL = re.compile(r"https?://[^\s<>\"'\\]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_TOO_MUCH = 10**30


def parse(field: Field, value: Any) -> Any:
    """Return a value as it is stored; None where nothing is said. Raises Wrong, also where the
    field is required and nothing is said."""
    found = None if value is None else _PARSED[field.type](field, value)
    if found in (None, "", []):
        if field.required:
            raise Wrong(f"请填写{field.label}。")
        return None
    return found


def read(field: Field, cell: str) -> Any:
    """Return what JSON would say for the text of a cell; None for an empty one. Raises Wrong."""
    return _READ.get(field.type, _as_it_is)(field, cell) if cell.strip() else None


def text_of(field: Field, value: Any) -> str:
    """Return a stored value as people read it, and as `read` takes it; "" for none."""
    return "" if value is None else _TEXT.get(field.type, _said)(field, value)


# What JSON says.


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{field.label}应为文字。")
    text = _plain(field, value)
    if field.type is not T.LONG_TEXT and "\n" in text:
        raise Wrong(f"{field.label}只能写一行。")
    if isinstance(field, Column) and BETWEEN_COLUMNS.search(text):
        raise Wrong(f"{field.label}不能含有“｜”。")
    _within(field, len(text), "个字", empty=not text)
    return text


def _plain(field: Field, value: str) -> str:
    """Return a text as it was meant, with one mark for the end of a line."""
    if _HALVES.search(value):
        raise Wrong(f"{field.label}含有无法保存的字符。")
    return wording.prose(_BREAKS.sub("\n", value)).strip()


def _within(field: Field, size: int | Decimal, what: str, *, empty: bool = False) -> None:
    if size > field.limit:
        raise Wrong(f"{field.label}最多 {field.limit} {what}。")
    if size < field.least and not empty:
        raise Wrong(f"{field.label}至少 {field.least} {what}。")


def _lines(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Wrong(f"{field.label}应为若干条文字。")
    lines = [text for one in value if (text := " ".join(_plain(field, one).split()))]
    if any(len(line) > _LINE_MOST for line in lines):
        raise Wrong(f"{field.label}每条最多 {_LINE_MOST} 个字。")
    _within(field, len(lines), "条", empty=not lines)
    return lines


def _number(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(f"{field.label}应为整数。")
    if not field.least <= value <= field.limit:
        raise Wrong(f"{field.label}应在 {field.least} 至 {field.limit} 之间。")
    return value


def _hours(field: Field, value: Any) -> float:
    return float(_decimal(field, value, 1))


def _money(field: Field, value: Any) -> str:
    return f"{_decimal(field, value, 2):.2f}"


def _decimal(field: Field, value: Any, places: int) -> Decimal:
    """Read a number of so many decimals: not a float's own, which say more than was written."""
    found = _as_decimal(value)
    if found is None:
        raise Wrong(f"{field.label}应为数字。")
    if not field.least <= found <= field.limit:
        raise Wrong(f"{field.label}应在 {field.least} 至 {field.limit} 之间。")
    if found != round(found, places):
        raise Wrong(f"{field.label}最多 {places} 位小数。")
    return found + 0  # nought has no sign


def _as_decimal(value: Any) -> Decimal | None:
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _TOO_MUCH:
        return Decimal(value)
    plain = value.strip() if isinstance(value, str) else ""
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def _date(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not _DAY.fullmatch(value) or not _is_a_day(value):
        raise Wrong(f"{field.label}应为日期，例如 2026-07-01。")
    return value


def _month(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not _MONTH.fullmatch(value) or not _is_a_day(f"{value}-01"):
        raise Wrong(f"{field.label}应为年月，例如 2026-07。")
    return value


def _is_a_day(text: str) -> bool:
    try:
        return cells.FIRST <= date.fromisoformat(text) < cells.LAST
    except ValueError:
        return False


def _choice(field: Field, value: Any) -> str | None:
    if value == "":
        return None
    if not isinstance(value, str) or value not in field.choices:
        raise Wrong(f"{field.label}应为{_words(field)}之一。")
    return value


def _choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or any(
        not isinstance(one, str) or one not in field.choices for one in value
    ):
        raise Wrong(f"{field.label}应从{_words(field)}中选择。")
    return [name for name in field.choices if name in value]


def _words(field: Field) -> str:
    return "、".join(field.choices.values())


def _flag(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{field.label}应为“是”或“否”。")
    return value


def _link(field: Field, value: Any) -> str:
    text = _text(field, value)
    if text and not _URL.fullmatch(text):
        raise Wrong(f"{field.label}应为网址，以 https:// 开头。")
    return text


def _rows(field: Field, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Wrong(f"{field.label}应为若干行。")
    rows = [_row(field, number, one) for number, one in enumerate(value, start=1)]
    told = [row for row in rows if row]
    _within(field, len(told), "行", empty=not told)
    return told


def _row(field: Field, number: int, row: dict[str, Any]) -> dict[str, Any]:
    if row.keys() - {column.name for column in field.columns}:
        named = "、".join(column.label for column in field.columns)
        raise Wrong(f"{field.label}第 {number} 行只有{named}这几项。")
    if not any(_is_told(value) for value in row.values()):
        return {}
    try:
        found = {one.name: parse(one, row.get(one.name)) for one in field.columns}
    except Wrong as wrong:
        raise Wrong(f"{field.label}第 {number} 行：{wrong}") from None
    return {name: value for name, value in found.items() if value is not None}


def _is_told(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not wording.prose(value).strip())


_PARSED: dict[T, Callable[[Field, Any], Any]] = {
    T.TEXT: _text,
    T.LONG_TEXT: _text,
    T.LINES: _lines,
    T.NUMBER: _number,
    T.HOURS: _hours,
    T.MONEY: _money,
    T.DATE: _date,
    T.MONTH: _month,
    T.CHOICE: _choice,
    T.CHOICES: _choices,
    T.FLAG: _flag,
    T.LINK: _link,
    T.ROWS: _rows,
}

# What stands in a cell.


def _as_it_is(_field: Field, cell: str) -> Any:
    return cell


def _read_number(field: Field, cell: str) -> int:
    plain = wording.code(cell).replace(",", "").removesuffix(".0")
    if not re.fullmatch(r"-?[0-9]{1,15}", plain):
        raise Wrong(f"{field.label}应为整数。")
    return int(plain)


def _read_decimal(_field: Field, cell: str) -> str:
    return wording.code(cell).replace(",", "").removesuffix("元")


def _read_date(_field: Field, cell: str) -> Any:
    return cells.day(cell).value


def _read_month(_field: Field, cell: str) -> Any:
    return cells.day(cell).value[:7]


def _read_choice(field: Field, cell: str) -> str:
    known = {wording.key(label): name for name, label in field.choices.items()}
    try:
        return known[wording.key(cell)]
    except KeyError:
        raise Wrong(f"{field.label}应为{_words(field)}之一。") from None


def _read_choices(field: Field, cell: str) -> list[str]:
    return [_read_choice(field, one) for one in BETWEEN_CHOICES.split(cell) if one.strip()]


def _read_lines(_field: Field, cell: str) -> list[str]:
    """Read one entry a line: what else might part them stands within a sentence, too."""
    return _BREAKS.sub("\n", cell).split("\n")


def _read_rows(field: Field, cell: str) -> list[dict[str, Any]]:
    lines = [line for line in _read_lines(field, cell) if line.strip()]
    return [_read_row(field, number, line) for number, line in enumerate(lines, start=1)]


def _read_row(field: Field, number: int, line: str) -> dict[str, Any]:
    parts = [part.strip() for part in BETWEEN_COLUMNS.split(line)]
    if len(parts) > len(field.columns):
        named = "｜".join(column.label for column in field.columns)
        raise Wrong(f"{field.label}每行依次为：{named}。")
    pairs: list[tuple[Column, str]] = [*zip(field.columns, parts, strict=False)]
    try:
        return {column.name: read(column, part) for column, part in pairs if part}
    except Wrong as wrong:
        raise Wrong(f"{field.label}第 {number} 行：{wrong}") from None


_READ: dict[T, Callable[[Field, str], Any]] = {
    T.LINES: _read_lines,
    T.NUMBER: _read_number,
    T.HOURS: _read_decimal,
    T.MONEY: _read_decimal,
    T.DATE: _read_date,
    T.MONTH: _read_month,
    T.CHOICE: _read_choice,
    T.CHOICES: _read_choices,
    T.FLAG: lambda _field, cell: cells.flag(cell).value,
    T.ROWS: _read_rows,
}


def _said(_field: Field, value: Any) -> str:
    return str(value)


def _row_text(field: Field, row: dict[str, Any]) -> str:
    return "｜".join(text_of(column, row.get(column.name)) for column in field.columns)


_TEXT: dict[T, Callable[[Field, Any], str]] = {
    T.LINES: lambda _field, value: "\n".join(value),
    T.HOURS: lambda _field, value: f"{value:.1f}".removesuffix(".0"),
    T.CHOICE: lambda field, value: field.choices.get(value, value),
    T.CHOICES: lambda field, value: "、".join(field.choices.get(one, one) for one in value),
    T.FLAG: lambda _field, value: "是" if value else "否",
    T.ROWS: lambda field, value: "\n".join(_row_text(field, row) for row in value),
}
