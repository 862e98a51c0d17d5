"""Two at once about the places of an activity, each in a real transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import attendance, sign_ups
from backend.community.volunteering.activities.models import (
    ActivityShift,
    ActivitySignUp,
    AttendanceMark,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import Wish
from backend.community.volunteering.activities.roll import Line
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Conflict
from backend.ledger.models import Posting
from backend.ledger.rulepack import RulePack
from backend.support.notifications.models import Notification
from tests import ledger
from tests.backend.test_races import meet, world  # noqa: F401  # the fixture of real transactions
from tests.factories import Make

World = tuple[Database, Make, Session]
Step = Callable[[Session], Any]
S = SignUpStatus


def scene(make: Make, session: Session, people: int, places: int) -> tuple[int, list[Actor]]:
    """An activity of tomorrow with so many places and people; committed."""
    community = make.community()
    actors = [make.actor(make.member(community_id=community.id)) for _ in range(people)]
    activity = make.activity(community, (clock.now() + timedelta(days=1), places))
    session.commit()
    return activity.id, actors


def joining(activity_id: int, actor: Actor) -> Step:
    return lambda session: (
        sign_ups.sign_up(session, actor=actor, activity_id=activity_id, said=Wish()).status
    )


def leaving(activity_id: int, actor: Actor) -> Step:
    return lambda session: sign_ups.withdraw(session, actor=actor, activity_id=activity_id).status


def statuses(session: Session) -> list[SignUpStatus]:
    return list(session.scalars(sa.select(ActivitySignUp.status).order_by(ActivitySignUp.id)))


def test_two_race_for_the_last_place_and_one_waits(world: World) -> None:  # noqa: F811  # it
    database, make, session = world
    activity_id, (one, other) = scene(make, session, 2, places=1)

    first, rival = meet(database, joining(activity_id, one), joining(activity_id, other))

    assert (first, rival.result()) == (S.SIGNED_UP, S.WAITING)


def test_a_double_tap_signs_up_once(world: World) -> None:  # noqa: F811  # the fixture
    database, make, session = world
    activity_id, (actor,) = scene(make, session, 1, places=2)

    _, rival = meet(database, joining(activity_id, actor), joining(activity_id, actor))

    with pytest.raises(Conflict, match="already_signed_up"):
        rival.result()
    with database.transaction() as check:
        assert check.scalars(sa.select(ActivityShift.signed_up)).one() == 1


def test_when_two_leave_at_once_two_move_up_and_each_is_told_once(
    world: World,  # noqa: F811  # the fixture
) -> None:
    database, make, session = world
    activity_id, actors = scene(make, session, 5, places=2)
    for actor in actors:
        joining(activity_id, actor)(session)
    session.commit()

    meet(database, leaving(activity_id, actors[0]), leaving(activity_id, actors[1]))

    with database.transaction() as check:
        assert statuses(check) == [
            S.WITHDRAWN,
            S.WITHDRAWN,
            S.SIGNED_UP,
            S.SIGNED_UP,
            S.WAITING,
        ]
        told = sa.select(Notification.account_id).where(
            Notification.kind == "volunteering.sign_up_moved_up"
        )
        assert sorted(check.scalars(told)) == [actor.account_id for actor in actors[2:4]]


def test_a_crowd_leaves_no_place_empty_and_takes_none_twice(
    world: World,  # noqa: F811  # the fixture
) -> None:
    database, make, session = world
    activity_id, actors = scene(make, session, 24, places=5)

    def come_and_perhaps_go(number: int) -> None:
        with database.transaction() as own:
            joining(activity_id, actors[number])(own)
        if number % 3 == 0:
            with database.transaction() as own:
                leaving(activity_id, actors[number])(own)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come_and_perhaps_go, range(24)))

    with database.transaction() as check:
        found = statuses(check)
        assert (found.count(S.SIGNED_UP), found.count(S.WAITING)) == (5, 11)
        assert check.scalars(sa.select(ActivityShift.signed_up)).one() == 5


def test_two_who_write_the_same_list_make_one_record(
    world: World,  # noqa: F811  # the fixture
    rules: RulePack,
    keys: Crypto,
) -> None:
    database, make, session = world
    community = make.community()
    actor = make.actor(make.member(community_id=community.id))
    activity = make.activity(community, (clock.now() - timedelta(hours=1), 5))
    deputies = [make.community_secretary(community) for _ in range(2)]
    session.commit()

    def write(deputy: Actor) -> Step:
        return lambda own: attendance.write_list(
            own,
            rules,
            keys,
            actor=deputy,
            activity_id=activity.id,
            said=attendance.Listing(
                lines=[Line(AttendanceMark.PRESENT, member_id=actor.member_id)]
            ),
        )

    _, rival = meet(database, *map(write, deputies))

    rival.result()
    with database.transaction() as check:
        assert len(check.scalars(sa.select(Posting)).all()) == 1
        assert ledger.differences(check, rules) == []
