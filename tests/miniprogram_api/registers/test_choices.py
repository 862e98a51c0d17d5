"""What may be chosen for an entry is what writing it accepts, told to who keeps the register."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from tests.backend.registers.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def chosen(client: ApiClient, who: Actor, register: str, of: str, **asked: Any) -> list[Any]:
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    path = f"/registers/{register}/choices?of={of}{more}"
    return list(client.request("GET", path, as_=who, expect=200)["items"])


def test_places_are_those_one_keeps(client: ApiClient, scene: Scene) -> None:
    sibling = scene.make.community()
    scene.make.community(scene.make.township(scene.make.district()))

    own = chosen(client, scene.secretary, "grid", "place")
    below = chosen(client, scene.street, "grid", "place")

    assert [one["code"] for one in own] == [scene.community.code]
    assert {one["code"] for one in below} == {scene.community.code, sibling.code}
    assert own[0]["note"]


def test_organizations_are_of_the_kinds_a_slot_takes(client: ApiClient, scene: Scene) -> None:
    here = {"place_code": scene.community.code}
    found = chosen(client, scene.secretary, "grid", "organization", q=scene.branch.name, **here)

    assert [(one["id"], one["name"]) for one in found] == [(scene.branch.id, scene.branch.name)]
    body = scene.enter("coordination_body", name="联席会议", values={"type": "joint_meeting"})
    parents = chosen(client, scene.secretary, "member_seat", "parent", q="lianxi")
    assert [(one["id"], one["name"], one["note"]) for one in parents] == [
        (body.id, "联席会议", scene.community.name)
    ]
    units = chosen(client, scene.secretary, "member_seat", "unit", parent_id=body.id)
    assert scene.unit.id in [one["id"] for one in units]


def test_names_of_persons_are_looked_up_not_listed(client: ApiClient, scene: Scene) -> None:
    member = scene.make.member(scene.branch, name="欧阳明月")
    body = scene.enter("coordination_body", name="联席会议", values={"type": "joint_meeting"})
    asked = f"/registers/member_seat/choices?of=member&parent_id={body.id}"

    refused = client.request("GET", asked, as_=scene.secretary, expect=422)
    assert refused["fields"] == {"q": ["请输入至少两个字。"]}
    found = chosen(client, scene.secretary, "member_seat", "member", parent_id=body.id, q="明月")
    assert [one["id"] for one in found] == [member.id]
    client.request("GET", f"{asked}&q=明月", as_=scene.district, expect=403)


def test_what_is_not_there_to_be_chosen_is_said(client: ApiClient, scene: Scene) -> None:
    stranger = scene.make.actor(scene.make.member(scene.branch))

    for of in ("unit", "parent", "area"):
        client.request("GET", f"/registers/grid/choices?of={of}", as_=scene.secretary, expect=404)
    client.request(
        "GET", "/registers/member_seat/choices?of=place", as_=scene.secretary, expect=404
    )
    open_ = client.request(
        "GET", "/registers/grid/choices?of=organization", as_=scene.secretary, expect=422
    )
    assert open_["fields"].keys() == {"place_code"}
    client.request("GET", "/registers/grid/choices?of=place", as_=stranger, expect=403)


def test_who_can_keep_nothing_of_a_register_is_not_asked_to(
    client: ApiClient, scene: Scene
) -> None:
    """The district leads no place whose grids it keeps, yet reads them all."""
    city = scene.acting(Role.CITY_OFFICER, scene.community.city_id)

    for who, may in (
        (scene.secretary, True), (scene.street, True), (scene.district, False), (city, False)
    ):  # fmt: skip
        shown = client.request("GET", "/registers/grid", as_=who, expect=200)
        assert shown["may_enter"] is may


def test_a_change_names_the_revision_that_was_read(client: ApiClient, scene: Scene) -> None:
    grid = scene.enter("grid", name="第一网格")
    path = f"/register-entries/{grid.id}"
    read = client.request("GET", path, as_=scene.secretary, expect=200)["revision"]

    said = {"name": "国贸网格", "place_code": scene.community.code}
    told = {"If-Match": f'"{read}"'}
    after = client.request("PUT", path, as_=scene.secretary, json=said, headers=told, expect=200)
    assert after["revision"] > read
