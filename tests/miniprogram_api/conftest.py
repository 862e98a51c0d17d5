"""The scene in which rights are tried, made for one test."""

import pytest
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.factories import Make
from tests.miniprogram_api.rights_scene import Things, populate


@pytest.fixture
def things(session: Session, rules: RulePack, make: Make) -> Things:
    """Return one of everything and one of each role."""
    return populate(session, rules, make)
