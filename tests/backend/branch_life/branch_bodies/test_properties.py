"""Whoever arranges a branch in whatever order: nobody is in two groups, and the ledger agrees."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from backend.branch_life.branch_bodies import committee, groups
from backend.core import clock
from backend.core.actor import PositionKind
from backend.core.errors import DomainError
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack, kind_for
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.people.members import queries as members
from backend.people.members.models import Member, Position
from backend.people.organizations.models import Organization, OrganizationKind
from tests import ledger as city_ledger
from tests.factories import Make
from tests.random_cases import cases

BEGIN = datetime(2026, 1, 20, 9, tzinfo=clock.SHANGHAI)
LAST = date(2026, 12, 1)
WHO = st.integers(0, 3)
SOME = st.sets(WHO, max_size=3)
ACTOR = st.sampled_from(["secretary", "secretary", "secretary", "member", "stranger"])
NAMES = st.sampled_from(["第一党小组", "第二党小组"])


class BranchLife(RuleBasedStateMachine):
    """Four members and a secretary of one branch, one of whom does not belong to it."""

    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        super().__init__()
        self.session, self.pack = session, rules  # `rules` are hypothesis' own
        self.savepoint = session.begin_nested()
        self.now, self.meetings = BEGIN, 0
        self.branch = make.branch()
        self.people = [*(make.member(self.branch) for _ in range(3)), make.member()]
        self.actors = {
            "secretary": make.branch_secretary(self.branch),
            "member": make.actor(self.people[0]),
            "stranger": make.branch_secretary(make.branch()),
        }

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
        return True

    @rule(actor=ACTOR, who=SOME, deputy=st.booleans())
    def elect(self, actor: str, who: set[int], *, deputy: bool) -> None:
        kind = PositionKind.DEPUTY_SECRETARY if deputy else PositionKind.COMMITTEE_MEMBER
        seats = {self.people[i].id: kind for i in who}
        ids = {"organization_id": self.branch.id, "seats": seats}
        done = self.attempt(committee.arrange, self.pack, actor=self.actors[actor], **ids)
        assert done is (actor == "secretary" and 3 not in who)
        if done:
            posts = self.session.scalars(
                members.open_positions(self.branch.id, *members.COMMITTEE)
            ).all()
            assert {post.member_id: post.kind for post in posts} == seats

    @rule(actor=ACTOR, name=NAMES)
    def found(self, actor: str, name: str) -> None:
        given = {"organization_id": self.branch.id, "name": name}
        self.attempt(groups.found, self.pack, actor=self.actors[actor], **given)

    @rule(actor=ACTOR, which=st.integers(0, 3), who=SOME, leader=st.none() | WHO)
    def arrange(self, actor: str, which: int, who: set[int], leader: int | None) -> None:
        group = self.group(which)
        if group is not None:
            said = groups.Arrangement(
                group.name,
                None if leader is None else self.people[leader].id,
                [self.people[i].id for i in who],
            )
            by = self.actors[actor]
            self.attempt(groups.arrange, self.pack, actor=by, group_id=group.id, said=said)

    @rule(actor=ACTOR, which=st.integers(0, 3))
    def dissolve(self, actor: str, which: int) -> None:
        group = self.group(which)
        if group is not None:
            self.attempt(groups.dissolve, self.pack, actor=self.actors[actor], group_id=group.id)

    @rule(which=st.none() | st.integers(0, 3))
    def meet(self, which: int | None) -> None:
        """Post a meeting of the committee or of a group, as closing it does."""
        group = None if which is None else self.group(which)
        kind = kind_for("group_meeting", group.id) if group else "committee_meeting"
        self.meetings += 1
        day = self.now.date()
        ledger.post(
            self.session,
            self.pack,
            Entry(
                kind,
                Subject(SubjectKind.ORGANIZATION, self.branch.id),
                Source("meeting", 1_000_000 + self.meetings),
                day,
                day,
                f"meeting:{kind}:{day}",
            ),
        )

    @rule(days=st.integers(1, 25))
    def wait(self, days: int) -> None:
        self.now = min(self.now + timedelta(days=days), clock_of(LAST))

    def group(self, which: int) -> Organization | None:
        found = self.session.scalars(
            sa.select(Organization)
            .where(
                Organization.parent_id == self.branch.id,
                Organization.kind == OrganizationKind.GROUP,
            )
            .order_by(Organization.id)
        ).all()
        return found[which] if which < len(found) else None

    @invariant()
    def everybody_is_where_they_may_be(self) -> None:
        self.session.expire_all()
        for person in self.people:
            if person.group_id is not None:
                group = self.session.get_one(Organization, person.group_id)
                assert (group.parent_id, group.dissolved_on) == (person.branch_id, None)
        leads = self.session.execute(
            sa.select(Position.organization_id, Member.group_id)
            .join(Position.member)
            .where(Position.kind == PositionKind.GROUP_LEADER, Position.ends_on.is_(None))
        ).all()
        assert all(led == belongs for led, belongs in leads)
        assert len({led for led, _ in leads}) == len(leads)

    @invariant()
    def the_ledger_is_what_its_sources_say(self) -> None:
        found = city_ledger.differences(self.session, self.pack)
        assert [line for line in found if "'meeting'" not in line] == []


def clock_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=clock.SHANGHAI)


def test_no_order_of_events_breaks_the_bodies_of_a_branch(
    session: Session, rules: RulePack, make: Make
) -> None:
    quick = cases(3)
    run_state_machine_as_test(
        lambda: BranchLife(session, rules, Make(session, make.keys)),  # type: ignore[arg-type]  # whatever makes one
        settings=quick,
    )
