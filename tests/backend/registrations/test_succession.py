"""Communities are merged: who is registered there goes along."""

import pytest

from backend.areas.models import Area
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.notifications.models import NotificationKind
from backend.registrations import queries, succession
from backend.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationStatus,
)
from tests.backend.registrations.scene import Scene, told

S = RegistrationStatus


@pytest.fixture
def successor(scene: Scene) -> Area:
    return scene.make.community()


def merge(scene: Scene, successor: Area) -> int:
    return succession.succeed(
        scene.session, scene.rules, code=scene.community.code, successor_code=successor.code
    )


def live(scene: Scene, actor: Actor | None = None) -> list[CommunityRegistration]:
    member_id = (actor or scene.actor).as_member()
    found = queries.live_of_member(member_id).order_by(CommunityRegistration.id)
    return list(scene.session.scalars(found.execution_options(populate_existing=True)))


def test_who_is_registered_stands_in_the_successor_and_is_told(
    scene: Scene, successor: Area
) -> None:
    old = scene.standing()

    assert merge(scene, successor) == 1

    (new,) = live(scene)
    assert (old.status, old.end_reason, old.community_id) == (
        S.ENDED,
        EndReason.AREA_CHANGED,
        scene.community.id,
    )
    assert (new.status, new.community_id) == (S.ACTIVE, successor.id)
    assert new.receipt_no != old.receipt_no
    assert scene.member.community_id == successor.id
    assert scene.verdict("2i")[0] == "met"
    assert told(scene, scene.actor)[-1] is NotificationKind.REGISTRATION_MOVED
    assert scene.differences() == []


def test_who_rests_goes_on_resting_without_a_day_between(scene: Scene, successor: Area) -> None:
    now = clock.now()
    with clock.at(now.replace(year=now.year - 1, month=12, day=1)):
        scene.paused()
    merge(scene, successor)

    (new,) = live(scene)
    assert (new.status, new.pause and new.pause.reason) == (S.PAUSED, PauseReason.POSTING)
    # Two exemptions that meet within a month free it all the same.
    assert scene.verdict("2k")[0] == "exempt"
    assert scene.verdict("2i")[0] == "exempt"
    assert scene.differences() == []


def test_what_waits_goes_on_waiting_there(scene: Scene, successor: Area) -> None:
    row, secretary = scene.submit(), scene.make.community_secretary(successor)
    merge(scene, successor)

    assert (row.status, row.community_id) == (S.SUBMITTED, successor.id)
    assert told(scene, secretary) == [NotificationKind.REGISTRATION_SUBMITTED]
    assert scene.accept(row, secretary).status is S.ACTIVE
    assert scene.differences() == []


def test_who_was_on_the_way_there_has_arrived(scene: Scene, successor: Area) -> None:
    scene.standing()
    waiting = scene.submit(successor)
    merge(scene, successor)

    assert waiting.status is S.WITHDRAWN
    (new,) = live(scene)
    assert (new.status, new.community_id) == (S.ACTIVE, successor.id)
    assert scene.differences() == []


def test_who_is_on_the_way_elsewhere_still_is(scene: Scene, successor: Area) -> None:
    scene.standing()
    elsewhere = scene.make.community()
    waiting = scene.submit(elsewhere)
    merge(scene, successor)

    assert [row.status for row in live(scene)] == [S.SUBMITTED, S.TRANSFER_PENDING]
    scene.accept(waiting, scene.make.community_secretary(elsewhere))
    assert [row.community_id for row in live(scene)] == [elsewhere.id]
    assert scene.differences() == []


def test_the_primary_registration_takes_the_place_of_an_additional_one(
    scene: Scene, successor: Area
) -> None:
    extra = scene.submit(successor, kind=RegistrationKind.ADDITIONAL)
    scene.accept(extra, scene.make.community_secretary(successor))
    scene.standing()
    merge(scene, successor)

    assert (extra.status, extra.end_reason) == (S.ENDED, EndReason.AREA_CHANGED)
    (new,) = live(scene)
    assert (new.kind, new.community_id) == (RegistrationKind.PRIMARY, successor.id)
    assert scene.differences() == []


def test_an_additional_one_ends_where_the_primary_one_stands_already(
    scene: Scene, successor: Area
) -> None:
    primary = scene.accept(scene.submit(successor), scene.make.community_secretary(successor))
    extra = scene.accept(scene.submit(kind=RegistrationKind.ADDITIONAL))
    merge(scene, successor)

    assert (primary.status, extra.status) == (S.ACTIVE, S.ENDED)
    assert scene.member.community_id == successor.id
    assert scene.differences() == []


def test_nobody_registers_with_what_is_closed_and_hears_where_instead(
    scene: Scene, successor: Area
) -> None:
    merge(scene, successor)

    with pytest.raises(Invalid, match=successor.name):
        scene.submit()


def test_a_community_does_not_succeed_itself(scene: Scene) -> None:
    with pytest.raises(Invalid, match="另一个"):
        merge(scene, scene.community)


def test_what_is_closed_is_not_closed_again(scene: Scene, successor: Area) -> None:
    merge(scene, successor)

    with pytest.raises(Invalid, match="已撤并"):
        merge(scene, successor)
