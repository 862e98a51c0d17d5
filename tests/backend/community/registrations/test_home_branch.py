"""What the home branch learns of its members' registrations: who, where and how it stands."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.community.registrations import lists, policy, requests
from backend.community.registrations.models import (
    EndReason,
    RegistrationKind,
    RegistrationStatus,
    Visibility,
)
from backend.core.actor import Actor, Role
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.people.areas.models import Area
from backend.people.areas.naming import party_organization
from backend.support.notifications.models import Notification
from tests.backend.community.registrations.scene import Scene, ids, read
from tests.http_client import ApiClient


@pytest.fixture
def home(scene: Scene) -> Actor:
    return scene.make.branch_secretary(scene.member.branch)


def heard(scene: Scene, actor: Actor) -> list[str]:
    mine = sa.select(Notification.body).where(
        Notification.account_id == actor.account_id,
        Notification.kind == "registrations.reported",
    )
    return list(scene.session.scalars(mine.order_by(Notification.id)))


def test_each_change_is_told_once(scene: Scene, home: Actor) -> None:
    row = scene.paused()
    scene.pause(row, scene.secretary)
    scene.end(row, scene.secretary, reason_code=EndReason.RETIRED, reason="已办理退休")

    name, place = scene.member.name, party_organization(scene.community)
    assert heard(scene, home) == [
        f"{name}已向{place}报到。",
        f"{name}向{place}的报到已暂停。",
        f"{name}向{place}的报到已结束。",
    ]


def test_an_additional_registration_is_no_news_at_home(scene: Scene, home: Actor) -> None:
    scene.accept(scene.submit(kind=RegistrationKind.ADDITIONAL))

    assert heard(scene, home) == []


def test_nobody_is_told_about_oneself_nor_another_branch(scene: Scene, home: Actor) -> None:
    stranger = scene.make.branch_secretary(scene.make.branch())
    scene.accept(scene.submit(actor=home))

    assert (heard(scene, home), heard(scene, stranger)) == ([], [])


def test_only_what_was_received_exists_for_the_home_branch(scene: Scene, home: Actor) -> None:
    row = scene.submit()
    assert ids(scene, home, lists.listed(home)) == []
    scene.accept(row)

    assert ids(scene, home, lists.listed(home)) == [row.id]
    assert ids(scene, home, lists.listed(home, of_own_branch=True)) == [row.id]
    other = lists.listed(scene.secretary, of_own_branch=True)
    assert ids(scene, scene.secretary, other) == []


def test_who_is_held_out_of_the_communitys_list_is_on_the_branchs(
    scene: Scene, home: Actor
) -> None:
    row = scene.accept(scene.submit(visibility=Visibility.UNIT_ONLY))

    assert ids(scene, home, lists.listed(home)) == [row.id]
    assert ids(scene, scene.secretary, lists.listed(scene.secretary)) == []


def test_the_home_branch_knows_who_but_not_why_and_decides_nothing(
    scene: Scene, home: Actor
) -> None:
    row = scene.standing()
    scene.pause(row)

    seen = read(scene, home, row.id)
    assert policy.KNOWS_MEMBER.stands(seen)
    assert not policy.EITHER.stands(seen)
    assert row.request is not None
    with pytest.raises(Forbidden, match="not_your_decision"):
        scene.pause(row, home)
    with pytest.raises((Forbidden, NotFound, Conflict)):
        requests.refuse(scene.session, actor=home, request_id=row.request.id, reason="不同意")


def test_the_home_branch_does_not_learn_that_a_member_asks_to_move(
    client: ApiClient, scene: Scene, home: Actor
) -> None:
    row = scene.standing()
    scene.submit(scene.make.community())
    assert row.status is RegistrationStatus.TRANSFER_PENDING

    def shown(actor: Actor, query: str) -> list[str]:
        page = client.request("GET", f"/registrations?{query}", as_=actor, expect=200)
        return [item["status"] for item in page["items"] if item["id"] == row.id]

    assert shown(home, "of_own_branch=true") == ["active"]
    assert shown(home, "status=active") == ["active"]
    assert shown(home, "status=transfer_pending") == []
    township = scene.session.get_one(Area, scene.community.township_id)
    street = scene.make.officer(Role.STREET_OFFICER, township)
    for knows in (scene.secretary, street):
        assert shown(knows, "status=transfer_pending") == ["transfer_pending"]
        assert shown(knows, "status=active") == []


def test_the_home_branch_sees_a_registration_stand_until_a_pause_is_decided(
    client: ApiClient, scene: Scene, home: Actor
) -> None:
    row = scene.standing()
    scene.pause(row)

    def shown() -> Any:
        page = client.request("GET", "/registrations?of_own_branch=true", as_=home, expect=200)
        return page["items"][0]

    assert (shown()["status"], shown()["request"], shown()["paused_on"]) == ("active", None, None)
    scene.pause(row, scene.secretary)
    assert shown()["status"] == "paused"
