"""Whoever publishes and withdraws in whatever order: a branch reads what its secretary published
and did not take back, others read nothing of it, and nothing is kept about who read."""

from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.branch_life.learning import lists, service
from backend.branch_life.learning.models import LearningMaterial
from backend.core.actor import Actor
from backend.core.asker import asked_by
from backend.core.errors import DomainError
from backend.support.notifications.models import Notification
from tests.factories import Make
from tests.random_cases import cases

WHO = st.sampled_from(["secretary", "deputy", "member", "other_secretary", "stranger"])
PUBLISHERS = ("secretary", "deputy")
WHICH = st.integers(0, 5)


class Reading(RuleBasedStateMachine):
    """Two branches: one with two secretaries and a member, one with a secretary and a member."""

    def __init__(self, session: Session, make: Make) -> None:
        super().__init__()
        self.session = session
        self.savepoint = session.begin_nested()
        self.branch, self.other = make.branch(), make.branch()
        self.people: dict[str, Actor] = {
            "secretary": make.branch_secretary(self.branch),
            "deputy": make.branch_secretary(self.branch),
            "member": make.actor(make.member(self.branch)),
            "other_secretary": make.branch_secretary(self.other),
            "stranger": make.actor(make.member(self.other)),
        }
        # What is to be read, and who took it back.
        self.published: dict[int, str | None] = {}

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.session.expire_all()

    def attempt(self, step: Any, **given: Any) -> Any:
        """Try a step; a refusal is None and leaves nothing behind."""
        try:
            with self.session.begin_nested():
                done = step(self.session, **given)
                self.session.flush()
        except DomainError:
            self.session.expire_all()
            return None
        return done

    @rule(who=WHO, title=st.sampled_from(["第一季度学习要点", "条例问答"]))
    def publish(self, who: str, title: str) -> None:
        said = service.Material(self.branch.id, title, "正文")
        done = self.attempt(service.publish, actor=self.people[who], said=said)
        assert (done is not None) is (who in PUBLISHERS)
        if done is not None:
            self.published[done.id] = None

    @rule(who=WHO, which=WHICH)
    def withdraw(self, who: str, which: int) -> None:
        if not self.published:
            return
        id_ = list(self.published)[which % len(self.published)]
        done = self.attempt(service.withdraw, actor=self.people[who], material_id=id_)
        before = self.published[id_]
        assert (done is not None) is (who in PUBLISHERS and before in (None, who))
        if done is not None:
            self.published[id_] = who

    @rule(who=WHO, which=WHICH)
    def read(self, who: str, which: int) -> None:
        """Reading leaves no trace, whoever reads."""
        if not self.published:
            return
        id_ = list(self.published)[which % len(self.published)]
        before = self.traces()
        found = self.attempt(service.detail, actor=self.people[who], material_id=id_)
        ours = self.people[who].branch_id == self.branch.id
        assert found is None or ours
        assert self.traces() == before

    def traces(self) -> list[int | None]:
        tables = (AuditEntry, Notification, LearningMaterial)
        return [
            self.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables
        ]

    @invariant()
    def each_reads_what_there_is_for_them(self) -> None:
        standing = {id_ for id_, taken_back_by in self.published.items() if not taken_back_by}
        for actor in self.people.values():
            found = {row.id for row in self.session.scalars(lists.listed(actor), asked_by(actor))}
            assert found == (standing if actor.branch_id == self.branch.id else set())

    @invariant()
    def each_step_stands_in_the_trail_once(self) -> None:
        rows = self.session.execute(sa.select(AuditEntry.action, AuditEntry.subject)).all()
        ours = [tuple(row) for row in rows if row[0].startswith("learning_material.")]
        wanted = {
            ("learning_material.published", f"learning_material:{id_}") for id_ in self.published
        }
        wanted |= {
            ("learning_material.withdrawn", f"learning_material:{id_}")
            for id_, taken_back_by in self.published.items()
            if taken_back_by
        }
        assert sorted(ours) == sorted(wanted)


def test_no_order_of_events_shows_a_branch_more_or_less_than_was_published(
    session: Session, make: Make
) -> None:
    quick = cases(3)
    run_state_machine_as_test(
        lambda: Reading(session, Make(session, make.keys)),  # type: ignore[arg-type]  # whatever makes one
        settings=quick,
    )
