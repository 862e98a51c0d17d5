"""A certificate over HTTP: issued, printed, verified, revoked."""

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from tests.backend.community.certificates.scene import NOW, Scene
from tests.factories import Make
from tests.http_client import ApiClient

PERIOD = {"from": "2026-01-01", "to": "2026-05-31"}


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Iterator[Scene]:
    with clock.at(NOW):
        yield Scene(session, rules, make)


def issued(client: ApiClient, scene: Scene) -> Any:
    return client.request("POST", "/me/certificates", as_=scene.member, json=PERIOD, expect=201)


def test_what_communities_have_confirmed_is_certified_at_once(
    client: ApiClient, scene: Scene
) -> None:
    scene.serve(minutes=95)
    done = issued(client, scene)
    mine = client.request("GET", "/me/certificates", as_=scene.member, expect=200)
    theirs = client.request("GET", "/certificates?status=issued", as_=scene.secretary, expect=200)

    assert (done["status"], done["services"], done["hours"]) == ("issued", 1, "1.5")
    assert (done["from"], done["to"]) == ("2026-01-01", "2026-05-31")
    assert done["issuer"] == "国贸社区居民委员会"
    assert [one["number"] for one in mine["items"]] == [done["number"]]
    assert [one["number"] for one in theirs["items"]] == [done["number"]]


def test_the_paper_is_for_the_member_and_the_community(client: ApiClient, scene: Scene) -> None:
    scene.serve()
    done = issued(client, scene)
    link = client.request(
        "GET", f"/certificates/{done['id']}/document-link", as_=scene.member, expect=200
    )
    answer = client.open_link(link["url"])
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().replace("\n", "")

    assert "志愿服务记录证明" in text
    assert "王䶮同志" in text
    assert done["number"] in text
    assert f"/m/#/documents/verify?number={done['number']}" not in text  # only in the code
    stranger = scene.make.actor(scene.make.member())
    client.request("GET", f"/certificates/{done['id']}/document", as_=stranger, expect=404)


def test_anybody_verifies_a_number_and_learns_no_name(client: ApiClient, scene: Scene) -> None:
    scene.serve(minutes=95)
    done = issued(client, scene)

    answer = client.request("GET", f"/certificates/{done['number']}", as_=None, expect=200)

    assert answer == {
        "number": done["number"],
        "status": "valid",
        "from": "2026-01-01",
        "to": "2026-05-31",
        "services": 1,
        "minutes": 95,
        "hours": "1.5",
        "issuer": "国贸社区居民委员会",
        "issued_on": "2026-06-01",
        "revoked_on": None,
    }


def test_after_a_counted_record_was_voided_the_number_says_outdated(
    client: ApiClient, scene: Scene
) -> None:
    record = scene.serve()
    done = issued(client, scene)
    scene.void(record)

    answer = client.request("GET", f"/certificates/{done['number']}", as_=None, expect=200)
    mine = client.request("GET", "/me/certificates", as_=scene.member, expect=200)

    assert answer["status"] == "outdated"
    assert mine["items"][0]["outdated"] is True


def test_after_revocation_the_number_says_so_and_the_paper_is_gone(
    client: ApiClient, scene: Scene
) -> None:
    scene.serve()
    done = issued(client, scene)
    at = f"/certificates/{done['id']}"
    link = client.request("GET", f"{at}/document-link", as_=scene.member, expect=200)
    client.request(
        "POST", f"{at}/revocation", as_=scene.secretary, json={"reason": "登记有误"}, expect=200
    )

    answer = client.request("GET", f"/certificates/{done['number']}", as_=None, expect=200)
    gone = client.request("GET", f"{at}/document", as_=scene.member, expect=409)

    assert (answer["status"], answer["revoked_on"]) == ("revoked", "2026-06-01")
    assert "reason" not in str(answer)
    assert gone["code"] == "certificate_revoked"
    assert client.open_link(link["url"]).status_code == 404


@pytest.mark.parametrize("number", ["ZM2026AAAAAAAAAA", "BD2026", "12"])
def test_unknown_numbers_are_answered_in_the_same_words(client: ApiClient, number: str) -> None:
    answer = client.request("GET", f"/certificates/{number}", as_=None, expect=404)

    assert answer["code"] == "number_unknown"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"from": "2026-06-01", "to": "2026-05-01"}, "to"),
        ({"to": "2026-06-02"}, "to"),
        ({"from": "x"}, "from"),
    ],
    ids=["order", "future", "form"],
)
def test_a_wrong_period_is_named(
    client: ApiClient, scene: Scene, changed: dict[str, str], field: str
) -> None:
    answer = client.request(
        "POST", "/me/certificates", as_=scene.member, json=PERIOD | changed, expect=422
    )

    assert list(answer["fields"]) == [field]


def code_of(client: ApiClient, actor: Actor) -> str:
    answer = client.request("POST", "/me/certificates", as_=actor, json=PERIOD, expect=409)
    return str(answer["code"])


def test_why_there_is_nothing_to_ask_for_is_said(client: ApiClient, scene: Scene) -> None:
    assert code_of(client, scene.member) == "nothing_to_certify"
    assert code_of(client, scene.make.actor(scene.make.member())) == "not_registered"
    scene.serve(volunteer=False)
    scene.serve(date(2026, 5, 2), confirmed=False)
    assert code_of(client, scene.member) == "nothing_to_certify"


def test_the_same_request_sent_twice_is_one(client: ApiClient, scene: Scene) -> None:
    scene.serve()
    key = {"Idempotency-Key": "one-form"}
    answers = [
        client.request(
            "POST", "/me/certificates", as_=scene.member, json=PERIOD, headers=key, expect=201
        )
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
