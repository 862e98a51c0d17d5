"""Whoever does what with demands in whatever order: the table, the lists, the ledger and the news
stay true."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from backend.community.claims import evidence
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.demands import expiry, lists, matching, service
from backend.community.demands.flow import FLOW
from backend.community.demands.models import (
    Demand,
    DemandKind,
    DemandList,
    DemandListItem,
    DemandStatus,
)
from backend.community.demands.queries import OPEN
from backend.community.demands.triage import Answer, Decision, Outcome
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.core import clock
from backend.core.errors import DomainError
from backend.ledger import service as ledger
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.support.notifications.models import Notification
from tests.backend.community.demands.scene import TITLE, Scene
from tests.factories import Make
from tests.random_cases import cases

S = DemandStatus
BEGIN = datetime(2026, 10, 1, 9, tzinfo=clock.SHANGHAI)
WHICH = st.integers(0, 5)
BRINGS = st.sampled_from(["resident", "neighbour", "member", "contact", "secretary"])
DECIDES = st.sampled_from(["secretary", "secretary", "deputy", "officer", "other_secretary"])
SECRETARIES = ("secretary", "deputy")
Told = set[tuple[str, str, int]]


class DemandLife(RuleBasedStateMachine):
    """Six demands at most, of one community."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        super().__init__()
        self.session, self.pack, self.make = session, rules, make  # `rules` are hypothesis' own
        self.savepoint = session.begin_nested()
        self.scene = Scene(session, rules, make)
        self.now = BEGIN
        self.told: Told = set()
        self.listed: dict[int, set[int]] = {}
        self.refused = 0

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.session.expire_all()

    def demands(self) -> list[Demand]:
        rows = sa.select(Demand).where(Demand.community_id == self.scene.community.id)
        return list(self.session.scalars(rows.order_by(Demand.id)))

    def anew(self, id_: int) -> Demand:
        return self.session.get_one(Demand, id_, populate_existing=True)

    def demand(self, which: int) -> Demand | None:
        found = self.demands()
        return found[which] if which < len(found) else None

    def attempt(self, demand: Demand, event: str, step: Any, **given: Any) -> bool:
        """Try a step; what is done was in the table, and a refusal leaves nothing behind."""
        before, id_ = demand.status, demand.id
        done = self.quietly(step, demand_id=id_, **given)
        self.anew(id_)
        if demand.status is not before:
            assert FLOW.machine.after(before, event) is demand.status
        return done and demand.status is not before

    def quietly(self, step: Any, *args: Any, **given: Any) -> bool:
        try:
            with clock.at(self.now), self.session.begin_nested():
                step(self.session, *args, **given)
                self.session.flush()
        except DomainError:
            self.refused += 1
            self.session.expire_all()
            return False
        return True

    def tell(self, kind: str, demand: Demand, when: str = "") -> None:
        """Note that who brought it must have heard."""
        self.told.add((kind, f"{demand.id}{when}", demand.submitted_by))

    def tell_merged(self, kind: str, demand: Demand, when: str = "") -> None:
        rows = sa.select(Demand.submitted_by).where(Demand.merged_into_id == demand.id)
        heard = f"{demand.id}{when}"
        self.told |= {(kind, heard, account) for account in self.session.scalars(rows)}

    def tell_officials(self, kind: str, demand: Demand, *whom: str) -> None:
        accounts = [getattr(self.scene, who).account_id for who in whom]
        self.told |= {(kind, str(demand.id), account) for account in accounts}

    def tell_deciders(self, demand: Demand) -> None:
        """Of what a secretary brought the other one and the street are told."""
        own = demand.submitted_by == self.scene.secretary.account_id
        whom = ("deputy", "officer") if own else SECRETARIES
        self.tell_officials("demands.submitted", demand, *whom)

    @rule(who=BRINGS, draft=st.booleans(), wish=st.booleans(), days=st.none() | st.integers(0, 90))
    def bring(self, who: str, days: int | None, *, draft: bool, wish: bool) -> None:
        if len(self.demands()) > 5:
            return
        needed = None if days is None else self.now.date() + timedelta(days=days)
        kind = DemandKind.MICRO_WISH if wish else DemandKind.DEMAND
        done = self.quietly(
            service.bring,
            actor=getattr(self.scene, who),
            said=service.Bringing(
                community_code=self.scene.community.code,
                title=TITLE,
                kind=kind,
                needed_by=needed,
                unit_id=self.scene.unit_id if who == "contact" else None,
                draft=draft,
            ),
        )
        assert done
        if not draft:
            self.tell_deciders(self.demands()[-1])

    @rule(who=BRINGS, which=WHICH, again=st.booleans())
    def submit(self, who: str, which: int, *, again: bool) -> None:
        demand = self.demand(which)
        if demand is None:
            return
        actor = getattr(self.scene, who)
        if again:
            self.attempt(demand, "amend", service.amend, actor=actor, title="四号楼也需要维修")
        if self.attempt(demand, "submit", service.submit, actor=actor):
            self.tell_deciders(demand)

    @rule(who=BRINGS, which=WHICH)
    def withdraw(self, who: str, which: int) -> None:
        demand = self.demand(which)
        if demand and self.attempt(
            demand, "withdraw", service.withdraw, actor=getattr(self.scene, who)
        ):
            self.tell_merged("demands.closed", demand)

    @rule(who=DECIDES, which=WHICH, decision=st.sampled_from(Decision), other=WHICH)
    def decide(self, who: str, which: int, decision: Decision, other: int) -> None:
        demand, target = self.demand(which), self.demand(other)
        if demand is None:
            return
        into = target.id if target and decision is Decision.MERGE else None
        reason = "" if decision is Decision.ACCEPT else "已核实"
        answer = Answer(decision, reason, into)
        given = {"actor": getattr(self.scene, who), "answer": answer}
        if self.attempt(demand, decision, service.decide, **given):
            self.tell("demands.decided", demand)

    @rule(who=DECIDES)
    def publish(self, who: str) -> None:
        before = {demand.id: demand.status for demand in self.demands()}
        newest = self.publish_of(self.scene.community, who)
        if newest is None:
            return
        wanted = set()
        for demand in self.demands():
            if demand.status in (S.PUBLISHED, S.MATCHED) and not self.is_over(demand):
                wanted.add(demand.id)
            if before[demand.id] is S.ACCEPTED:
                assert demand.status is S.PUBLISHED
                self.tell("demands.published", demand)
                self.tell_merged("demands.published", demand)
        self.listed[newest.id] = wanted

    @rule(who=DECIDES)
    def publish_street(self, who: str) -> None:
        """Union of the communities' lists: it takes up what is on one of the year, and changes
        none of it."""
        before = {demand.id: demand.status for demand in self.demands()}
        year = DemandList.year == self.now.year
        found = sa.select(DemandList.id).where(DemandList.area_id == self.scene.community.id, year)
        published = set().union(*(self.listed[id_] for id_ in self.session.scalars(found)))
        newest = self.publish_of(self.scene.street, who)
        if newest is None:
            return
        assert who == "officer"
        assert {demand.id: demand.status for demand in self.demands()} == before
        self.listed[newest.id] = {
            demand.id
            for demand in self.demands()
            if demand.id in published and demand.status in OPEN and not self.is_over(demand)
        }
        assert self.listed[newest.id]

    def publish_of(self, area: Area, who: str) -> DemandList | None:
        actor = getattr(self.scene, who)
        if not self.quietly(lists.publish, self.pack, actor=actor, area_code=area.code):
            return None
        self.session.expire_all()
        return self.session.scalars(sa.select(DemandList).order_by(DemandList.id.desc())).first()

    def is_over(self, demand: Demand) -> bool:
        """Its last day has passed, and only the clock does not know yet."""
        last = demand.expires_on
        return demand.status is S.PUBLISHED and last is not None and last < self.now.date()

    @rule(who=DECIDES, which=WHICH, outcome=st.sampled_from(Outcome))
    def close(self, who: str, which: int, outcome: Outcome) -> None:
        demand = self.demand(which)
        event = "solve" if outcome is Outcome.SOLVED else "give_up"
        given = {"actor": getattr(self.scene, who), "said": service.Closing("已核实", outcome)}
        if demand and self.attempt(demand, event, service.close, **given):
            self.tell("demands.closed", demand)
            self.tell_merged("demands.closed", demand)

    @rule(who=BRINGS, which=WHICH, good=st.booleans())
    def evaluate(self, who: str, which: int, *, good: bool) -> None:
        demand = self.demand(which)
        if demand is None:
            return
        before = demand.solved
        said = {"solved": good, "satisfied": good, "comment": ""}
        actor = getattr(self.scene, who)
        self.attempt(demand, "evaluate", service.evaluate, actor=actor, **said)
        assert before is None or demand.solved is before
        if before is None and demand.solved is not None:
            self.tell_officials("demands.evaluated", demand, *SECRETARIES)

    @rule(which=WHICH)
    def match(self, which: int) -> None:
        demand = self.demand(which)
        if demand is None:
            return

        def take_up(session: Session) -> None:
            opened = matching.open_demand(session, self.scene.secretary, demand.id)
            matching.match(session, opened)
            self.make.project(self.scene.community, demand_id=demand.id)

        if self.quietly(take_up):
            self.tell("demands.matched", demand)
            self.tell_merged("demands.matched", demand)

    @rule(solved=st.booleans())
    def end_a_project(self, *, solved: bool) -> None:
        running = sa.select(ServiceProject).where(
            ServiceProject.status == ProjectStatus.OPEN, ServiceProject.demand_id.is_not(None)
        )
        project = self.session.scalars(running.order_by(ServiceProject.id)).first()
        if project is None or project.demand is None:
            return
        demand = project.demand
        with clock.at(self.now):
            if solved:
                self.solve(project)
            project.status = ProjectStatus.EXPIRED
            before = demand.status
            matching.settle(self.session, demand.id, project.id)
        if before is S.MATCHED and demand.status in (S.PUBLISHED, S.ACCEPTED):
            self.tell("demands.progress", demand, f":again:{project.id}")
            self.tell_merged("demands.progress", demand, f":again:{project.id}")
        if demand.status is S.SOLVED:
            self.tell("demands.closed", demand)
            self.tell_merged("demands.closed", demand)

    def solve(self, project: ServiceProject) -> None:
        """Somebody's work on it was taken over."""
        row = ProjectClaim(
            project=project,
            member_id=self.make.member().id,
            status=ClaimStatus.COMPLETED,
            delivered_on=clock.today(),
            completed_at=clock.now(),
            solved=True,
            satisfied=True,
        )
        self.session.add(row)
        self.session.flush()
        ledger.post(self.session, self.pack, evidence.entry_of(row))

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        """Time goes on, into the next year; the clock comes round or does not."""
        self.now += timedelta(days=days)
        if days % 3:
            return
        due = [demand.id for demand in self.demands() if self.is_over(demand)]
        assert self.quietly(expiry.expire_due)
        for demand in map(self.anew, due):
            assert demand.status is S.EXPIRED
            self.tell("demands.closed", demand)
            self.tell_merged("demands.closed", demand)

    @invariant()
    def a_list_holds_what_was_published_with_it(self) -> None:
        items = self.session.execute(sa.select(DemandListItem.list_id, DemandListItem.demand_id))
        found: dict[int, set[int]] = {}
        for list_id, demand_id in items:
            found.setdefault(list_id, set()).add(demand_id)
        assert found == self.listed
        on_some = set().union(*self.listed.values()) if self.listed else set()
        assert on_some == {one.id for one in self.demands() if one.published_on is not None}

    @invariant()
    def the_ledger_is_what_the_lists_say(self) -> None:
        assert self.scene.differences() == []

    @invariant()
    def everybody_heard_once_of_what_happened_and_of_nothing_else(self) -> None:
        rows = self.session.scalars(
            sa.select(Notification).where(Notification.subject.startswith("demand:"))
        ).all()
        found = [(row.kind, row.business_id, row.account_id) for row in rows]
        assert len(found) == len(set(found))
        assert set(found) == self.told

    @invariant()
    def whatever_is_merged_is_merged_into_what_is_not(self) -> None:
        for one in self.demands():
            if one.merged_into_id is not None:
                target = self.session.get_one(Demand, one.merged_into_id)
                assert target.merged_into_id is None


def test_no_order_of_events_breaks_a_demand(session: Session, rules: RulePack, make: Make) -> None:
    quick = cases(3, steps=25)
    run_state_machine_as_test(
        lambda: DemandLife(session, rules, Make(session, make.keys)),  # type: ignore[arg-type]  # whatever makes one
        settings=quick,
    )


def test_the_machine_reaches_what_it_is_about(
    session: Session, rules: RulePack, make: Make
) -> None:
    """One life by hand: without it the properties above might hold of nothing."""
    life = DemandLife(session, rules, make)
    life.bring("resident", None, draft=True, wish=False)
    life.submit("resident", 0, again=True)
    life.decide("secretary", 0, Decision.ACCEPT, 0)
    life.bring("contact", 30, draft=False, wish=True)
    life.decide("deputy", 1, Decision.MERGE, 0)
    life.publish("secretary")
    life.publish_street("officer")
    life.match(0)
    life.match(0)
    life.end_a_project(solved=True)
    life.end_a_project(solved=True)
    life.evaluate("resident", 0, good=True)
    life.bring("member", 1, draft=False, wish=False)
    life.decide("secretary", 2, Decision.ACCEPT, 0)
    life.publish("deputy")
    life.wait(3)

    assert life.refused == 0
    assert [one.status for one in life.demands()] == [S.SOLVED, S.MERGED, S.EXPIRED]
    assert sorted(len(listed) for listed in life.listed.values()) == [1, 1, 1]
    for check in ("a_list_holds_what_was_published_with_it", "the_ledger_is_what_the_lists_say",
                  "everybody_heard_once_of_what_happened_and_of_nothing_else"):  # fmt: skip
        getattr(life, check)()
    life.teardown()
