"""Two at once on one project, each in a real transaction: no place is lost and none is made."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims import service as claims
from backend.community.claims import tasks
from backend.community.claims.flow import let_pass
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.demands.models import Demand, DemandKind, DemandSource, DemandStatus
from backend.community.projects import service
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.core import clock
from backend.core.actor import Actor
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.flows.steps import Reason
from backend.ledger.models import Posting
from backend.ledger.rulepack import RulePack
from backend.people.organizations.models import Unit
from backend.support.notifications.models import Notification
from tests import ledger
from tests.backend.test_races import meet, world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make

World = tuple[Database, Make, Session]


class Yard:
    """A community with its secretary and members, committed step by step."""

    def __init__(self, make: Make, session: Session, rules: RulePack) -> None:
        self.make, self.session, self.rules = make, session, rules
        self.community = make.community()
        self.secretary = make.community_secretary(self.community)
        self.people = [make.actor(make.member(community_id=self.community.id)) for _ in range(4)]
        session.commit()

    def project(self, **given: Any) -> int:
        row = self.make.project(self.community, **given)
        self.session.commit()
        return row.id

    def claim(self, project_id: int, who: Actor, *, unit_id: int | None = None, **more: Any) -> int:
        said = claims.Claiming(unit_id, **more)
        row = claims.claim(self.session, self.rules, actor=who, project_id=project_id, said=said)
        self.session.commit()
        return row.id

    def accept(self, claim_id: int) -> None:
        claims.accept(self.session, self.rules, actor=self.secretary, claim_id=claim_id)
        self.session.commit()

    def status(self, claim_id: int) -> ClaimStatus:
        self.session.expire_all()
        return self.session.get_one(ProjectClaim, claim_id).status

    def check(self, project_id: int) -> ServiceProject:
        """Return the project, whose count must be that of who holds a place."""
        self.session.expire_all()
        project = self.session.get_one(ServiceProject, project_id)
        rows = self.session.scalars(
            sa.select(ProjectClaim.status).where(ProjectClaim.project_id == project_id)
        ).all()
        free = (ClaimStatus.WAITING, ClaimStatus.WITHDRAWN, ClaimStatus.RELEASED)
        assert project.claimed == len([one for one in rows if one not in free])
        assert ledger.differences(self.session, self.rules) == []
        return project


def turn(session: Session, rules: RulePack) -> None:
    project = tasks.take_due(session, after=0)
    if project is not None:
        let_pass(session, rules, project)


def test_two_places_that_are_freed_at_once_go_to_two_who_wait(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    yard = Yard(make, session, rules)
    project_id = yard.project(places=2)
    held = [yard.claim(project_id, who) for who in yard.people[:2]]
    waiting = [yard.claim(project_id, who, wait=True) for who in yard.people[2:]]

    def withdraw(which: int) -> Any:
        who, claim_id = yard.people[which], held[which]
        return lambda s: claims.withdraw(s, rules, actor=who, claim_id=claim_id)

    _, rival = meet(database, withdraw(0), withdraw(1))

    assert rival.exception() is None
    assert [yard.status(one) for one in waiting] == [ClaimStatus.SUBMITTED] * 2
    assert yard.check(project_id).status is ProjectStatus.FULL


def test_an_answer_and_the_claimants_withdrawal_meet_and_one_of_them_stands(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    yard = Yard(make, session, rules)
    project_id = yard.project(places=1)
    claim_id = yard.claim(project_id, yard.people[0])
    who = yard.people[0]
    _, rival = meet(
        database,
        lambda s: claims.withdraw(s, rules, actor=who, claim_id=claim_id),
        lambda s: claims.accept(s, rules, actor=yard.secretary, claim_id=claim_id),
    )

    with pytest.raises(Conflict, match="claim_state_forbids"):
        rival.result()
    assert yard.status(claim_id) is ClaimStatus.WITHDRAWN
    assert yard.check(project_id).claimed == 0


def test_what_is_delivered_while_the_community_calls_off_stands(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    yard = Yard(make, session, rules)
    project_id = yard.project(starts_on=clock.today())
    who, claim_id = yard.people[0], yard.claim(project_id, yard.people[0])
    yard.accept(claim_id)
    claims.start(session, rules, actor=who, claim_id=claim_id)
    session.commit()
    done: dict[str, Any] = {
        "claim_id": claim_id,
        "summary": "已完成",
        "delivered_on": clock.today(),
    }
    why = Reason("场地另有安排")
    _, rival = meet(
        database,
        lambda s: claims.deliver(s, rules, actor=who, **done),
        lambda s: claims.cancel(s, actor=yard.secretary, project_id=project_id, said=why),
    )

    with pytest.raises(Conflict, match="work_was_delivered"):
        rival.result()
    assert yard.status(claim_id) is ClaimStatus.DELIVERED


def test_the_clock_leaves_alone_what_somebody_is_working_on(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    """The job passes by a project that is locked: the step itself lets the term pass."""
    database, make, session = world
    yard = Yard(make, session, rules)
    project_id = yard.project(places=1)
    claim_id = yard.claim(project_id, yard.people[0])
    yard.accept(claim_id)
    row = session.get_one(ProjectClaim, claim_id)
    row.start_due_on = clock.today() - timedelta(days=1)
    session.commit()

    with database.transaction() as first, database.transaction() as second:
        first.execute(
            sa.select(ServiceProject.id).where(ServiceProject.id == project_id).with_for_update()
        )
        turn(second, rules)
    assert yard.status(claim_id) is ClaimStatus.ACCEPTED
    with database.transaction() as own:
        turn(own, rules)
    assert yard.status(claim_id) is ClaimStatus.RELEASED
    assert yard.check(project_id).claimed == 0


def test_two_projects_for_one_demand_open_at_once_and_it_is_told_once(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    yard = Yard(make, session, rules)
    demand = add_demand(yard)
    drafts = [
        yard.project(status=ProjectStatus.DRAFT, demand_id=demand, claimed=0) for _ in range(2)
    ]

    def open_(which: int) -> Any:
        return lambda s: service.open_for_claims(s, actor=yard.secretary, project_id=drafts[which])

    _, rival = meet(database, open_(0), open_(1))

    assert rival.exception() is None
    session.expire_all()
    assert session.get_one(Demand, demand).status is DemandStatus.MATCHED
    told = sa.select(Notification).where(Notification.kind == "demands.matched")
    assert len(session.scalars(told).all()) == 1


def add_demand(yard: Yard) -> int:
    row = Demand(
        community_id=yard.community.id,
        kind=DemandKind.DEMAND,
        title="楼道没有灯",
        source=DemandSource.MEMBER,
        submitted_by=yard.people[3].account_id,
        status=DemandStatus.PUBLISHED,
        published_on=clock.today(),
        expires_on=clock.today() + timedelta(days=300),
    )
    yard.session.add(row)
    yard.session.commit()
    return row.id


def test_two_parts_of_one_demand_taken_over_at_once_count_once(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
) -> None:
    database, make, session = world
    yard = Yard(make, session, rules)
    branch = make.branch(make.unit(yard.community))
    make.member_unit(session.get_one(Unit, branch.unit_id))
    contact = make.unit_contact(branch)
    demand = add_demand(yard)
    delivered = [deliver(yard, demand, contact, branch.unit_id) for _ in range(2)]
    view: dict[str, Any] = {"solved": True, "satisfied": True, "comment": ""}

    def complete(which: int) -> Any:
        given = {"claim_id": delivered[which], **view}
        return lambda s: claims.complete(s, rules, actor=yard.secretary, **given)

    _, rival = meet(database, complete(0), complete(1))

    assert rival.exception() is None
    session.expire_all()
    assert len(session.scalars(sa.select(Posting)).all()) == 1
    assert ledger.differences(session, rules) == []


def deliver(yard: Yard, demand: int, contact: Actor, unit_id: int | None) -> int:
    """Bring a claim of the unit on a project for the demand to its delivery."""
    project_id = yard.project(places=1, demand_id=demand)
    claim_id = yard.claim(project_id, contact, unit_id=unit_id)
    yard.accept(claim_id)
    claims.start(yard.session, yard.rules, actor=contact, claim_id=claim_id)
    today: date = clock.today()
    claims.deliver(
        yard.session,
        yard.rules,
        actor=contact,
        claim_id=claim_id,
        summary="已完成",
        delivered_on=today,
    )
    yard.session.commit()
    return claim_id
