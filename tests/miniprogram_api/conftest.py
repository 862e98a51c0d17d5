"""The scene in which rights are tried, made for one test, and where one is shared by many."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger.rulepack import RulePack
from tests.factories import Make
from tests.miniprogram_api.rights_scene import Things, populate
from tests.miniprogram_api.state_scene import Scene


@pytest.fixture
def things(session: Session, rules: RulePack, make: Make) -> Things:
    """Return one of everything and one of each role."""
    return populate(session, rules, make)


@pytest.fixture(scope="module")
def town(shared: sa.Connection, keys: Crypto) -> Scene:
    """The people around one thing in each state, made once for their file."""
    with Database(shared).transaction() as session:
        return Scene(session, Make(session, keys))


@pytest.fixture
def case_in_town(shared: sa.Connection, town: Scene) -> Iterator[sa.Connection]:
    """The transaction of one case among them: a file that shares them takes it as `connection`."""
    assert town.people
    case = shared.begin_nested()
    yield shared
    case.rollback()


@pytest.fixture
def scene(town: Scene, session: Session, make: Make) -> Scene:
    return town.shown_to(session, make)
