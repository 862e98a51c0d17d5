"""Whatever people do in whatever order: places, the queue, the ledger and the news stay true."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivityShift,
    ActivitySignUp,
    ActivityStatus,
    AttendanceMark,
    SignUpStatus,
)
from backend.community.volunteering.activities.roll import Line
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.errors import DomainError
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger as city_ledger
from tests.backend.community.volunteering.activity_scene import ActivityScene, shift
from tests.factories import Make
from tests.random_cases import cases

WHO, WHICH = st.integers(0, 3), st.integers(0, 1)

BEGIN = datetime(2026, 3, 10, 9, tzinfo=clock.SHANGHAI)


class ActivityLife(RuleBasedStateMachine):
    """Four members, an organiser, two shifts of one day; beside it the queue as it should be."""

    def __init__(self, scene: ActivityScene) -> None:
        super().__init__()
        self.scene, self.session = scene, scene.session
        self.savepoint = self.session.begin_nested()
        self.now = BEGIN - timedelta(days=2)
        self.actors = [scene.member() for _ in range(4)]
        self.news: Counter[tuple[int, str]] = Counter()
        self.order: list[list[int]] = [[], []]
        self.places = [1, 2]
        with clock.at(self.now):
            second = BEGIN + timedelta(hours=3)
            self.activity_id = scene.publish((BEGIN, 1), (second, 2)).id

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.session.expunge_all()

    def attempt(self, step: Any) -> bool:
        """Try a step; a refusal leaves nothing behind."""
        try:
            with clock.at(self.now), self.session.begin_nested():
                step()
                self.session.flush()
        except DomainError:
            self.session.expunge_all()
            return False
        return True

    @property
    def activity(self) -> Activity:
        return self.session.get_one(Activity, self.activity_id)

    @property
    def shifts(self) -> list[ActivityShift]:
        return self.activity.shifts

    @initialize(order=st.permutations(range(4)))
    def begin_with_a_queue(self, order: list[int]) -> None:
        for who in order:
            self.sign_up(who, 0, clash=False)

    @rule(who=WHO, which=WHICH, clash=st.booleans())
    def sign_up(self, who: int, which: int, clash: bool) -> None:
        actor, queue = self.actors[who], self.order[which]
        done = self.attempt(
            lambda: self.scene.sign_up(
                self.activity, actor, self.shifts[which], override_clash=clash
            )
        )
        assert not (done and who in queue)
        if done:
            queue.append(who)

    @rule(who=WHO)
    def withdraw(self, who: int) -> None:
        if not self.attempt(lambda: self.scene.withdraw(self.activity, self.actors[who])):
            return
        for which, queue in enumerate(self.order):
            if who in queue and self.ends(which) > self.now:
                self.leave(which, who)

    def leave(self, which: int, who: int) -> None:
        queue, places = self.order[which], self.places[which]
        before = queue[:places]
        queue.remove(who)
        for risen in set(queue[:places]) - set(before):
            self.news[risen, "volunteering.sign_up_moved_up"] += 1

    def ends(self, which: int) -> datetime:
        return BEGIN + timedelta(hours=2 + 3 * which)

    @rule(which=WHICH, places=st.integers(1, 4))
    def set_places(self, which: int, places: int) -> None:
        plans = [
            shift(one.starts_at, places if number == which else one.places, id_=one.id)
            for number, one in enumerate(self.shifts)
        ]
        if not self.attempt(lambda: self.scene.amend(self.activity, *plans)):
            return
        held, queue = self.places[which], self.order[which]
        self.places[which] = places
        if self.ends(which) > self.now:
            for risen in queue[held:places]:
                self.news[risen, "volunteering.sign_up_moved_up"] += 1

    @rule(number=st.integers(1, 5))
    def move_place(self, number: int) -> None:
        place = f"第{number}会议室"
        moves = place != self.activity.place
        if self.attempt(lambda: self.scene.amend(self.activity, place=place)) and moves:
            self.tell_all("volunteering.activity_changed")

    @rule(sure=st.sampled_from([False] * 4 + [True]))
    def cancel(self, sure: bool) -> None:
        before = self.activity.status
        if not sure or not self.attempt(lambda: self.scene.cancel(self.activity)):
            return
        if before is not ActivityStatus.CANCELLED:
            self.tell_all("volunteering.activity_cancelled")

    def tell_all(self, kind: str) -> None:
        for who in {who for queue in self.order for who in queue}:
            self.news[who, kind] += 1

    @rule(hours=st.sampled_from([1, 2, 24, 48]))
    def wait(self, hours: int) -> None:
        self.now = min(self.now + timedelta(hours=hours), BEGIN + timedelta(days=3))

    @rule(
        who=WHO,
        which=WHICH,
        mark=st.sampled_from(AttendanceMark),
        minutes=st.sampled_from([10, 60, 120]),
    )
    def write(self, who: int, which: int, mark: AttendanceMark, minutes: int) -> None:
        present = mark is AttendanceMark.PRESENT
        line = Line(
            mark,
            shift_id=self.shifts[which].id,
            member_id=self.actors[who].member_id,
            minutes=minutes if present else None,
        )
        self.attempt(lambda: self.scene.write(self.activity, line))

    @invariant()
    def places_are_held_by_the_first_in_the_queue(self) -> None:
        for which, one in enumerate(self.shifts):
            found = self.session.execute(
                sa.select(ActivitySignUp.member_id, ActivitySignUp.status)
                .where(
                    ActivitySignUp.shift_id == one.id,
                    ActivitySignUp.status != SignUpStatus.WITHDRAWN,
                )
                .order_by(ActivitySignUp.id)
            ).all()
            holding = [row.member_id for row in found if row.status is SignUpStatus.SIGNED_UP]
            queue = [self.actors[who].member_id for who in self.order[which]]
            assert [row.member_id for row in found] == queue
            assert holding == queue[: self.places[which]] or self.ends(which) <= self.now
            assert len(holding) == one.signed_up <= one.places

    @invariant()
    def a_full_activity_is_called_full(self) -> None:
        full = all(one.signed_up == one.places for one in self.shifts)
        if self.activity.status in (ActivityStatus.PUBLISHED, ActivityStatus.FULL):
            assert full == (self.activity.status is ActivityStatus.FULL)

    @invariant()
    def records_follow_the_list(self) -> None:
        counted = sa.select(sa.func.count()).where(
            ServiceRecord.activity_id == self.activity.id,
            ServiceRecord.status == ServiceRecordStatus.CONFIRMED,
        )
        lines = sa.select(sa.func.count()).where(
            ActivityAttendance.activity_id == self.activity.id,
            ActivityAttendance.mark == AttendanceMark.PRESENT,
        )
        assert self.session.scalar(counted) == self.session.scalar(lines)

    @invariant()
    def the_ledger_equals_its_sources(self) -> None:
        assert city_ledger.differences(self.session, self.scene.rules) == []

    @invariant()
    def nobody_is_told_without_a_cause(self) -> None:
        accounts = {actor.account_id: who for who, actor in enumerate(self.actors)}
        kinds = (
            "volunteering.sign_up_moved_up",
            "volunteering.activity_changed",
            "volunteering.activity_cancelled",
        )
        found = self.session.execute(
            sa.select(Notification.account_id, Notification.kind).where(
                Notification.account_id.in_(accounts), Notification.kind.in_(kinds)
            )
        )
        assert Counter((accounts[row.account_id], row.kind) for row in found) == self.news


def test_places_queue_ledger_and_news_stay_true_whatever_happens(
    session: Session, rules: RulePack, make: Make, keys: Crypto
) -> None:
    scene = ActivityScene(session, rules, make, keys)
    run_state_machine_as_test(
        lambda: ActivityLife(scene),  # type: ignore[arg-type]  # whatever makes one
        settings=cases(3, steps=25),
    )


def test_the_machine_reaches_what_it_is_about(
    session: Session, rules: RulePack, make: Make, keys: Crypto
) -> None:
    """A random walk that never filled a queue or wrote a list would prove nothing."""
    life = ActivityLife(ActivityScene(session, rules, make, keys))
    life.begin_with_a_queue([0, 1, 2, 3])
    life.withdraw(0)
    life.wait(48)
    life.wait(1)
    life.write(1, 0, AttendanceMark.PRESENT, 60)
    life.places_are_held_by_the_first_in_the_queue()
    life.nobody_is_told_without_a_cause()

    assert life.news == {(1, "volunteering.sign_up_moved_up"): 1}
    assert isinstance(life.activity, Activity)
    assert session.scalar(sa.select(sa.func.count()).select_from(ServiceRecord)) == 1
