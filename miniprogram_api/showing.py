"""Shows rows as answers: what a schema declares becomes plain functions once a process.

marshmallow's own `dump` looks up everything about every field of every row anew. The JSON is the
same; tests/miniprogram_api/test_showing.py compares the two.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from marshmallow import Schema, missing
from marshmallow.fields import Enum, Field, Function, List, Nested, Number, String
from marshmallow.utils import get_value

from backend.core.clock import SHANGHAI
from miniprogram_api.fields import Day, Moment, Show, Varied


@cache
def shower(schema: type[Schema]) -> Show:
    """Return the function that shows one row as the schema says."""
    parts = tuple(
        (name if field.data_key is None else field.data_key, _show(name, field))
        for name, field in schema().dump_fields.items()
    )

    def show(row: Any) -> dict[str, Any]:
        shown = {}
        for key, part in parts:
            value = part(row)
            if value is not missing:
                shown[key] = value
        return shown

    return show


def _show(name: str, field: Field[Any]) -> Show:
    if isinstance(field, Function):
        plain: Any = field.serialize_func
    else:
        plain = _plain(_reader(name, field), _writer(field), field.dump_default)
    return field.around(plain) if isinstance(field, Varied) else plain


def _plain(read: Show, write: Show, default: Any) -> Show:
    def plain(row: Any) -> Any:
        value = read(row)
        if value is missing:
            value = default() if callable(default) else default
        return value if value is None or value is missing else write(value)

    return plain


def _reader(name: str, field: Field[Any]) -> Show:
    """Return how a value is taken from a row: an object, or what has items."""
    if type(field).get_value is not Field.get_value:
        return lambda row: field.get_value(row, name)
    first, *further = (field.attribute or name).split(".")

    def read(row: Any) -> Any:
        value = _part(row, first)
        for part in further:
            value = _part(value, part)
        return value

    return read


def _part(row: Any, name: str) -> Any:
    if hasattr(row, "__getitem__"):
        return get_value(row, name, missing)
    return getattr(row, name, missing)


def _writer(field: Field[Any]) -> Show:
    """Return how a value that is not None is written as JSON."""
    if isinstance(field, Nested):
        nested = field.schema
        if nested.only or nested.exclude or nested.many:
            raise TypeError(f"{field} shows part of a schema: declare one of its own")
        return shower(type(nested))
    if isinstance(field, List):
        write = _writer(field.inner)
        return lambda values: [None if one is None else write(one) for one in values]
    own = _WRITERS.get(type(field)._serialize)
    return own(field) if own else lambda value: field._serialize(value, None, None)


def _text(value: Any) -> str:
    return value if type(value) is str else str(value)


def _day(day: date) -> str:
    return day.isoformat()


def _moment(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat()


# By how marshmallow would do it, so that a field with a way of its own keeps that.
_WRITERS: dict[Any, Callable[[Any], Show]] = {
    Field._serialize: lambda _field: lambda value: value,
    String._serialize: lambda _field: _text,
    Number._serialize: attrgetter("num_type"),
    Enum._serialize: lambda _field: attrgetter("value"),
    Day._serialize: lambda _field: _day,
    Moment._serialize: lambda _field: _moment,
}
