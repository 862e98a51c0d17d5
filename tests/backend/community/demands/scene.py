"""A community with its secretaries and a grid worker, and everybody who brings it demands."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands import lists, service
from backend.community.demands.models import Demand, DemandKind, DemandList
from backend.community.demands.triage import Answer, Decision
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.support.notifications.models import Notification
from tests import ledger
from tests.factories import Make

TITLE = "三号楼照明需要维修"


class Scene:
    def __init__(
        self, session: Session, rules: RulePack, make: Make, community: Area | None = None
    ) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = community or make.community()
        self.branch = make.branch(make.unit(self.community, name="城市服务局"))
        assert self.branch.unit_id is not None
        self.unit_id = self.branch.unit_id
        self.secretary = make.community_secretary(self.community)
        self.deputy = make.community_secretary(self.community)
        self.other_secretary = make.community_secretary(make.community())
        self.grid_worker = make.officer(Role.GRID_WORKER, self.community)
        self.street = session.get_one(Area, self.community.township_id)
        self.officer = make.officer(Role.STREET_OFFICER, self.street)
        self.resident, self.neighbour = self.somebody(), self.somebody()
        self.member = make.actor(make.member(self.branch))
        self.contact = make.unit_contact(self.branch)

    def somebody(self) -> Actor:
        """Signed in, and on no roster."""
        return Actor(self.make.account().id, consented=True)

    def bring(
        self,
        actor: Actor | None = None,
        *,
        title: str = TITLE,
        needed_by: date | None = None,
        kind: DemandKind = DemandKind.DEMAND,
        **given: Any,
    ) -> Demand:
        """Bring a demand, by default as a resident, and send it."""
        return service.bring(
            self.session,
            actor=actor or self.resident,
            said=service.Bringing(
                community_code=self.community.code,
                title=title,
                kind=kind,
                needed_by=needed_by,
                **given,
            ),
        )

    def answer(self, demand: Demand, decision: Decision, **given: Any) -> Demand:
        return service.decide(
            self.session,
            actor=self.secretary,
            demand_id=demand.id,
            answer=Answer(decision, **given),
        )

    def accepted(self, actor: Actor | None = None, **given: Any) -> Demand:
        return self.answer(self.bring(actor, **given), Decision.ACCEPT)

    def publish(self, actor: Actor | None = None) -> DemandList:
        return self._publish(actor or self.secretary, self.community)

    def publish_street(self, actor: Actor | None = None) -> DemandList:
        return self._publish(actor or self.officer, self.street)

    def _publish(self, actor: Actor, area: Area) -> DemandList:
        return lists.publish(self.session, self.rules, actor=actor, area_code=area.code)

    def published(self, actor: Actor | None = None, **given: Any) -> Demand:
        demand = self.accepted(actor, **given)
        self.publish()
        return demand

    def told(self, actor: Actor, kind: str | None = None) -> list[Notification]:
        """Return what stands in somebody's inbox, oldest first."""
        rows = sa.select(Notification).where(Notification.account_id == actor.account_id)
        if kind is not None:
            rows = rows.where(Notification.kind == kind)
        return list(self.session.scalars(rows.order_by(Notification.id)))

    def differences(self) -> list[str]:
        return ledger.differences(self.session, self.rules)
