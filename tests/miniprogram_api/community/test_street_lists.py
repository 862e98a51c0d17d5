"""The list of a street over HTTP: looked at first, published with one tap, read by everybody."""

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.ledger.rulepack import RulePack
from tests.backend.community.demands.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.community.test_demands import Asked


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def asked(client: ApiClient, scene: Scene) -> Asked:
    return Asked(client, scene)


def test_the_officer_sees_what_comes_publishes_it_and_everybody_reads_where_it_is_from(
    asked: Asked, scene: Scene
) -> None:
    beside = Scene(scene.session, scene.rules, scene.make)
    for one in (scene, beside, beside):
        one.published()
    code, body = scene.street.code, {"area_code": scene.street.code}
    coming = asked.get(scene.officer, f"/demand-lists/preview?area_code={code}")
    made = asked.client.request("POST", "/demand-lists", as_=scene.officer, json=body, expect=201)
    refused = asked.client.request(
        "POST", "/demand-lists", as_=scene.officer, json=body, expect=409
    )
    found = asked.get(scene.neighbour, f"/demand-lists?area_code={code}&year={clock.today().year}")

    here, there = (
        {"code": area.code, "name": area.name} for area in (scene.community, beside.community)
    )
    street = {"code": code, "name": scene.street.name}
    assert coming == {
        "area": street,
        "year": clock.today().year,
        "version": 1,
        "size": 3,
        "new": 3,
        "communities": [
            {"community": here, "size": 1, "new": 1},
            {"community": there, "size": 2, "new": 2},
        ],
    }
    assert (made["area"], made["size"]) == (street, 3)
    assert [one["community"] for one in made["demands"]] == [here, there, there]
    assert [one["id"] for one in found["items"]] == [made["id"]]
    assert asked.get(scene.neighbour, f"/demand-lists/{made['id']}") == made
    assert refused["code"] == "nothing_to_publish"
    assert asked.get(scene.officer, f"/demand-lists/preview?area_code={code}")["new"] == 0


def test_it_is_no_other_officers_and_no_towns(asked: Asked, scene: Scene) -> None:
    make = scene.make
    path = f"/demand-lists/preview?area_code={scene.street.code}"
    for actor in (
        scene.secretary,
        scene.neighbour,
        make.officer(Role.STREET_OFFICER, make.township()),
        make.officer(Role.DISTRICT_OFFICER, make.district()),
    ):
        assert asked.get(actor, path, 403)["code"] == "not_your_street"
    for code in ("460100", "460199999"):
        fields = asked.get(scene.officer, f"/demand-lists/preview?area_code={code}", 422)["fields"]
        assert "area_code" in str(fields)
