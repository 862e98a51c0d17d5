"""The scene in which rights are tried, made for one test, and where one is shared by many."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.factories import Make
from tests.miniprogram_api.rights_scene import Things, populate


@pytest.fixture
def things(session: Session, rules: RulePack, make: Make) -> Things:
    """Return one of everything and one of each role."""
    return populate(session, rules, make)


@pytest.fixture(scope="module")
def shared(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One connection with one scene for all cases of a file; each case is a savepoint in it."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
