"""The community's five working days, and what follows when they pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest

from backend.capabilities import HANDLERS
from backend.community.registrations import lists, policy
from backend.community.registrations.models import CommunityRegistration, RegistrationStatus
from backend.core import clock
from backend.core.actor import Role
from backend.support.notifications import reminders
from tests.backend.community.registrations.scene import Scene, ids, read, street_officer, told


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[None]:
    with clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)):
        yield


def remind(scene: Scene) -> None:
    """Do what the job does: everything that has come due."""
    while (row := reminders.take_due(scene.session)) is not None:
        reminders.settle(scene.session, row, HANDLERS[row.kind])


def test_holidays_and_make_up_days_are_counted_as_published(scene: Scene) -> None:
    with on(date(2026, 9, 30)):  # before a week of holidays
        row = scene.submit()

    assert row.answer_due_on == date(2026, 10, 13)
    assert not row.answer_due_provisional


def test_beyond_the_published_calendar_the_day_is_provisional(scene: Scene) -> None:
    first_unknown = clock.LAST_PUBLISHED + timedelta(days=1)
    friday = first_unknown + timedelta(days=(4 - first_unknown.weekday()) % 7)
    with on(friday):
        row = scene.submit()

    assert row.answer_due_provisional
    assert row.answer_due_on == friday + timedelta(days=7)  # Monday to Friday


def test_a_term_that_reaches_into_an_unpublished_year_is_provisional(scene: Scene) -> None:
    with on(clock.LAST_PUBLISHED):
        assert scene.submit().answer_due_provisional


@pytest.fixture
def overdue(scene: Scene) -> Iterator[CommunityRegistration]:
    """A registration that nobody has answered; the block runs on the day after its term."""
    row = scene.submit()
    with on(row.answer_due_on + timedelta(days=1)):
        yield row


def test_past_the_term_the_street_hears_of_it_once(
    scene: Scene, overdue: CommunityRegistration
) -> None:
    officer = street_officer(scene)
    remind(scene)
    remind(scene)

    assert told(scene, officer) == ["registrations.overdue"]
    assert overdue.status is RegistrationStatus.SUBMITTED  # never accepted by itself


def test_two_of_one_community_and_day_are_one_piece_of_news(scene: Scene) -> None:
    officer = street_officer(scene)
    row = scene.submit()
    scene.submit(actor=scene.make.actor(scene.make.member()))
    with on(row.answer_due_on + timedelta(days=1)):
        remind(scene)

    assert told(scene, officer) == ["registrations.overdue"]


def test_the_street_finds_what_is_overdue_but_not_whose(
    scene: Scene, overdue: CommunityRegistration
) -> None:
    officer = street_officer(scene)
    scene.make.community()

    assert ids(scene, officer, lists.listed(officer, overdue=True)) == [overdue.id]
    assert not policy.EITHER.stands(read(scene, officer, overdue.id))


def test_within_the_term_nothing_is_overdue_and_nobody_is_told(scene: Scene) -> None:
    officer, row = street_officer(scene), scene.submit()
    with on(row.answer_due_on, hour=21):
        remind(scene)
        found = ids(scene, officer, lists.listed(officer, overdue=True))

    assert (found, told(scene, officer)) == ([], [])


def test_what_was_answered_in_time_is_no_news_for_the_street(scene: Scene) -> None:
    officer, row = street_officer(scene), scene.standing()
    with on(row.answer_due_on + timedelta(days=1)):
        remind(scene)

    assert told(scene, officer) == []


def test_the_street_of_another_community_hears_nothing(
    scene: Scene, overdue: CommunityRegistration
) -> None:
    assert overdue
    other = scene.make.officer(Role.STREET_OFFICER, scene.make.township())
    remind(scene)

    assert told(scene, other) == []


def test_meanwhile_the_members_duty_counts_as_met(
    scene: Scene, overdue: CommunityRegistration
) -> None:
    assert overdue
    assert scene.verdict("2i")[0] == "met"
