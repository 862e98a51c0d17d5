"""Whether something is the actor's own. Nothing is while the actor lacks what is compared.

`column == None` asks SQL for the rows that name nobody, `None == None` is true in Python: an
account linked to no roster entry would own whatever has no owner. So the fields of an actor that
may be None are compared here and nowhere else (tests/backend/core/test_own.py).
"""

from typing import Any, overload

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

Column = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


@overload
def is_own(thing: Column, own: int | None) -> sa.ColumnElement[bool]: ...


@overload
def is_own(thing: int | None, own: int | None) -> bool: ...


def is_own(thing: Any, own: int | None) -> Any:
    """Say whether what `thing` names, a column or the value of a row, is the actor's `own`."""
    if isinstance(thing, InstrumentedAttribute):
        return sa.false() if own is None else thing == own
    return own is not None and thing == own


def is_anothers(thing: Column, own: int | None) -> sa.ColumnElement[bool]:
    """Say whether a row is not the actor's own: also one that names nobody."""
    return sa.true() if own is None else thing.is_distinct_from(own)
