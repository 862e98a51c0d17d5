"""A declared kind as JSON Schema (2020-12), for clients that are not ours."""

from collections.abc import Callable, Iterable
from typing import Any

from backend.forms.fields import Field
from backend.forms.fields import FieldType as T

Schema = dict[str, Any]


def of(fields: Iterable[Field]) -> Schema:
    """Return the schema of the values of some fields."""
    asked = list(fields)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {field.name: _field(field) for field in asked},
        "required": [field.name for field in asked if field.required],
        "additionalProperties": False,
    }


def _field(field: Field) -> Schema:
    shown: Schema = {"title": field.label, **_TYPES[field.type](field)}
    return shown | {"description": field.hint} if field.hint else shown


def _text(field: Field) -> Schema:
    return {"type": "string", "minLength": field.least, "maxLength": field.limit}


def _number(kind: str) -> Callable[[Field], Schema]:
    return lambda field: {"type": kind, "minimum": field.least, "maximum": field.limit}


def _choice(field: Field) -> Schema:
    shown = [{"const": name, "title": label} for name, label in field.choices.items()]
    return {"type": "string", "oneOf": shown}


def _rows(field: Field) -> Schema:
    row = of(field.columns)
    del row["$schema"]
    return {"type": "array", "items": row, "minItems": field.least, "maxItems": field.limit}


_TYPES: dict[T, Callable[[Field], Schema]] = {
    T.TEXT: _text,
    T.LONG_TEXT: _text,
    T.LINES: lambda field: {
        "type": "array",
        "items": {"type": "string", "maxLength": 300},
        "minItems": field.least,
        "maxItems": field.limit,
    },
    T.NUMBER: _number("integer"),
    # Not a multiple of 0.1: no binary fraction is one, and validators differ.
    T.HOURS: _number("number"),
    T.MONEY: lambda _field: {"type": "string", "pattern": r"^\d+(\.\d{1,2})?$"},
    T.DATE: lambda _field: {"type": "string", "format": "date"},
    T.MONTH: lambda _field: {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
    T.CHOICE: _choice,
    T.CHOICES: lambda field: {"type": "array", "items": _choice(field), "uniqueItems": True},
    T.FLAG: lambda _field: {"type": "boolean"},
    T.LINK: lambda field: _text(field) | {"format": "uri"},
    T.ROWS: _rows,
}
