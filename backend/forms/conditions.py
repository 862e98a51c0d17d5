"""When a declaration says that something follows: closed words, all of which must hold.

`field = value`, `field = [values]` (one of them), `field = "filled"`, `field = "empty"`,
`field = { since = day }`. No expression is ever evaluated.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field as Given
from pydantic import StrictBool

from backend.forms.fields import OF_CHOICES, Field, FieldType, Strict

FILLED, EMPTY = "filled", "empty"


class Since(Strict):
    """A day that lies on one or later."""

    since: date


Wanted = Annotated[StrictBool | str | tuple[str, ...] | Since, Given(union_mode="left_to_right")]
Condition = dict[str, Wanted]


def holds(condition: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Say whether all of a condition is so for some values; what is not there is empty."""
    return all(_is(wanted, values.get(name)) for name, wanted in condition.items())


def _is(wanted: Any, value: Any) -> bool:
    if wanted == FILLED:
        return value not in (None, "", [])
    if wanted == EMPTY:
        return value in (None, "", [])
    if isinstance(wanted, Since):
        return value is not None and date.fromisoformat(str(value)) >= wanted.since
    if isinstance(wanted, bool):
        return bool(value) is wanted
    several = wanted if isinstance(wanted, tuple) else (wanted,)
    held = value if isinstance(value, list) else [value]
    return any(one in several for one in held)


def problems(condition: Mapping[str, Any], fields: Iterable[Field], others: Iterable[str]) -> str:
    """Say what is wrong with a condition on fields or on `others`, which are only ever filled or
    not; "" for nothing. What is sealed tells nothing, also not by what follows from it."""
    by_name = {field.name: field for field in fields}
    for name, wanted in condition.items():
        if name in by_name:
            if by_name[name].sealed:
                return f"{name} is sealed"
            if by_name[name].retired_in is not None:
                return f"{name} is retired"
            if not _fits(by_name[name], wanted):
                return f"{name} is never {_shown(wanted)}"
        elif name not in set(others):
            return f"there is no {name}"
        elif wanted not in (FILLED, EMPTY):
            return f"{name} is only ever filled or empty"
    return ""


def _fits(field: Field, wanted: Any) -> bool:
    if wanted in (FILLED, EMPTY):
        return True
    if field.type in OF_CHOICES:
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        return all(one in field.choices for one in several)
    if isinstance(wanted, bool):
        return field.type is FieldType.FLAG
    return isinstance(wanted, Since) and field.type is FieldType.DATE


def _shown(wanted: Any) -> str:
    return f"since {wanted.since}" if isinstance(wanted, Since) else str(wanted)
