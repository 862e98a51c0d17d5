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
        plain = _plain(name, field)
    return field.around(plain) if isinstance(field, Varied) else plain


def _plain(name: str, field: Field[Any]) -> Show:
    """Return how the value of a field is shown, wherever it is taken from."""
    write, default = _writer(field), field.dump_default
    own, path = _own_reader(name, field), field.attribute or name

    def plain(row: Any) -> Any:
        if own is not None:
            value = own(row)
        elif hasattr(row, "__getitem__"):
            value = get_value(row, path, missing)
        else:
            value = getattr(row, path, missing)
        if value is None:
            return None
        if value is missing:
            value = default() if callable(default) else default
            return value if value is None or value is missing else write(value)
        return write(value)

    return plain


def _own_reader(name: str, field: Field[Any]) -> Show | None:
    """Return how a value is found that is no attribute or item of its row."""
    if type(field).get_value is not Field.get_value:
        return lambda row: field.get_value(row, name)
    path = field.attribute or name
    return (lambda row: get_value(row, path, missing)) if "." in path else None


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
