"""The values of a declared kind as a whole: read together, so that all that is wrong is told at
once."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.forms import types
from backend.forms.cells import Wrong
from backend.forms.fields import Field

Values = dict[str, Any]
# By the name of a field, its sentence.
Problems = dict[str, str]


def parse(fields: Iterable[Field], told: Mapping[str, Any]) -> tuple[Values, Problems]:
    """Return what is stored of some values, and what is wrong with them: also with a name that no
    field has. What is empty is not stored."""
    by_name = {field.name: field for field in fields}
    problems = {name: "没有这一项。" for name in told if name not in by_name}
    values: Values = {}
    for name, field in by_name.items():
        try:
            found = types.parse(field, told.get(name))
        except Wrong as wrong:
            problems[name] = str(wrong)
            continue
        if found is not None:
            values[name] = found
    return values, problems | _above(by_name, values)


def _above(fields: Mapping[str, Field], values: Values) -> Problems:
    """Name the numbers that are above the one they may not exceed."""
    return {
        name: f"{field.label}不能多于{fields[field.at_most].label}。"
        for name, field in fields.items()
        if field.at_most in values and name in values and values[name] > values[field.at_most]
    }


def sealed_apart(fields: Iterable[Field], values: Values) -> tuple[Values, Values]:
    """Return the values that lie open, and those that are sealed."""
    closed = {field.name for field in fields if field.sealed}
    return (
        {name: value for name, value in values.items() if name not in closed},
        {name: value for name, value in values.items() if name in closed},
    )


def texts(fields: Iterable[Field], values: Mapping[str, Any]) -> list[str]:
    """Return what people have written themselves, to be checked."""
    found: list[str] = []
    for field in fields:
        found += _written(values.get(field.name))
    return found


def _written(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for one in value for text in _written(one)]
    return _written([*value.values()]) if isinstance(value, dict) else []
