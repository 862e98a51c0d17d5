"""An import and whoever enters into the same register wait for each other; others do not."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.people.areas.models import Area
from backend.registers.catalogue import registers
from backend.registers.writing import locked, locked_whole

GRID, ESTATE = registers()["grid"], registers()["estate"]
HERE, THERE = Area(id=1), Area(id=2)


@contextmanager
def impatient(engine: sa.Engine) -> Iterator[Session]:
    """Open a transaction that waits for nobody for long."""
    with Session(engine) as session:
        session.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
        yield session
        session.rollback()


def waits(session: Session) -> bool:
    with pytest.raises(sa.exc.OperationalError) as refused:
        locked_whole(session, GRID)
    return "lock timeout" in str(refused.value)


def test_an_import_waits_for_whoever_enters(engine: sa.Engine) -> None:
    with impatient(engine) as entering, impatient(engine) as importing:
        locked(entering, GRID, HERE)

        assert waits(importing)


def test_whoever_enters_waits_for_an_import_into_the_same_register(engine: sa.Engine) -> None:
    with impatient(engine) as importing, impatient(engine) as entering:
        locked_whole(importing, GRID)

        locked(entering, ESTATE, HERE)
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            locked(entering, GRID, HERE)


def test_two_enter_at_two_places_at_once(engine: sa.Engine) -> None:
    with impatient(engine) as one, impatient(engine) as other:
        locked(one, GRID, HERE)

        locked(other, GRID, THERE)
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            locked(other, GRID, HERE)
