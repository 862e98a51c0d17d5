"""Two at once about one member's registrations, each in a real transaction."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.registrations import queries, requests, service
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationStatus,
)
from backend.community.volunteering import service as volunteering
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member
from tests import ledger as city_ledger
from tests.backend.community.registrations.scene import Scene
from tests.backend.test_races import Step, meet
from tests.factories import Make, service_facts


@pytest.fixture
def world(
    committed: Database, rules: RulePack, keys: Crypto
) -> Iterator[tuple[Database, Scene, Session]]:
    with committed.transaction() as session:
        yield committed, Scene(session, rules, Make(session, keys)), session


def check(database: Database, scene: Scene) -> list[CommunityRegistration]:
    """Return what stands or waits, after a look at the ledger and at the member's row."""
    with database.transaction() as session:
        assert city_ledger.differences(session, scene.rules) == []
        live = session.scalars(queries.live_of_member(scene.member.id)).all()
        standing = [row for row in live if row.status in queries.STANDING]
        member = session.get_one(Member, scene.member.id)
        assert member.community_id == (standing[0].community_id if standing else None)
        return list(live)


def test_the_old_community_ends_while_the_new_one_accepts_and_one_stands(
    world: tuple[Database, Scene, Session],
) -> None:
    database, scene, session = world
    old, elsewhere = scene.standing(), scene.make.community()
    new, by = scene.submit(elsewhere), scene.make.community_secretary(elsewhere)
    session.commit()

    def accept(own: Session) -> Any:
        return service.accept(own, scene.rules, actor=by, registration_id=new.id)

    def end(own: Session) -> Any:
        given: dict[str, Any] = {"actor": scene.secretary, "registration_id": old.id}
        said = requests.Asking(EndReason.LEFT_UNIT, "已调离")
        return requests.end(own, scene.rules, said=said, **given)

    _, rival = meet(database, accept, end)

    with pytest.raises(Conflict, match="registration_state_forbids"):
        rival.result()
    assert [row.id for row in check(database, scene)] == [new.id]


def test_a_move_and_a_pause_at_once_are_one_after_the_other(
    world: tuple[Database, Scene, Session],
) -> None:
    database, scene, session = world
    row, elsewhere = scene.standing(), scene.make.community()
    scene.pause(row)
    session.commit()

    def move(own: Session) -> Any:
        return Scene.submit(_on(own, scene), elsewhere)

    _, rival = meet(database, move, _confirmed_pause(scene, row.id))

    with pytest.raises(Conflict, match="registration_state_forbids"):
        rival.result()
    states = {one.status for one in check(database, scene)}
    assert states == {RegistrationStatus.TRANSFER_PENDING, RegistrationStatus.SUBMITTED}


def test_a_service_confirmed_while_a_pause_begins_is_counted_by_the_new_measure(
    world: tuple[Database, Scene, Session],
) -> None:
    database, scene, session = world
    row = scene.standing()
    scene.pause(row)
    begin = clock.now() - timedelta(hours=3)
    record = volunteering.submit(
        session,
        scene.rules,
        actor=scene.actor,
        said=volunteering.Logging(
            community_code=scene.community.code,
            facts=service_facts(begin, category=ServiceCategory.CARE, content="看望独居老人"),
        ),
    )
    session.commit()

    def confirm(own: Session) -> Any:
        return volunteering.confirm(own, scene.rules, actor=scene.secretary, record_id=record.id)

    _, rival = meet(database, _confirmed_pause(scene, row.id), confirm)

    rival.result()
    check(database, scene)


def _confirmed_pause(scene: Scene, registration_id: int) -> Step:
    def confirm(own: Session) -> Any:
        return requests.pause(
            own,
            scene.rules,
            actor=scene.secretary,
            registration_id=registration_id,
            said=requests.Asking(PauseReason.POSTING),
        )

    return confirm


def _on(session: Session, scene: Scene) -> Scene:
    """Return the same people, acting in a transaction of their own."""
    other = Scene.__new__(Scene)
    other.__dict__.update(scene.__dict__, session=session)
    return other
