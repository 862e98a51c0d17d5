import pytest
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.backend.registers.scene import Scene
from tests.factories import Make


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)
