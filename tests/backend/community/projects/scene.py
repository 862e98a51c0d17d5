"""A community, its street, and those who publish, claim and answer there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims import tasks
from backend.community.claims.flow import let_pass
from backend.community.claims.models import ProjectClaim
from backend.community.demands.models import Demand, DemandKind, DemandSource, DemandStatus
from backend.community.projects.models import ServiceProject
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Unit
from backend.support.notifications.models import Notification
from tests import ledger
from tests.factories import Make
from tests.http_client import ApiClient

# A Monday with no holiday near: three working days later it is Thursday.
MONDAY = date(2026, 11, 2)
RESULT = {"solved": True, "satisfied": True, "comment": "居民都说好"}


class Yard:
    """Two registered members, a unit of the community's coordination body with its contact, the
    secretary, and an officer of the street."""

    def __init__(self, client: ApiClient, session: Session, rules: RulePack, make: Make) -> None:
        self.client, self.session, self.rules, self.make = client, session, rules, make
        self.community = make.community()
        self.street = session.get_one(Area, self.community.township_id)
        self.branch = make.branch(make.unit(self.community, name="城市服务局"))
        assert self.branch.unit_id is not None
        self.unit_id = self.branch.unit_id
        make.member_unit(session.get_one(Unit, self.unit_id))
        self.contact = make.unit_contact(self.branch)
        self.secretary = make.community_secretary(self.community)
        self.officer = make.officer(Role.STREET_OFFICER, self.street)
        self.first, self.second, self.third = (self.resident() for _ in range(3))

    def resident(self) -> Actor:
        """A member who is registered with the community."""
        return self.make.actor(self.make.member(community_id=self.community.id))

    def registered_secretary(self) -> Actor:
        """The community's secretary, who is registered with it as well."""
        member = self.session.get_one(Member, self.secretary.member_id)
        member.community_id = self.community.id
        self.session.flush()
        return replace(self.secretary, community_id=self.community.id)

    @contextmanager
    def day(self, day: date, hour: int = 9) -> Iterator[None]:
        """Let the block happen on another day; the project's clock has run before."""
        with clock.at(datetime.combine(day, time(hour), clock.SHANGHAI)):
            yield

    def project(self, **given: Any) -> ServiceProject:
        return self.make.project(self.community, **given)

    def demand(self, **given: Any) -> Demand:
        """A demand on the community's list."""
        today = clock.today()
        values: dict[str, Any] = {
            "kind": DemandKind.DEMAND,
            "title": "楼道没有灯",
            "source": DemandSource.COMMUNITY,
            "submitted_by": self.secretary.account_id,
            "status": DemandStatus.PUBLISHED,
            "published_on": today,
            "expires_on": today + timedelta(days=365),
        }
        row = Demand(**values | {"community_id": self.community.id} | given)
        self.session.add(row)
        self.session.flush()
        return row

    def plan(self, **changed: Any) -> dict[str, Any]:
        today = clock.today()
        return {
            "community_code": self.community.code,
            "title": "整理自行车棚",
            "places": 2,
            "starts_on": str(today),
            "ends_on": str(today + timedelta(days=60)),
            "claim_deadline": (clock.now() + timedelta(days=7)).isoformat(),
        } | changed

    def ask(
        self, method: str, path: str, who: Actor, expect: int = 200, body: Any = None
    ) -> dict[str, Any]:
        found: dict[str, Any] = self.client.request(method, path, as_=who, json=body, expect=expect)
        return found

    def claim(
        self, project: ServiceProject | int, who: Actor, expect: int = 201, **body: Any
    ) -> dict[str, Any]:
        id_ = project if isinstance(project, int) else project.id
        return self.ask("POST", f"/projects/{id_}/claims", who, expect, body)

    def step(
        self, claim: dict[str, Any], step: str, who: Actor, expect: int = 200, body: Any = None
    ) -> dict[str, Any]:
        return self.ask("POST", f"/claims/{claim['id']}/{step}", who, expect, body)

    def begin(self, project: ServiceProject | int, who: Actor, **body: Any) -> dict[str, Any]:
        """Claim, have it accepted, and start."""
        claim = self.claim(project, who, **body)
        self.step(claim, "acceptance", self.secretary)
        return self.step(claim, "start", who)

    def deliver(self, claim: dict[str, Any], who: Actor, text: str = "已完成") -> dict[str, Any]:
        body = {"summary": text, "delivered_on": str(clock.today())}
        return self.step(claim, "delivery", who, body=body)

    def carry_out(self, project: ServiceProject | int, who: Actor, **body: Any) -> dict[str, Any]:
        claim = self.begin(project, who, **body)
        self.deliver(claim, who)
        return self.step(claim, "completion", self.secretary, body=RESULT)

    def turn(self) -> None:
        """Do what the job does."""
        after = 0
        while (project := tasks.take_due(self.session, after=after)) is not None:
            let_pass(self.session, self.rules, project)
            self.session.flush()
            after = project.id

    def row(self, claim: dict[str, Any]) -> ProjectClaim:
        self.session.expire_all()
        return self.session.get_one(ProjectClaim, claim["id"])

    def state(self, project: ServiceProject | int) -> str:
        self.session.expire_all()
        id_ = project if isinstance(project, int) else project.id
        return str(self.session.get_one(ServiceProject, id_).status)

    def news(self, who: Actor) -> list[str]:
        """The kinds of what stands in somebody's inbox, in order."""
        mine = Notification.account_id == who.account_id
        rows = self.session.scalars(sa.select(Notification).where(mine).order_by(Notification.id))
        return [str(row.kind) for row in rows]

    def differences(self) -> list[str]:
        return ledger.differences(self.session, self.rules)
