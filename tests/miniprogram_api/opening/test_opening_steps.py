"""How far the opening of a city is: to whom it is shown, and that it says what is so."""

from typing import Any

import pytest

from backend.core.actor import Actor, Role
from backend.wechat.client import WechatClient
from tests.factories import Make
from tests.http_client import ApiClient

TECHNICAL = ["wechat", "templates", "push", "worker", "backup"]


@pytest.fixture(autouse=True)
def _wechat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WechatClient, "answers", lambda _self: True)


def asked(client: ApiClient, who: Actor) -> dict[str, Any]:
    answer = client.request("GET", "/opening", as_=who, expect=200)
    return {one["step"]: (one["state"], one["count"]) for one in answer["items"]}


def test_the_department_sees_what_is_there_and_what_is_missing(
    client: ApiClient, make: Make
) -> None:
    led, unled = make.community(), make.community()
    secretary = make.member(make.branch(make.unit(led)))
    make.appointment(secretary, Role.COMMUNITY_SECRETARY, area_id=led.id)
    officer = make.officer(Role.CITY_OFFICER, make.city())

    found = asked(client, officer)
    communities = found["territory"][1]
    assert communities >= 2
    assert found["communities_without_secretary"] == ("missing", communities - 1)
    assert found["secretaries_without_account"] == ("missing", 1)
    assert found["members"][0] == found["units"][0] == "done"
    assert found["wechat"] == ("done", None)
    assert found["backup"] == ("unknown", None)  # nobody tells the program

    make.account(secretary)
    make.appointment(secretary, Role.COMMUNITY_SECRETARY, area_id=unled.id)
    found = asked(client, officer)
    assert found["communities_without_secretary"][1] == communities - 2
    assert found["secretaries_without_account"] == ("done", 0)


def test_the_administrator_of_the_system_sees_what_is_technical(
    client: ApiClient, make: Make
) -> None:
    administrator = make.staff((Role.SYSTEM_ADMINISTRATOR, make.city()))
    assert list(asked(client, administrator)) == TECHNICAL


def test_wechat_that_does_not_answer_is_missing(
    client: ApiClient, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WechatClient, "answers", lambda _self: False)
    administrator = make.staff((Role.SYSTEM_ADMINISTRATOR, make.city()))
    assert asked(client, administrator)["wechat"] == ("missing", None)


def test_nobody_else_is_shown_it(client: ApiClient, make: Make) -> None:
    community = make.community()
    others = [
        make.community_secretary(community),
        make.actor(make.member()),
        make.unlinked(),
        make.staff((Role.SECURITY_ADMINISTRATOR, make.city())),
        make.staff((Role.AUDIT_ADMINISTRATOR, make.city())),
    ]
    for actor in others:
        client.request("GET", "/opening", as_=actor, expect=403)
