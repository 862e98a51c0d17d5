"""What one row says of another: a reference opens nothing its writer may not see."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.errors import Invalid


def check(
    session: Session,
    value: int | None,
    known: sa.Select[int] | sa.CompoundSelect[int],
    *,
    field: str,
    message: str,
) -> None:
    """Raise Invalid on `field` unless `value` is one of those the actor may name, or none is.

    What does not exist and what may not be named are refused in the same words.
    """
    if value is None:
        return
    found = known.subquery()
    if not session.scalar(sa.select(sa.exists().where(found.c[0] == value))):
        raise Invalid(field, message)
