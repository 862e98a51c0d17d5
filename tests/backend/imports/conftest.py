"""The scene of imports."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from backend.core.actor import Actor, Role
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger.rulepack import RulePack
from backend.people.organizations.models import Organization
from tests.backend.imports.scene import Scene


@pytest.fixture
def scene(database: Database, session: Session, keys: Crypto, rules: RulePack) -> Scene:
    return Scene(database, session, keys, rules)


@pytest.fixture
def branch(scene: Scene) -> Organization:
    return scene.make.branch(name="机关第一党支部")


@pytest.fixture
def city(scene: Scene) -> Actor:
    return scene.make.officer(Role.CITY_OFFICER, scene.make.city())


@pytest.fixture
def town(committed: Database, keys: Crypto, rules: RulePack) -> Iterator[Scene]:
    """A scene of real transactions: what is made in its session others see once it is kept."""
    with committed.transaction() as session:
        yield Scene(committed, session, keys, rules)
