"""Organisations, units and rosters over HTTP: what is shown, and to whom."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Member
from tests.backend.rosters.scene import WHY, Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def test_an_organisation_is_founded_shown_corrected_and_its_changes_are_told(
    client: ApiClient, scene: Scene
) -> None:
    said = {
        "name": "第三党支部",
        "kind": "branch",
        "parent_id": scene.committee.id,
        "area_code": scene.community.code,
        "unit_id": scene.unit.id,
        "founded_on": "2026-01-05",
        "reason": WHY,
    }
    made = client.request("POST", "/organizations", as_=scene.district, json=said, expect=201)
    path = f"/organizations/{made['id']}"

    assert made["parent"] == {"id": scene.committee.id, "name": scene.committee.name}
    assert made["can"] == ["correction", "move", "merging", "ending"]
    assert (made["member_count"], made["governs"]) == (0, None)
    assert client.request("GET", path, as_=scene.district, expect=200) == made
    kept = {name: said[name] for name in ("area_code", "unit_id", "reason")}
    again = client.request(
        "PUT", path, as_=scene.district, json=kept | {"name": "机关三支部"}, expect=200
    )
    assert again["name"] == "机关三支部"
    listed = client.request("GET", f"{path}/changes", as_=scene.district, expect=200)["items"]
    assert [(one["action"], one["reason"]) for one in listed] == [
        ("corrected", WHY),
        ("founded", WHY),
    ]
    officer = scene.session.get_one(Member, scene.district.member_id)
    assert {one["changed_by"] for one in listed} == {officer.name}
    client.request("GET", path, as_=scene.secretary, expect=404)
    client.request("GET", f"{path}/changes", as_=scene.secretary, expect=404)


def test_the_list_is_of_what_one_keeps_and_by_name_open_to_who_looks_for_the_own_branch(
    client: ApiClient, scene: Scene
) -> None:
    def listed(actor: Actor, query: str, expect: int = 200) -> Any:
        answer = client.request("GET", f"/organizations{query}", as_=actor, expect=expect)
        return [one["id"] for one in answer["items"]] if expect == 200 else answer

    newcomer, area = scene.make.unlinked(), f"?area_code={scene.community.code}"
    assert listed(newcomer, f"?q={scene.branch.name}") == [scene.branch.id]
    assert listed(newcomer, area) == []
    assert "q" in listed(newcomer, "", 422)["fields"]
    assert "q" in listed(newcomer, "?q=党", 422)["fields"]
    assert listed(scene.secretary, area) == [scene.branch.id]
    assert listed(scene.district, f"{area}&kind=committee") == [scene.committee.id]


def test_the_tree_begins_with_what_stands_under_none_that_one_keeps(
    client: ApiClient, scene: Scene
) -> None:
    def listed(actor: Actor, query: str) -> dict[int, bool]:
        answer = client.request("GET", f"/organizations?{query}", as_=actor, expect=200)
        return {one["id"]: one["has_below"] for one in answer["items"] if one["id"] in of_scene}

    of_scene = {scene.committee.id, scene.branch.id, scene.other.id, scene.far.id}
    ended = scene.below(scene.other)
    ended.dissolved_on = clock.today()
    of_scene |= {ended.id, scene.make.group(scene.branch).id}
    scene.session.flush()

    assert listed(scene.district, "top=true") == {scene.committee.id: True}
    assert listed(scene.city, "top=true") == {scene.committee.id: True, scene.far.id: False}
    below = {scene.branch.id: False, scene.other.id: False}
    assert listed(scene.district, f"parent_id={scene.committee.id}") == below
    # Their own stand under one that they do not keep.
    assert listed(scene.secretary, "top=true") == {scene.branch.id: False}
    assert listed(scene.make.unlinked(), "top=true") == {}


def test_a_unit_is_entered_and_shown_to_its_contact(client: ApiClient, scene: Scene) -> None:
    said = {
        "name": "海口市示范局",
        "credit_code": "91350100m000100y43",
        "kind": "city_organ",
        "community_code": scene.community.code,
        "reason": WHY,
    }
    made = client.request("POST", "/units", as_=scene.district, json=said, expect=201)
    assert (made["credit_code"], made["organizations"]) == ("91350100M000100Y43", [])
    client.request("GET", f"/units/{made['id']}", as_=scene.contact, expect=404)
    own = client.request("GET", f"/units/{scene.unit.id}", as_=scene.contact, expect=200)
    assert (own["can"], own["member_count"]) == ([], 4)
    taken = client.request("POST", "/units", as_=scene.district, json=said, expect=409)
    assert taken["code"] == "credit_code_taken"
    changes = client.request("GET", f"/units/{made['id']}/changes", as_=scene.district, expect=200)
    assert [one["action"] for one in changes["items"]] == ["founded"]


def test_nobody_is_shown_a_number(client: ApiClient, scene: Scene) -> None:
    said = {
        "name": "林　小⼩",
        "phone": "100 0000 0099",
        "category": "full",
        "unit_id": scene.unit.id,
        "branch_id": scene.branch.id,
        "reason": WHY,
    }
    made = client.request("POST", "/members", as_=scene.secretary, json=said, expect=201)

    assert (made["name"], made["has_phone"], made["linked"]) == ("林小小", True, False)
    assert "99" not in str(made["name"])
    assert not [name for name in made if "phone" in name and name != "has_phone"]
    path = f"/members/{made['id']}"
    kept = {name: said[name] for name in ("name", "category", "unit_id", "reason")}
    client.request("PUT", path, as_=scene.secretary, json=kept, expect=200)
    shown = client.request("GET", path, as_=scene.secretary, expect=200)
    assert shown["has_phone"] is True  # what is left out stays
    listed = client.request("GET", "/members?limit=100", as_=scene.secretary, expect=200)
    assert made["id"] in [one["id"] for one in listed["items"]]
    client.request("GET", path, as_=scene.make.actor(scene.member), expect=404)
    changes = client.request("GET", f"{path}/changes", as_=scene.secretary, expect=200)
    assert [one["action"] for one in changes["items"]] == ["entered"]


def test_administrators_keep_no_roster(client: ApiClient, scene: Scene) -> None:
    """They see no business data (spec 8.5)."""
    city = scene.make.city()
    for role in (
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDIT_ADMINISTRATOR,
    ):
        actor = scene.make.staff((role, city))
        for path in (
            f"/members/{scene.member.id}",
            f"/organizations/{scene.branch.id}",
            f"/units/{scene.unit.id}",
            "/members",
        ):
            refused = client.request("GET", path, as_=actor, expect=403)
            assert refused["code"] == "administrators_see_no_business"


def test_what_one_may_begin_and_do_with_an_entry_is_said(client: ApiClient, scene: Scene) -> None:
    def may(actor: Actor) -> Any:
        return client.request("GET", "/me", as_=actor, expect=200)["may"]

    def can(actor: Actor, member_id: int | None) -> Any:
        return client.request("GET", f"/members/{member_id}", as_=actor, expect=200)["can"]

    every = ["correction", "move", "merging", "ending"]
    assert may(scene.district) == may(scene.city) == ["founding", "entering", "proposing"]
    assert may(scene.secretary) == ["entering", "proposing"]
    assert may(scene.contact) == ["entering"]
    assert may(scene.make.actor(scene.member)) == []
    assert can(scene.district, scene.member.id) == can(scene.above, scene.member.id) == every
    assert can(scene.secretary, scene.member.id) == ["correction", "merging", "ending"]
    assert can(scene.secretary, scene.secretary.member_id) == []
    to = {"branch_id": scene.other.id, "reason": WHY}
    path = f"/members/{scene.member.id}/move"
    client.request("POST", path, as_=scene.secretary, json=to, expect=403)
    client.request("POST", path, as_=scene.above, json=to, expect=200)


def test_under_a_committee_one_may_found(client: ApiClient, scene: Scene) -> None:
    def can(organization_id: int) -> Any:
        path = f"/organizations/{organization_id}"
        return client.request("GET", path, as_=scene.above, expect=200)["can"]

    assert can(scene.branch.id)[0] == "correction"
    client.request("GET", f"/organizations/{scene.far.id}", as_=scene.above, expect=404)
    path = f"/organizations/{scene.committee.id}"
    assert client.request("GET", path, as_=scene.district, expect=200)["can"][0] == "founding"
    assert can(scene.committee.id) == []  # whose own secretary one is, the organisation above keeps


def test_what_one_keeps_is_listed_without_any_other_filter(client: ApiClient, scene: Scene) -> None:
    def listed(of: str, actor: Actor) -> list[int]:
        path = f"/{of}?kept=true&limit=100"
        items = client.request("GET", path, as_=actor, expect=200)["items"]
        return [one["id"] for one in items]

    assert listed("organizations", scene.secretary) == [scene.branch.id]
    assert scene.far.unit_id not in listed("units", scene.district)
    assert scene.unit.id in listed("units", scene.district)
    assert listed("units", scene.contact) == [scene.unit.id]
    assert listed("units", scene.secretary) == []
    found = client.request("GET", f"/units?q={scene.unit.name}", as_=scene.secretary, expect=200)
    assert scene.unit.id in [one["id"] for one in found["items"]]
