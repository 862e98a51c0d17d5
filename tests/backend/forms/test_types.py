"""Each of the thirteen types: what is accepted, how it is stored, what a cell makes of it."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.forms import json_schema, types
from backend.forms import values as forms
from backend.forms.cells import Wrong
from backend.forms.fields import MOST, Field, FieldType
from backend.forms.fields import FieldType as T
from tests.backend.registers import strategies
from tests.random_cases import cases

CHOICES = {"law": "律师", "tourism": "旅游", "other": "其他（请注明）"}
COLUMNS = [
    {"name": "time", "label": "时间", "type": "text", "required": True},
    {"name": "way", "label": "方式", "type": "choice", "choices": CHOICES},
    {"name": "cost", "label": "金额", "type": "money"},
    {"name": "day", "label": "日期", "type": "date"},
    {"name": "open", "label": "开放", "type": "flag"},
]


def a_field(kind: FieldType, **more: Any) -> Field:
    told: dict[str, Any] = {"name": "it", "label": "它", "type": kind}
    if kind in {T.CHOICE, T.CHOICES}:
        told["choices"] = CHOICES
    if kind is T.ROWS:
        told["column"] = COLUMNS
    return Field.model_validate(told | more)


FIELDS = [
    *(a_field(kind) for kind in T),
    *(a_field(kind, required=True) for kind in T),
    *(a_field(kind, least=2, most=9) for kind in MOST if kind not in {T.ROWS, T.LINK}),
    a_field(T.HOURS, most=1_000_000),
]
SEEN = st.sampled_from(FIELDS)


def read_or_refused(read: Callable[[], Any]) -> tuple[Any, str]:
    """Return what was read, or the sentence of its refusal; nothing else may come of it."""
    try:
        return read(), ""
    except Wrong as told:
        return None, str(told)


@given(SEEN.flatmap(lambda field: st.tuples(st.just(field), strategies.valid(field))))
@cases(300)
def test_a_right_value_is_stored_in_one_form_which_a_cell_keeps(drawn: tuple[Field, Any]) -> None:
    field, value = drawn
    stored = types.parse(field, value)
    assert stored is not None
    assert types.parse(field, stored) == stored
    assert types.parse(field, types.read(field, types.text_of(field, stored))) == stored


@given(SEEN.flatmap(lambda field: st.tuples(st.just(field), strategies.wrong(field))))
@cases(300)
def test_a_wrong_value_is_told_in_a_sentence(drawn: tuple[Field, Any]) -> None:
    field, value = drawn
    with pytest.raises(Wrong) as told:
        types.parse(field, value)
    assert str(told.value).endswith("。")
    assert "它" in str(told.value)


@given(SEEN, strategies.ANYTHING)
@cases(500)
def test_whatever_json_says_is_read_or_refused_in_words(field: Field, value: Any) -> None:
    stored, sentence = read_or_refused(lambda: types.parse(field, value))
    assert sentence == "" or sentence.endswith("。")
    if stored is not None:
        assert types.parse(field, stored) == stored
        assert types.parse(field, types.read(field, types.text_of(field, stored))) == stored


@given(SEEN, st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@cases(500)
def test_whatever_a_cell_holds_is_read_or_refused_in_words(field: Field, cell: str) -> None:
    stored, sentence = read_or_refused(lambda: types.parse(field, types.read(field, cell.strip())))
    assert sentence == "" or (stored is None and sentence.endswith("。"))


@given(SEEN.flatmap(lambda field: st.tuples(st.just(field), strategies.valid(field))))
@cases(200)
def test_what_is_stored_fits_the_schema_that_others_read(drawn: tuple[Field, Any]) -> None:
    field, value = drawn
    jsonschema_rs.validate(json_schema.of([field]), {"it": types.parse(field, value)})


@pytest.mark.parametrize("kind", list(T))
def test_an_empty_cell_says_nothing_of_any_type(kind: FieldType) -> None:
    field = a_field(kind)
    assert types.read(field, types.text_of(field, None)) is None
    assert types.parse(field, None) is None
    with pytest.raises(Wrong, match=r"^请填写它。$"):
        types.parse(a_field(kind, required=True), None)


@pytest.mark.parametrize(
    ("kind", "told", "stored"),
    [
        (T.TEXT, " 龙华\u200b区 ", "龙华区"),
        (T.TEXT, "   ", None),
        (T.LONG_TEXT, "一\r\n二\r三", "一\n二\n三"),
        (T.LINES, ["一；二", "", "  三  四 "], ["一；二", "三 四"]),
        (T.HOURS, "2.5", 2.5),
        (T.HOURS, 3, 3.0),
        (T.MONEY, "12", "12.00"),
        (T.MONEY, 0.1, "0.10"),
        (T.MONEY, -0.0, "0.00"),
        (T.CHOICES, ["other", "law", "law"], ["law", "other"]),
        (T.CHOICES, [], None),
        (T.CHOICE, "", None),
        (T.FLAG, False, False),
        (T.ROWS, [{"time": "周一", "cost": 5}, {}], [{"time": "周一", "cost": "5.00"}]),
        (T.ROWS, [{"time": " ", "way": None}], None),
    ],
)
def test_how_a_value_is_stored(kind: FieldType, told: Any, stored: Any) -> None:
    assert types.parse(a_field(kind), told) == stored


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (T.NUMBER, "1,200", 1200),
        (T.NUMBER, "１２.0", 12),
        (T.HOURS, "2.5", "2.5"),
        (T.MONEY, "1,200.50元", "1200.50"),
        (T.DATE, "2024年7月1日", "2024-07-01"),
        (T.MONTH, "2024年7月", "2024-07"),
        (T.CHOICE, " 律 师", "law"),
        (T.CHOICES, "律师、其他（请注明）", ["law", "other"]),
        (T.FLAG, "√", True),
        (T.LINES, "一；二\n三", ["一；二", "三"]),
        (T.ROWS, "周一｜律师\n周二", [{"time": "周一", "way": "law"}, {"time": "周二"}]),
    ],
)
def test_what_a_cell_says(kind: FieldType, cell: str, told: Any) -> None:
    assert types.read(a_field(kind), cell) == told


@pytest.mark.parametrize(
    ("kind", "cell", "sentence"),
    [
        (T.ROWS, "周一｜律师\n周二｜医生", "它第 2 行：方式应为律师、旅游、其他（请注明）之一。"),
        (T.ROWS, "a|b|c|d|e|f", "它每行依次为：时间｜方式｜金额｜日期｜开放。"),
        (T.NUMBER, "七", "它应为整数。"),
        (T.CHOICE, "医生", "它应为律师、旅游、其他（请注明）之一。"),
    ],
)
def test_a_wrong_cell_is_told_in_a_sentence(kind: FieldType, cell: str, sentence: str) -> None:
    with pytest.raises(Wrong) as told:
        types.parse(a_field(kind), types.read(a_field(kind), cell))
    assert str(told.value) == sentence


def test_large_hours_lose_nothing_in_a_cell() -> None:
    assert types.text_of(a_field(T.HOURS, most=1_000_000), 123456.7) == "123456.7"


def test_values_of_a_kind_are_read_together() -> None:
    fields = [
        a_field(T.NUMBER, name="seats", label="人数"),
        a_field(T.NUMBER, name="members", label="党员", at_most="seats"),
        a_field(T.TEXT, name="title", label="名称", required=True, sealed=True),
    ]
    told = {"seats": 5, "members": 7, "other": 1}
    assert forms.parse(fields, told) == (
        {"seats": 5, "members": 7},
        {"members": "党员不能多于人数。", "title": "请填写名称。", "other": "没有这一项。"},
    )
    stored, problems = forms.parse(fields, {"members": 7, "title": "甲"})
    assert not problems
    assert forms.sealed_apart(fields, stored) == ({"members": 7}, {"title": "甲"})


def test_what_people_wrote_is_found_wherever_it_stands() -> None:
    fields = [a_field(T.ROWS, name="rows"), a_field(T.LINES, name="lines"), a_field(T.FLAG)]
    stored = {"rows": [{"time": "周一"}], "lines": ["一", "二"], "it": True}
    assert forms.texts(fields, stored) == ["周一", "一", "二"]
