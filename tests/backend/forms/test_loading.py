"""The law of the loader: what breaks the form of a declaration is refused by file and entry."""

from pathlib import Path
from typing import Any

import pytest

from backend.forms import conditions, loading
from backend.forms.fields import Field
from backend.forms.loading import Declared, WrongDeclaration

HEAD = 'title = "网格"\nserves = ["7a"]\n'


def field(body: str) -> str:
    return f'{HEAD}[[field]]\nname = "it"\nlabel = "它"\n{body}\n'


def refusal(folder: Path, text: str) -> str:
    (folder / "grid.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WrongDeclaration) as told:
        loading.load(folder, Declared)
    return str(told.value)


def test_kinds_are_named_by_their_files_and_stand_in_order(tmp_path: Path) -> None:
    for name in ("venue", "grid"):
        (tmp_path / f"{name}.toml").write_text(HEAD, encoding="utf-8")
    assert list(loading.load(tmp_path, Declared)) == ["grid", "venue"]


@pytest.mark.parametrize("sort", ["photo", "file", "attachment", "position", "location", "score"])
def test_no_field_asks_for_a_photograph_a_file_or_a_place_on_the_map(
    tmp_path: Path, sort: str
) -> None:
    told = refusal(tmp_path, field(f'type = "{sort}"'))
    assert told.startswith("grid.toml: field.it.type: ")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('type = "choice"', "choices go with choice and choices"),
        ('type = "text"\nchoices = { a = "甲" }', "choices go with choice and choices"),
        ('type = "rows"', "columns go with rows"),
        ('type = "date"\nmost = 3', "this type has no least and no most"),
        ('type = "flag"\nleast = 1', "this type has no least and no most"),
        ('type = "number"\nleast = 5\nmost = 4', "most is not below least"),
        ('type = "text"\nat_most = "other"', "at_most goes with number"),
        ('type = "text"\nrequired = true\nretired_in = 1', "what is required may not be retired"),
        ('type = "text"\nrequired = true\nsince = 2', "what came later may not be required"),
        ('type = "text"\nsince = 2\nretired_in = 2', "retired_in is after since"),
        ('type = "text"\nsealed = true\nagain = true', "what is sealed is not offered again"),
        ('type = "choice"\nchoices = { filled = "满" }', "no choice is called filled or empty"),
        ('type = "choice"\nchoices = { a = "甲", b = " 甲" }', "labels of choices differ"),
        ('type = "choices"\nchoices = { a = "甲、乙" }', "no label of choices parts them"),
    ],
)
def test_a_field_that_contradicts_itself_is_refused(tmp_path: Path, body: str, why: str) -> None:
    assert refusal(tmp_path, field(body)) == f"grid.toml: field.it: {why}"


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ('type = "lines"', "a column is one plain value on a line, and not sealed by itself"),
        ('type = "long_text"', "a column is one plain value on a line, and not sealed by itself"),
        ('type = "text", sealed = true', "a column is one plain value on a line, and not sealed"),
        ('type = "choice", choices = { a = "甲｜乙" }', "no label of choices parts columns"),
    ],
)
def test_a_column_is_one_plain_value(tmp_path: Path, column: str, why: str) -> None:
    told = refusal(
        tmp_path,
        field(f'type = "rows"\ncolumn = [{{ name = "day", label = "日", {column} }}]'),
    )
    assert told.startswith(f"grid.toml: field.it.column.day: {why}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "grid.toml: Invalid value (at end of document)"),
        ('serves = ["7a"]', "grid.toml: title: Field required"),
        ('title = "网格"\nserves = []', "grid.toml: serves: Tuple should have at least 1 item"),
        ('title = "网格"\nserves = ["seven"]', "grid.toml: serves.0: String should match pattern"),
        (HEAD + "points = 3", "grid.toml: points: Extra inputs are not permitted"),
        (HEAD + 'name = "other"', "grid.toml: name: a kind is named by its file"),
        (field('type = "text"') + field('type = "text"').removeprefix(HEAD), "is named twice: it"),
        (field('type = "text"\nsince = 2'), "grid.toml: field it: there is no such version yet"),
        (field('type = "number"\nat_most = "it"'), "grid.toml: field it: it is no other number"),
        (field('type = "number"\nat_most = "x"'), "grid.toml: field it: x is no other number"),
        (field('type = "text"\nName = "x"'), "grid.toml: field.it.Name: Extra inputs"),
        (field('type = "text"').replace('"it"', '"It"'), "grid.toml: field.It.name: String should"),
        (
            field(
                'type = "rows"\ncolumn = [{ name = "a", label = "甲", type = "text" },'
                ' { name = "a", label = "乙", type = "text" }]'
            ),
            "grid.toml: field it: a column is named twice",
        ),
    ],
)
def test_a_kind_that_is_not_in_form_is_refused(tmp_path: Path, text: str, why: str) -> None:
    assert why in refusal(tmp_path, text)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "venue.toml").write_bytes(b"\xff")
    told = refusal(tmp_path, field('type = "photo"')).splitlines()
    assert [line.partition(":")[0] for line in told] == ["grid.toml", "venue.toml"]


def a_field(name: str, sort: str, **more: Any) -> Field:
    return Field.model_validate({"name": name, "label": name, "type": sort} | more)


FIELDS = [
    a_field("kind", "choice", choices={"a": "甲", "b": "乙"}),
    a_field("posts", "choices", choices={"a": "甲", "b": "乙"}),
    a_field("open", "flag"),
    a_field("day", "date"),
    a_field("title", "text"),
    a_field("secret", "text", sealed=True),
    a_field("old", "text", retired_in=2),
]
SINCE = conditions.Since.model_validate({"since": "2020-01-01"})


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ({"kind": "a", "posts": ("a", "b"), "open": True, "day": SINCE, "unit": "filled"}, ""),
        ({"title": "empty"}, ""),
        ({"other": "filled"}, "there is no other"),
        ({"unit": "甲"}, "unit is only ever filled or empty"),
        ({"kind": "c"}, "kind is never c"),
        ({"kind": True}, "kind is never True"),
        ({"posts": ("a", "c")}, "posts is never ('a', 'c')"),
        ({"open": "yes"}, "open is never yes"),
        ({"title": "甲"}, "title is never 甲"),
        ({"title": SINCE}, "title is never since 2020-01-01"),
        ({"secret": "filled"}, "secret is sealed"),
        ({"old": "filled"}, "old is retired"),
    ],
)
def test_a_condition_asks_for_what_can_be(condition: dict[str, Any], problem: str) -> None:
    assert conditions.problems(condition, FIELDS, ["unit"]) == problem


@pytest.mark.parametrize(
    ("condition", "so"),
    [
        ({}, True),
        ({"kind": "a", "posts": "b"}, True),
        ({"kind": ("b", "c")}, False),
        ({"posts": ("a", "c")}, True),
        ({"open": True}, False),
        ({"open": False}, True),
        ({"gone": False}, True),
        ({"day": SINCE}, True),
        ({"gone": SINCE}, False),
        ({"title": "filled"}, False),
        ({"title": "empty", "gone": "empty", "kind": "filled"}, True),
    ],
)
def test_all_of_a_condition_must_hold(condition: dict[str, Any], so: bool) -> None:
    values = {"kind": "a", "posts": ["a", "b"], "open": False, "day": "2020-01-01", "title": ""}
    assert conditions.holds(condition, values) is so
