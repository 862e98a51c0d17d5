"""How far a registration is, as its member sees it."""

import pytest
from sqlalchemy.orm import Session

from backend.community.registrations import progress, service
from backend.community.registrations.models import CommunityRegistration, RejectionCode
from backend.ledger.rulepack import RulePack
from tests.backend.community.registrations.scene import Scene
from tests.factories import Make


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def steps(row: CommunityRegistration) -> list[tuple[str, str]]:
    return [(one.step, one.state) for one in progress.steps(row)]


def test_a_registration_waits_for_its_community_and_then_stands(scene: Scene) -> None:
    row = scene.submit()
    assert steps(row) == [("submitted", "done"), ("accepted", "now")]
    scene.accept(row)
    assert steps(row) == [("submitted", "done"), ("accepted", "done")]
    assert all(one.at is not None for one in progress.steps(row))


def test_a_returned_one_waits_for_its_member(scene: Scene) -> None:
    row = scene.submit()
    service.send_back(
        scene.session, scene.rules, actor=scene.secretary, registration_id=row.id, reason="请补充"
    )
    expected = [("returned", "done"), ("resubmitted", "now"), ("accepted", "to_come")]
    assert steps(row)[1:] == expected


def test_what_was_refused_or_taken_back_promises_no_more(scene: Scene) -> None:
    row = scene.submit()
    service.withdraw(scene.session, scene.rules, actor=scene.actor, registration_id=row.id)
    assert steps(row) == [("submitted", "done"), ("withdrawn", "stopped")]
    again = scene.submit()
    service.reject(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        registration_id=again.id,
        reason_code=RejectionCode.WRONG_COMMUNITY,
        reason="不住在本社区",
    )
    assert steps(again) == [("submitted", "done"), ("rejected", "stopped")]
