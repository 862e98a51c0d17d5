"""Rules of feedback, tested without HTTP."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.community.conduct_feedback import service
from backend.community.conduct_feedback.models import ConductFeedback, FeedbackStatus
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Conflict, DomainError, Forbidden, Invalid
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger
from tests.backend.community.conduct_feedback.scene import NOW, Scene
from tests.factories import Make
from tests.random_cases import cases

S = FeedbackStatus


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Iterator[Scene]:
    with clock.at(NOW):
        scene = Scene(session, rules, make)
        scene.accept()
        yield scene


def told(scene: Scene, actor: Actor) -> list[str]:
    mine = sa.select(Notification.kind).where(
        Notification.account_id == actor.account_id,
        Notification.kind.startswith("conduct_feedback."),
    )
    return list(scene.session.scalars(mine))


def test_the_facts_come_from_the_records_and_from_nowhere_else(scene: Scene) -> None:
    scene.serve(datetime(2026, 11, 30, 9, tzinfo=clock.SHANGHAI), 90)
    scene.serve(datetime(2026, 11, 29, 9, tzinfo=clock.SHANGHAI), 45)

    note = scene.write()

    assert (note.services, note.minutes, note.projects) == (2, 135, 0)
    assert note.categories == ["care"]


def test_the_member_reads_it_first_and_the_branch_nothing_yet(scene: Scene) -> None:
    note = scene.write()

    assert told(scene, scene.member) == ["conduct_feedback.written"]
    assert told(scene, scene.branch_secretary) == []
    assert note.reply_due_on == date(2026, 12, 8)


def test_after_the_answer_it_goes_to_the_home_branch(scene: Scene) -> None:
    note = scene.reply(scene.write(), "我还参加了夜间巡逻。")
    scene.session.expire_all()  # a worker knows nothing yet
    service.hand_over_due(scene.session)

    assert note.status is S.HANDED_OVER
    assert note.branch_id == scene.branch.id
    assert told(scene, scene.branch_secretary) == ["conduct_feedback.handed_over"]


def test_nothing_to_add_is_an_answer_too_and_may_be_said_twice(scene: Scene) -> None:
    note = scene.write()
    for _ in range(2):
        scene.reply(note)
    with pytest.raises(Conflict, match="feedback_done_otherwise"):
        scene.reply(note, "想起来了")

    assert (note.status, note.reply) == (S.ANSWERED, "")


def test_without_an_answer_it_goes_over_when_the_term_has_passed(scene: Scene) -> None:
    note = scene.write()
    for day, status in ((8, S.AWAITING_REPLY), (9, S.HANDED_OVER)):
        with clock.at(NOW + timedelta(days=day - 1)):
            service.hand_over_due(scene.session)
        assert note.status is status
    assert note.reply is None


def test_what_was_handed_over_is_not_answered_any_more(scene: Scene) -> None:
    note = scene.write()
    with clock.at(NOW + timedelta(days=10)):
        service.hand_over_due(scene.session)

    with pytest.raises(Conflict, match="feedback_state_forbids"):
        scene.reply(note, "太晚了")


def test_one_note_a_registration_and_year(scene: Scene) -> None:
    scene.write()

    with pytest.raises(Conflict, match="feedback_already_written"):
        scene.write()


def test_only_this_year_and_in_january_the_last_one(scene: Scene) -> None:
    with pytest.raises(Invalid, match="本年度"):
        scene.write(2025)
    with clock.at(datetime(2027, 1, 20, 9, tzinfo=clock.SHANGHAI)):
        assert scene.write(2026).year == 2026
    with clock.at(datetime(2027, 2, 1, 9, tzinfo=clock.SHANGHAI)), pytest.raises(Invalid):
        scene.write(2026)


def test_nobody_writes_about_oneself_or_before_acceptance(scene: Scene) -> None:
    scene.registration = scene.register(scene.secretary)
    with pytest.raises(Forbidden, match="not_your_feedback"):
        scene.write()
    scene.registration = scene.register(scene.make.actor(scene.make.member()))
    with pytest.raises(Conflict, match="feedback_too_early"):
        scene.write()


def test_in_december_the_communities_with_members_are_asked_once(scene: Scene) -> None:
    elsewhere = scene.make.community_secretary(scene.make.community())
    for _ in range(2):
        assert service.ask_for_the_year(scene.session) == 1

    assert told(scene, scene.secretary) == ["conduct_feedback.due"]
    assert told(scene, elsewhere) == []


STEPS = ("write", "reply", "say_nothing", "hand_over", "wait")


class Story:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.session, self.now = scene, scene.session, NOW
        scene.accept()

    def step(self, name: str) -> None:
        with clock.at(self.now):
            with suppress(DomainError):  # a step that is refused changes nothing
                self._do(name)
            self.session.flush()
            self.check()

    def _do(self, name: str) -> None:
        note = self.session.scalars(sa.select(ConductFeedback)).first()
        if name == "wait":
            self.now += timedelta(days=4)
        elif name == "write":
            self.scene.write()
        elif name == "hand_over":
            service.hand_over_due(self.session)
        elif note is not None:
            self.scene.reply(note, "补充" if name == "reply" else "")

    def check(self) -> None:
        notes = self.session.scalars(sa.select(ConductFeedback)).all()
        assert len(notes) <= 1
        branch = told(self.scene, self.scene.branch_secretary)
        handed = [note for note in notes if note.status is S.HANDED_OVER]
        assert len(branch) == len(handed)
        assert len(told(self.scene, self.scene.member)) == len(notes)
        for note in handed:
            late = note.reply_due_on < clock.local_date(note.handed_over_at or self.now)
            assert note.reply is not None or late
        assert ledger.differences(self.session, self.scene.rules) == []


@given(events=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12))
@cases(4)
def test_no_order_of_events_breaks_a_promise(
    session: Session, rules: RulePack, keys: Crypto, events: list[str]
) -> None:
    example = session.begin_nested()
    try:
        with clock.at(NOW):
            story = Story(Scene(session, rules, Make(session, keys)))
        for event in events:
            story.step(event)
    finally:
        example.rollback()
