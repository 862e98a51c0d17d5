"""Communities are merged: who is registered there goes along."""

import pytest
import sqlalchemy as sa

from backend.community.registrations import apportioning, queries, requests, succession
from backend.community.registrations.models import (
    CommunityRegistration,
    EndReason,
    PauseReason,
    RegistrationKind,
    RegistrationStatus,
    RequestKind,
    RequestStatus,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.people.areas.models import Area
from backend.support.notifications.models import Notification
from tests.backend.community.registrations.scene import Scene, told

S = RegistrationStatus


@pytest.fixture
def successor(scene: Scene) -> Area:
    return scene.make.community()


def merge(scene: Scene, successor: Area, elsewhere: dict[str, str] | None = None) -> int:
    return succession.succeed(
        scene.session,
        scene.rules,
        code=scene.community.code,
        successor_code=successor.code,
        elsewhere=elsewhere,
    )


def last_words(scene: Scene) -> str:
    """Return what the member was told last."""
    mine = sa.select(Notification.body).where(Notification.account_id == scene.actor.account_id)
    return scene.session.scalars(mine.order_by(Notification.id.desc())).first() or ""


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
    assert told(scene, scene.actor)[-1] == "registrations.moved"
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
    assert told(scene, secretary) == ["registrations.submitted"]
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


def test_what_was_asked_of_a_registration_waits_in_the_successor(
    scene: Scene, successor: Area
) -> None:
    secretary = scene.make.community_secretary(successor)
    old = scene.standing()
    requests.pause(
        scene.session,
        scene.rules,
        actor=scene.actor,
        registration_id=old.id,
        said=requests.Asking(PauseReason.ILLNESS),
    )
    merge(scene, successor)

    (new,) = live(scene)
    assert old.request
    assert old.request.status is RequestStatus.DROPPED
    assert new.request is not None
    assert (new.request.status, new.request.kind, new.request.pause_reason) == (
        RequestStatus.SUBMITTED,
        RequestKind.PAUSE,
        PauseReason.ILLNESS,
    )
    assert f"转由{successor.name}办理，不用再次申请" in last_words(scene)
    assert told(scene, secretary) == ["registrations.request_submitted"]
    requests.pause(
        scene.session,
        scene.rules,
        actor=secretary,
        registration_id=new.id,
        said=requests.Asking(),
    )
    assert live(scene)[0].status is S.PAUSED
    assert scene.differences() == []


def test_who_rests_and_asked_to_resume_still_does(scene: Scene, successor: Area) -> None:
    old = scene.paused()
    requests.resume(scene.session, scene.rules, actor=scene.actor, registration_id=old.id)
    merge(scene, successor)

    (new,) = live(scene)
    assert (new.status, new.request and new.request.kind) == (S.PAUSED, RequestKind.RESUMPTION)
    assert scene.differences() == []


def test_what_was_asked_of_an_additional_one_that_gives_way_is_dropped_and_the_member_told(
    scene: Scene, successor: Area
) -> None:
    there = scene.make.community_secretary(successor)
    extra = scene.accept(scene.submit(successor, kind=RegistrationKind.ADDITIONAL), there)
    scene.standing()
    requests.end(
        scene.session,
        scene.rules,
        actor=scene.actor,
        registration_id=extra.id,
        said=requests.Asking(EndReason.WITHDRAWN),
    )
    merge(scene, successor)

    assert extra.request
    assert extra.request.status is RequestStatus.DROPPED
    assert "仍需要的请重新申请" in last_words(scene)
    assert live(scene)[0].request is None
    assert scene.differences() == []


def test_who_waits_where_another_one_stands_already_is_told(scene: Scene, successor: Area) -> None:
    there = scene.make.community_secretary(successor)
    scene.accept(scene.submit(successor), there)
    extra = scene.submit(kind=RegistrationKind.ADDITIONAL)
    merge(scene, successor)

    assert extra.status is S.WITHDRAWN
    assert "后提交的这份不再办理" in last_words(scene)
    assert [row.community_id for row in live(scene)] == [successor.id]
    assert scene.differences() == []


def test_of_a_split_community_a_list_says_who_goes_where(scene: Scene, successor: Area) -> None:
    other = scene.make.community()
    mine = scene.standing()
    neighbour = scene.make.actor(scene.make.member())
    stays = scene.accept(scene.submit(actor=neighbour))
    newcomer = scene.make.actor(scene.make.member())
    waits = scene.submit(actor=newcomer)
    named = {mine.receipt_no or "": other.code, str(waits.id): other.code}

    assert merge(scene, successor, named) == 3
    assert [row.community_id for row in live(scene)] == [other.id]
    assert [row.community_id for row in live(scene, neighbour)] == [successor.id]
    assert [row.community_id for row in live(scene, newcomer)] == [other.id]
    assert (stays.status, waits.status) == (S.ENDED, S.SUBMITTED)
    assert other.name in last_words(scene)
    assert scene.differences() == []


def test_a_list_with_a_mistake_changes_nothing(scene: Scene, successor: Area) -> None:
    row = scene.standing()
    elsewhere = scene.accept(
        scene.submit(successor, actor=scene.make.actor(scene.make.member())),
        scene.make.community_secretary(successor),
    )
    for named, words in (
        ({"BD2026NOBODY": successor.code}, "BD2026NOBODY"),
        ({str(elsewhere.id): successor.code}, "没有这些报到"),
        ({str(row.id): "460100000000"}, "没有找到"),
        ({str(row.id): scene.community.code}, "不能是被撤并的社区"),
    ):
        with pytest.raises(Invalid, match=words):
            merge(scene, successor, named)
    assert (row.status, scene.community.valid_to) == (S.ACTIVE, None)


def test_a_list_is_read_line_by_line() -> None:
    text = "\ufeffbd2026abc, 460106003005\n\n17,460106003006\n"

    assert apportioning.read(text) == {"BD2026ABC": "460106003005", "17": "460106003006"}
    for wrong, words in (("17\n", "第1行"), ("17,1\n17,2\n", "第2行"), (",1\n", "第1行")):
        with pytest.raises(Invalid, match=words):
            apportioning.read(wrong)
