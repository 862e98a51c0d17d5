"""The scene of activities as a fixture."""

import pytest
from sqlalchemy.orm import Session

from backend.core.crypto import Crypto
from backend.ledger.rulepack import RulePack
from tests.backend.community.volunteering.activity_scene import ActivityScene
from tests.factories import Make


@pytest.fixture
def activities(session: Session, rules: RulePack, make: Make, keys: Crypto) -> ActivityScene:
    return ActivityScene(session, rules, make, keys)
