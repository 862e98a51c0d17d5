"""Hypothesis strategies that draw from a declaration: values of a kind as HTTP says them, right
ones and wrong ones.

`values(register.fields)` draws what is accepted, `wrong(field)` what no field like it takes,
`wrong_values(register.fields)` values with at least one mistake, and which fields have one.
"""

import string
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from backend.forms.fields import Column, Field
from backend.forms.fields import FieldType as T

Drawn = st.SearchStrategy[Any]

LETTERS = (
    "党建社区网格清单二〇一九，。；、：“”（）—·" + string.ascii_letters + string.digits + "+-/%"
)
DAYS = st.dates(date(1921, 7, 1), date(2099, 12, 31))
# What JSON can say, whatever it is.
ANYTHING: Drawn = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def values(fields: Iterable[Field]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw values of a kind: what is required always, the rest often."""
    asked = [field for field in fields if field.retired_in is None]
    bounds = {field.name: field.at_most for field in asked if field.at_most}
    return st.fixed_dictionaries(
        {field.name: valid(field) for field in asked if field.required},
        optional={field.name: valid(field) for field in asked if not field.required},
    ).map(lambda drawn: _bounded(drawn, bounds))


def _bounded(drawn: dict[str, Any], bounds: dict[str, str]) -> dict[str, Any]:
    for name, above in bounds.items():
        if name in drawn and above in drawn:
            drawn[name] = min(drawn[name], drawn[above])
    return drawn


@st.composite
def wrong_values(draw: st.DrawFn, fields: Iterable[Field]) -> tuple[dict[str, Any], set[str]]:
    """Draw values of a kind, and the names of those that are wrong: at least one."""
    asked = [field for field in fields if field.retired_in is None]
    told = draw(values(asked))
    spoilt = draw(st.lists(st.sampled_from(asked), min_size=1, unique_by=lambda one: one.name))
    told |= {field.name: draw(wrong(field)) for field in spoilt}
    return told, {field.name for field in spoilt}


def valid(field: Field) -> Drawn:
    """Draw a value that a field takes."""
    return VALID[field.type](field)


def _text(field: Field, more: str = "") -> Drawn:
    least = max(field.least, 1)
    letters = LETTERS + more
    drawn = st.text(letters, min_size=least, max_size=min(field.limit, least + 40))
    return drawn.map(str.strip).filter(lambda text: len(text) >= least)


def _whole(field: Field) -> Drawn:
    return st.integers(field.least, field.limit)


def _money(field: Field) -> Drawn:
    cents = st.integers(field.least * 100, field.limit * 100)
    return cents.map(lambda several: str(Decimal(several) / 100))


def _hours(field: Field) -> Drawn:
    return st.integers(field.least * 10, field.limit * 10).map(lambda tenths: tenths / 10)


def _choices(field: Field) -> Drawn:
    return st.lists(st.sampled_from([*field.choices]), min_size=1, unique=True)


def _rows(field: Field) -> Drawn:
    row = values(field.columns).filter(bool)
    return st.lists(row, min_size=max(field.least, 1), max_size=min(field.limit, 4))


VALID: dict[T, Callable[[Field], Drawn]] = {
    T.TEXT: _text,
    T.LONG_TEXT: lambda field: _text(field, "\n "),
    T.LINES: lambda field: st.lists(
        st.text(LETTERS, min_size=1, max_size=40),
        min_size=max(field.least, 1),
        max_size=min(field.limit, 5),
    ),
    T.NUMBER: _whole,
    T.HOURS: _hours,
    T.MONEY: _money,
    T.DATE: lambda _field: DAYS.map(date.isoformat),
    T.MONTH: lambda _field: DAYS.map(lambda day: day.isoformat()[:7]),
    T.CHOICE: lambda field: st.sampled_from([*field.choices]),
    T.CHOICES: _choices,
    T.FLAG: lambda _field: st.booleans(),
    T.LINK: lambda _field: st.text(string.ascii_lowercase + string.digits, max_size=20).map(
        lambda path: f"https://www.example.gov.cn/{path}"
    ),
    T.ROWS: _rows,
}


def wrong(field: Field) -> Drawn:
    """Draw a value that a field does not take; nothing, where it is required."""
    found = st.sampled_from([{"a": 1}, object_like(field), *WRONG[field.type](field)])
    return found | st.none() if field.required else found


def object_like(field: Field) -> Any:
    """Return a value of another sort than a field's."""
    return 7 if field.type not in {T.NUMBER, T.HOURS, T.MONEY} else ["7"]


def _long(field: Field) -> list[Any]:
    return ["长" * (field.limit + 1), True, ["a"], "\ud800"]


def _bounds(field: Field) -> list[Any]:
    return [field.limit + 1, field.least - 1, "很多", True, float("nan"), float("inf"), 10**400]


WRONG: dict[T, Callable[[Field], list[Any]]] = {
    T.TEXT: lambda field: [*_long(field), "两\n行"],
    T.LONG_TEXT: _long,
    T.LINES: lambda field: [["x"] * (field.limit + 1), ["长" * 301], "x", [1], ["\udc00"]],
    T.NUMBER: lambda field: [*_bounds(field), "7", 1.5],
    T.HOURS: lambda field: [*_bounds(field), 1.25, "1e3", "1_0"],
    T.MONEY: lambda field: [*_bounds(field), "1.005", "1,000", "-0.01"],
    T.DATE: lambda _field: [
        "2026-02-30",
        "1900-01-01",
        "2100-01-01",
        "2026-W01-1",
        "２０２６-01-01",
    ],
    T.MONTH: lambda _field: ["2026-13", "1921-06", "2026-1", "2026-01-01", "２０２６-01"],
    T.CHOICE: lambda _field: ["no such choice", ["x"], True],
    T.CHOICES: lambda field: [["no such choice"], next(iter(field.choices)), [1], [[]]],
    T.FLAG: lambda _field: ["是", 0, "true", []],
    T.LINK: lambda _field: ["javascript:alert(1)", "www.example.com", "https://a b"],
    T.ROWS: lambda field: [
        [{"no such column": 1}],
        "x",
        [1],
        [{field.columns[0].name: {}}],
        [_row(field)] * (field.limit + 1),
    ],
}


def _row(field: Field) -> dict[str, Any]:
    """Return the shortest right row."""
    return {column.name: SHORTEST[column.type](column) for column in field.columns}


SHORTEST: dict[T, Callable[[Column], Any]] = {
    T.TEXT: lambda column: "一" * max(column.least, 1),
    T.NUMBER: lambda column: column.least,
    T.HOURS: lambda column: column.least,
    T.MONEY: lambda column: column.least,
    T.DATE: lambda _column: "2026-01-01",
    T.MONTH: lambda _column: "2026-01",
    T.CHOICE: lambda column: next(iter(column.choices)),
    T.FLAG: lambda _column: True,
    T.LINK: lambda _column: "https://www.example.gov.cn/",
}
