"""A text that is held when its community is merged into another is decided about there."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.registrations import succession
from backend.core import clock
from backend.core.asker import asked_by
from backend.ledger.rulepack import RulePack
from backend.support.text_checks import queries
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.backend.community.demands.scene import Scene
from tests.factories import Make


@pytest.mark.parametrize(
    ("status", "moves"),
    [
        (TextCheckStatus.PENDING, True),
        (TextCheckStatus.HELD, True),
        (TextCheckStatus.UNCHECKED, True),
        (TextCheckStatus.REMOVED, False),
        (TextCheckStatus.RELEASED, False),
    ],
)
def test_what_is_not_decided_goes_to_the_successor(
    session: Session,
    rules: RulePack,
    make: Make,
    status: TextCheckStatus,
    moves: bool,  # a case of the table
) -> None:
    scene = Scene(session, rules, make)
    successor = make.community()
    secretary = make.community_secretary(successor)
    scene.bring()
    session.execute(
        sa.update(TextCheck).values(status=status, decided_by=1, decided_at=clock.now())
    )
    succession.succeed(session, rules, code=scene.community.code, successor_code=successor.code)
    session.expire_all()
    row = session.scalars(sa.select(TextCheck)).one()
    seen = session.scalars(queries.listed(secretary), asked_by(secretary)).all()

    assert (row.area_id == successor.id) is moves
    assert bool(seen) is (status in (TextCheckStatus.HELD, TextCheckStatus.UNCHECKED))
