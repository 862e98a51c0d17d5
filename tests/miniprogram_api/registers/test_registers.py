"""Registers over HTTP: what they are made of, their entries on a day, and who may."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.ledger.rulepack import RulePack
from tests.backend.registers.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def entered(client: ApiClient, scene: Scene, **said: Any) -> Any:
    told = {"name": "第一网格", "place_code": scene.community.code, "from": "2026-01-01"} | said
    return client.request(
        "POST", "/registers/grid/entries", as_=scene.secretary, json=told, expect=201
    )


def test_a_register_says_what_an_entry_is_made_of(client: ApiClient, scene: Scene) -> None:
    shown = client.request("GET", "/registers/grid", as_=scene.secretary, expect=200)

    assert (shown["title"], shown["may_enter"], shown["levels"]) == ("网格", True, ["community"])
    assert [field["name"] for field in shown["fields"]] == ["households", "services"]
    assert shown["places"] == [
        {"code": scene.community.code, "name": scene.community.name, "reviewed_on": None}
    ]
    assert shown["schema"]["properties"]["households"]["type"] == "integer"
    listed = client.request("GET", "/registers?limit=100", as_=scene.secretary, expect=200)
    assert shown in listed["items"]


def test_an_entry_is_entered_found_changed_and_ended(client: ApiClient, scene: Scene) -> None:
    made = entered(client, scene, values={"services": ["volunteer", "public"]})
    path = f"/register-entries/{made['id']}"
    assert made["can"] == ["change", "ending", "voiding"]
    assert made["values"] == {"services": ["public", "volunteer"]}

    found = client.request(
        "GET", "/registers/grid/entries?q=diyi&with_total=true", as_=scene.street, expect=200
    )
    assert [one["id"] for one in found["items"]] == [made["id"]]
    assert found["total"] == 1
    before = client.request(
        "GET", "/registers/grid/entries?on=2025-12-31", as_=scene.street, expect=200
    )
    assert before["items"] == []

    said = {"name": "国贸网格", "place_code": scene.community.code, "from": "2026-03-01"}
    client.request("PUT", path, as_=scene.secretary, json=said, expect=428)
    tag = {"If-Match": '"1"'}
    changed = client.request("PUT", path, as_=scene.secretary, json=said, headers=tag, expect=200)
    assert [(one["name"], one["from"], one["until"]) for one in changed["history"]] == [
        ("国贸网格", "2026-03-01", None),
        ("第一网格", "2026-01-01", "2026-02-28"),
    ]
    stale = client.request("PUT", path, as_=scene.secretary, json=said, headers=tag, expect=412)
    assert stale["code"] == "stale_version"
    then = client.request("GET", f"{path}?on=2026-02-01", as_=scene.secretary, expect=200)
    assert then["name"] == "第一网格"

    over = client.request(
        "POST", f"{path}/ending", as_=scene.secretary, json={"reason": "撤并"}, expect=200
    )
    assert (over["status"], over["end_reason"]) == ("ended", "撤并")


def test_what_is_wrong_stands_under_its_field(client: ApiClient, scene: Scene) -> None:
    said = {"place_code": scene.community.code, "values": {"households": -1}}
    wrong = client.request(
        "POST", "/registers/grid/entries", as_=scene.secretary, json=said, expect=422
    )

    assert wrong["fields"] == {
        "name": ["请填写网格名称。"],
        "values.households": ["户数应在 0 至 20000 之间。"],
    }


def test_who_has_nothing_to_do_with_it_learns_nothing(client: ApiClient, scene: Scene) -> None:
    made = entered(client, scene)
    stranger = scene.make.actor(scene.make.member(scene.branch))
    neighbour = scene.acting(Role.COMMUNITY_SECRETARY, scene.make.community().id)

    client.request("GET", "/registers/grid", as_=stranger, expect=403)
    client.request("GET", "/registers/grid/entries", as_=stranger, expect=403)
    client.request("GET", "/registers/nothing", as_=scene.secretary, expect=404)
    client.request("GET", f"/register-entries/{made['id']}", as_=neighbour, expect=404)
    listed = client.request("GET", "/registers/grid/entries", as_=neighbour, expect=200)
    assert listed["items"] == []


def test_a_register_that_was_looked_through_says_when(client: ApiClient, scene: Scene) -> None:
    entered(client, scene)
    said = {"place_code": scene.community.code}
    reviewed = client.request(
        "POST", "/registers/grid/review", as_=scene.secretary, json=said, expect=200
    )
    again = client.request(
        "POST", "/registers/grid/review", as_=scene.secretary, json=said, expect=200
    )

    assert reviewed == again
    assert (reviewed["entries"], reviewed["reviewed_on"]) == (1, clock.today().isoformat())
    shown = client.request("GET", "/registers/grid", as_=scene.secretary, expect=200)
    assert shown["places"][0]["reviewed_on"] == clock.today().isoformat()


def test_a_list_goes_on_behind_its_last_code(client: ApiClient, scene: Scene) -> None:
    for name in ("a", "b", "c"):
        entered(client, scene, name=f"{name}网格", code=f"LH-{name}")
    path, seen = "/registers/grid/entries?limit=2", []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = client.request("GET", path + more, as_=scene.secretary, expect=200)
        seen += [one["code"] for one in page["items"]]
        cursor = page["next_cursor"]

    assert len(seen) == len(set(seen)) == 3
    for wrong in ("x", "5LiA", "AHwx"):
        client.request("GET", f"{path}&cursor={wrong}", as_=scene.secretary, expect=422)
