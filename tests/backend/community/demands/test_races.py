"""Two secretaries of one community at once, each in a real transaction."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands import lists, matching, service
from backend.community.demands.models import Demand, DemandList, DemandStatus
from backend.community.demands.triage import Answer, Decision, Outcome
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.core.actor import Actor, Role
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger
from tests.backend.community.demands.scene import Scene
from tests.backend.test_races import meet, world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make

World = tuple[Database, Make, Session]


def decide(session: Session, actor: Actor, demand_id: int, answer: Answer) -> DemandStatus:
    return service.decide(session, actor=actor, demand_id=demand_id, answer=answer).status


def test_of_two_answers_the_first_stands_and_is_told_once(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    row = scene.bring()
    session.commit()
    _, waiting = meet(
        database,
        lambda s: decide(s, scene.secretary, row.id, Answer(Decision.ACCEPT)),
        lambda s: decide(s, scene.deputy, row.id, Answer(Decision.DECLINE, "重复")),
    )
    with pytest.raises(Conflict, match="demand_state_forbids"):
        waiting.result()
    with database.transaction() as after:
        assert after.get_one(Demand, row.id).status is DemandStatus.ACCEPTED
        told = sa.select(Notification).where(Notification.kind == "demands.decided")
        assert len(after.scalars(told).all()) == 1


def test_a_double_tap_of_one_secretary_is_one_answer(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    row = scene.bring()
    session.commit()
    _, waiting = meet(
        database,
        lambda s: decide(s, scene.secretary, row.id, Answer(Decision.ACCEPT)),
        lambda s: decide(s, scene.secretary, row.id, Answer(Decision.ACCEPT)),
    )
    assert waiting.result() is DemandStatus.ACCEPTED


def test_of_two_lists_published_at_once_the_first_is_the_list(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    rows = [scene.accepted() for _ in range(2)]
    session.commit()

    def publish(session: Session, actor: Actor) -> int:
        code = scene.community.code
        return lists.publish(session, rules, actor=actor, area_code=code).id

    first, waiting = meet(
        database, lambda s: publish(s, scene.secretary), lambda s: publish(s, scene.deputy)
    )
    with pytest.raises(Conflict, match="nothing_to_publish"):
        waiting.result()
    with database.transaction() as after:
        assert after.scalars(sa.select(DemandList.id)).all() == [first]
        found = lists.get(after, actor=scene.secretary, list_id=first)
        assert [one.id for one in found.demands] == [r.id for r in rows]
        assert ledger.differences(after, rules) == []


def test_of_two_lists_of_a_street_published_at_once_the_first_is_the_list(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    row = scene.published()
    second = make.officer(Role.STREET_OFFICER, scene.street)
    session.commit()

    def publish(session: Session, actor: Actor) -> int:
        code = scene.street.code
        return lists.publish(session, rules, actor=actor, area_code=code).id

    first, waiting = meet(
        database, lambda s: publish(s, scene.officer), lambda s: publish(s, second)
    )
    with pytest.raises(Conflict, match="nothing_to_publish"):
        waiting.result()
    with database.transaction() as after:
        of_street = sa.select(DemandList.id).where(DemandList.area_id == scene.street.id)
        assert after.scalars(of_street).all() == [first]
        found = lists.get(after, actor=scene.officer, list_id=first)
        assert [one.id for one in found.demands] == [row.id]
        assert ledger.differences(after, rules) == []


def test_what_is_withdrawn_meanwhile_is_not_published(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    row = scene.accepted()
    session.commit()
    code = scene.community.code
    _, waiting = meet(
        database,
        lambda s: service.withdraw(s, actor=scene.resident, demand_id=row.id),
        lambda s: lists.publish(s, rules, actor=scene.secretary, area_code=code),
    )
    with pytest.raises(Conflict, match="nothing_to_publish"):
        waiting.result()


def test_what_is_closed_meanwhile_takes_no_project(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    row = scene.published()
    session.commit()
    closing = service.Closing("已修好", Outcome.SOLVED)
    _, waiting = meet(
        database,
        lambda s: service.close(s, actor=scene.secretary, demand_id=row.id, said=closing),
        lambda s: matching.open_demand(s, scene.deputy, row.id),
    )
    with pytest.raises(Conflict, match="demand_not_open"):
        waiting.result()


def test_what_is_taken_up_meanwhile_is_not_closed(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    scene = Scene(session, rules, make)
    row = scene.published()
    project = make.project(scene.community, demand_id=row.id, status=ProjectStatus.DRAFT)
    session.commit()
    closing = service.Closing("已修好", Outcome.SOLVED)

    def take_up(session: Session) -> None:
        matching.take_up(session, row.id, was_reviewed=False)
        session.get_one(ServiceProject, project.id).status = ProjectStatus.OPEN
        session.flush()

    _, waiting = meet(
        database,
        take_up,
        lambda s: service.close(s, actor=scene.secretary, demand_id=row.id, said=closing),
    )
    with pytest.raises(Conflict, match="project_under_way"):
        waiting.result()
