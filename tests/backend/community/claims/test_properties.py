"""Whoever does whatever to projects and claims in whatever order: places, uniqueness, the queue and
the ledger hold, and nobody is told of what did not happen."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.community.claims import service as claims
from backend.community.claims import tasks
from backend.community.claims.flow import FLOW as CLAIM
from backend.community.claims.flow import let_pass
from backend.community.claims.models import HOLDING, LIVE, ClaimStatus, ProjectClaim
from backend.community.demands.models import Demand, DemandKind, DemandSource, DemandStatus
from backend.community.projects import service
from backend.community.projects.flow import FLOW as PROJECT
from backend.community.projects.models import (
    TAKING_CLAIMS,
    ClaimantKind,
    ProjectStatus,
    ServiceProject,
)
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.errors import DomainError
from backend.core.states import Machine
from backend.flows.steps import Reason
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit
from backend.support.notifications.models import (
    Notification,
    Reminder,
    ReminderStatus,
)
from tests import ledger as city_ledger
from tests.factories import Make
from tests.random_cases import cases

BEGIN = datetime(2026, 3, 2, 9, tzinfo=clock.SHANGHAI)
WHO = st.sampled_from(["first", "second", "third", "contact", "other_contact", "secretary"])
DECIDER = st.sampled_from(["secretary", "secretary", "officer", "first"])
WHICH = st.integers(0, 5)
VIEW = {"solved": True, "satisfied": True, "comment": ""}
# What each kind of news must have been caused by, in the audit log.
CAUSES = {
    "claims.submitted": {"claim.submitted", "claim.moved_up"},
    "claims.accepted": {"claim.accepted"},
    "claims.declined": {"claim.declined"},
    "claims.delivered": {"claim.delivered"},
    "claims.completed": {"claim.completed"},
    "claims.returned": {"claim.returned"},
    "claims.failed": {"claim.failed"},
    "claims.lapsed": {"claim.lapsed"},
    "claims.released": {"claim.released"},
    "claims.moved_up": {"claim.moved_up"},
    "claims.evaluated": {"claim.evaluated"},
    "claims.done": {"project.done"},
    "projects.expired": {"project.expired"},
    "projects.approved": {"project.opened"},
    "projects.returned": {"project.returned"},
    "projects.review_requested": {"project.review_requested"},
}


Edges = dict[str, set[str]]


def edges_of(machine: Machine[Any]) -> Edges:
    found: Edges = {}
    for one in machine.transitions:
        found.setdefault(one.source, set()).add(one.target)
    return found


PROJECT_EDGES, CLAIM_EDGES = edges_of(PROJECT.machine), edges_of(CLAIM.machine)


class ProjectLife(RuleBasedStateMachine):
    """Two small projects at a time, three members, two units, their community and street."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        super().__init__()
        self.session, self.pack, self.make = session, rules, make  # `rules` are hypothesis' own
        self.savepoint = session.begin_nested()
        self.now = BEGIN
        self.community = make.community()
        street = session.get_one(Area, self.community.township_id)
        self.people: dict[str, Actor] = {
            "secretary": make.community_secretary(self.community),
            "officer": make.officer(Role.STREET_OFFICER, street),
        }
        for name in ("first", "second", "third"):
            self.people[name] = make.actor(make.member(community_id=self.community.id))
        for name in ("contact", "other_contact"):
            branch = make.branch(make.unit(make.community()))
            make.member_unit(session.get_one(Unit, branch.unit_id))
            self.people[name] = make.unit_contact(branch)
        self.demand_id = self._demand().id
        self.seen: dict[str, str] = {}

    def _demand(self) -> Demand:
        """One of the first unit's own, on the list."""
        row = Demand(
            community_id=self.community.id,
            kind=DemandKind.DEMAND,
            title="楼道没有灯",
            source=DemandSource.UNIT,
            unit_id=self.unit_of("contact"),
            submitted_by=self.people["contact"].account_id,
            status=DemandStatus.PUBLISHED,
            published_on=BEGIN.date(),
            expires_on=date(2027, 12, 31),
        )
        self.session.add(row)
        self.session.flush()
        return row

    def unit_of(self, who: str) -> int | None:
        return next(iter(self.people[who].units(Role.UNIT_CONTACT)), None)

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.session.expire_all()

    def attempt(self, step: Any, *args: Any, **given: Any) -> bool:
        """Try a step; a refusal leaves nothing behind."""
        try:
            with clock.at(self.now), self.session.begin_nested():
                step(self.session, *args, **given)
                self.session.flush()
        except DomainError:
            self.session.expire_all()
            return False
        self.session.expire_all()
        return True

    def project(self, which: int) -> ServiceProject | None:
        rows = self.session.scalars(sa.select(ServiceProject).order_by(ServiceProject.id)).all()
        return rows[which % len(rows)] if rows else None

    def claim_of(self, which: int) -> ProjectClaim | None:
        rows = self.session.scalars(sa.select(ProjectClaim).order_by(ProjectClaim.id)).all()
        return rows[-1 - which % len(rows)] if rows else None

    @rule(
        places=st.integers(1, 2),
        lasts=st.integers(3, 40),
        funded=st.booleans(),
        demanded=st.booleans(),
        claimants=st.sampled_from([ClaimantKind.ANY, ClaimantKind.ANY, ClaimantKind.UNITS]),
    )
    def publish(
        self, places: int, lasts: int, claimants: ClaimantKind, *, funded: bool, demanded: bool
    ) -> None:
        today = self.now.date()
        plan = service.Plan(
            title="整理车棚",
            claimants=claimants,
            places=places,
            starts_on=today,
            ends_on=today + timedelta(days=lasts),
            claim_deadline=self.now + timedelta(days=lasts // 2),
            funded=funded,
            community_code=self.community.code,
            demand_id=self.demand_id if demanded else None,
        )
        self.attempt(service.publish, actor=self.people["secretary"], plan=plan)

    @rule(which=WHICH, act=st.sampled_from(["open", "open", "approve", "return", "cancel"]))
    def decide_about_project(self, which: int, act: str) -> None:
        project = self.project(which)
        if project is None:
            return
        officer, secretary = self.people["officer"], self.people["secretary"]
        steps: dict[str, Any] = {
            "open": (service.open_for_claims, secretary, {}),
            "approve": (service.approve, officer, {}),
            "return": (service.send_back, officer, {"reason": "请补充"}),
            "cancel": (claims.cancel, secretary, {"said": Reason("另有安排")}),
        }
        step, actor, more = steps[act]
        self.attempt(step, actor=actor, project_id=project.id, **more)

    @rule(which=WHICH, who=WHO, wait=st.booleans(), as_unit=st.booleans())
    def claim(self, which: int, who: str, *, wait: bool, as_unit: bool) -> None:
        project = self.project(which)
        if project is None:
            return
        unit_id = self.unit_of(who) if as_unit else None
        given = {"project_id": project.id, "said": claims.Claiming(unit_id, wait=wait)}
        own = project.demand_id is not None and who == "contact" and unit_id is not None
        done = self.attempt(claims.claim, self.pack, actor=self.people[who], **given)
        assert not (done and own), "a unit claimed its own demand"

    @rule(which=WHICH, who=WHO, act=st.sampled_from(["withdraw", "start", "deliver", "evaluate"]))
    def go_on(self, which: int, who: str, act: str) -> None:
        claim = self.claim_of(which)
        if claim is None:
            return
        steps: dict[str, Any] = {
            "withdraw": (claims.withdraw, {}),
            "start": (claims.start, {}),
            "deliver": (claims.deliver, {"summary": "完成", "delivered_on": self.now.date()}),
            "evaluate": (claims.evaluate, VIEW),
        }
        step, more = steps[act]
        mine = self._is_of(claim, who)
        given = {"actor": self.people[who], "claim_id": claim.id, **more}
        assert mine or not self.attempt(step, self.pack, **given)
        if mine:
            self.attempt(step, self.pack, **given)

    def _is_of(self, claim: ProjectClaim, who: str) -> bool:
        if claim.unit_id is not None:
            return claim.unit_id == self.unit_of(who)
        return claim.member_id == self.people[who].member_id

    @rule(
        which=WHICH,
        who=DECIDER,
        act=st.sampled_from(["accept", "accept", "decline", "return", "complete", "fail"]),
    )
    def decide(self, which: int, who: str, act: str) -> None:
        claim = self.claim_of(which)
        if claim is None:
            return
        steps: dict[str, Any] = {
            "accept": (claims.accept, {}),
            "decline": (claims.decline, {"reason": "人手已够"}),
            "return": (claims.send_back, {"reason": "请补充"}),
            "complete": (claims.complete, VIEW),
            "fail": (claims.fail, {"reason": "未能开展"}),
        }
        step, more = steps[act]
        of_secretary = claim.member_id == self.people["secretary"].member_id
        may = who == ("officer" if of_secretary else "secretary")
        given = {"actor": self.people[who], "claim_id": claim.id, **more}
        assert may or not self.attempt(step, self.pack, **given)
        if may:
            self.attempt(step, self.pack, **given)

    @rule(days=st.integers(1, 9), turns=st.booleans())
    def wait(self, days: int, *, turns: bool) -> None:
        """Let days pass, with or without the job."""
        self.now = min(self.now + timedelta(days=days), BEGIN.replace(month=12))
        if turns:
            self.turn()

    def turn(self) -> None:
        with clock.at(self.now):
            after = 0
            while (project := tasks.take_due(self.session, after=after)) is not None:
                let_pass(self.session, self.pack, project)
                self.session.flush()
                after = project.id
        self.session.expire_all()

    @invariant()
    def places_hold(self) -> None:
        self.session.expire_all()
        for project in self.session.scalars(sa.select(ServiceProject)).all():
            rows = self.claims_of(project)
            holding = [row for row in rows if row.status in HOLDING]
            if project.status in TAKING_CLAIMS:
                assert project.claimed == len(holding) <= project.places
            waiting = any(row.status is ClaimStatus.WAITING for row in rows)
            takes = project.status in TAKING_CLAIMS
            assert not waiting or takes, "somebody waits for nothing"
            over = self.now.date() > project.ends_on
            assert not (waiting and project.places_left) or over, "a place and a queue"
            live = Counter(
                (row.unit_id, row.unit_id or row.member_id) for row in rows if row.status in LIVE
            )
            assert all(count == 1 for count in live.values())

    def claims_of(self, project: ServiceProject) -> list[ProjectClaim]:
        mine = ProjectClaim.project_id == project.id
        return list(self.session.scalars(sa.select(ProjectClaim).where(mine)))

    @invariant()
    def what_ended_has_nothing_under_way(self) -> None:
        ended = (ProjectStatus.DONE, ProjectStatus.EVALUATED, ProjectStatus.EXPIRED)
        under_way = (*set(LIVE) - {ClaimStatus.COMPLETED},)
        found = sa.select(sa.func.count()).where(
            ProjectClaim.project_id == ServiceProject.id,
            ServiceProject.status.in_((*ended, ProjectStatus.CANCELLED)),
            ProjectClaim.status.in_(under_way),
        )
        assert self.session.scalar(found) == 0

    @invariant()
    def each_state_was_reached_by_its_table(self) -> None:
        """From one look to the next every change is a path of allowed transitions."""
        projects = self.session.scalars(sa.select(ServiceProject)).all()
        claims_ = self.session.scalars(sa.select(ProjectClaim)).all()
        rows: list[ServiceProject | ProjectClaim] = [*projects, *claims_]
        for row in rows:
            edges = PROJECT_EDGES if isinstance(row, ServiceProject) else CLAIM_EDGES
            before = self.seen.get(row.as_subject)
            assert before is None or row.status in reach(edges, before)
            self.seen[row.as_subject] = str(row.status)

    @invariant()
    def the_demand_follows_its_projects(self) -> None:
        mine = ServiceProject.demand_id == self.demand_id
        demand = sa.select(Demand.status).where(Demand.id == self.demand_id)
        status = self.session.scalar(demand)
        found = set(self.session.scalars(sa.select(ServiceProject.status).where(mine)))
        if found & set(TAKING_CLAIMS):
            assert status is DemandStatus.MATCHED
        elif status is DemandStatus.MATCHED:
            raise AssertionError("matched with nothing")

    @invariant()
    def sources_and_ledger_agree(self) -> None:
        assert city_ledger.differences(self.session, self.pack) == []

    @invariant()
    def nothing_is_told_without_its_cause(self) -> None:
        acted = sa.select(AuditEntry.action, AuditEntry.subject)
        done = Counter((action, of) for action, of in self.session.execute(acted))
        inboxes = sa.select(Notification.account_id, Notification.kind, Notification.business_id)
        told = Counter(
            (who, str(kind), subject_of(kind, id_))
            for who, kind, id_ in self.session.execute(inboxes)
        )
        for (_, kind, subject), times in told.items():
            causes, of = CAUSES.get(kind), subject
            if causes is None:
                continue
            if kind == "claims.done":
                claim = self.session.get_one(ProjectClaim, int(subject.partition(":")[2]))
                of = claim.project.as_subject
            assert times <= sum(done[cause, of] for cause in causes), (kind, subject)

    @invariant()
    def reminders_are_planned_for_what_is_still_to_happen(self) -> None:
        planned = sa.select(Reminder).where(Reminder.status == ReminderStatus.PLANNED)
        expected = {
            "claims.answer_due": {"submitted"},
            "claims.retry_due": {"lapsed"},
            "claims.start_due": {"accepted"},
            "claims.starts": {"accepted"},
            "claims.delivery_due": {"accepted", "in_progress"},
        }
        for row in self.session.scalars(planned):
            if row.kind in expected:
                claim = self.session.get_one(ProjectClaim, int(row.subject.partition(":")[2]))
                assert claim.status in expected[row.kind], (row.kind, claim.status)


def subject_of(kind: str, business_id: str) -> str:
    """What news of that kind are about: `claims.done` is told of each claim."""
    of_claim = kind.startswith("claims.")
    table = ProjectClaim.__tablename__ if of_claim else ServiceProject.__tablename__
    return f"{table}:{business_id.partition(':')[0]}"


def reach(edges: Edges, source: str) -> set[str]:
    found, rest = {source}, [source]
    while rest:
        new = edges.get(rest.pop(), set()) - found
        found |= new
        rest += new
    return found


def test_any_order_of_events_keeps_places_queue_and_ledger(
    session: Session, rules: RulePack, make: Make
) -> None:
    quick = cases(3, steps=30)
    run_state_machine_as_test(
        lambda: ProjectLife(session, rules, Make(session, make.keys)),  # type: ignore[arg-type]  # whatever makes one
        settings=quick,
    )
