"""A member's receipt: who may have it, and what its number says to anybody."""

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from backend.community.registrations import service as registrations
from backend.community.registrations.applying import Application
from backend.community.registrations.models import CommunityRegistration
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from backend.people.areas.models import Area
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.support.documents.papers import LASTS
from miniprogram_api.throttle import NUMBERS
from tests.factories import Make
from tests.http_client import ApiClient


class Scene:
    def __init__(self, session: Session, rules: RulePack, make: Make) -> None:
        self.session, self.rules, self.make = session, rules, make
        self.community = make.community()
        self.member = make.actor(make.member(name="王䶮"))
        self.secretary = make.community_secretary(self.community)
        self.registration = registrations.submit(
            session, rules, actor=self.member, said=Application(community_code=self.community.code)
        )

    @property
    def path(self) -> str:
        return f"/registrations/{self.registration.id}"

    def accept(self) -> CommunityRegistration:
        return registrations.accept(
            self.session, self.rules, actor=self.secretary, registration_id=self.registration.id
        )


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def pdf(app: MiniProgramApi, path: str, token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = app.test_client().get(path, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().replace("\n", "")


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_the_member_and_the_accepting_secretary_read_the_receipt(
    app: MiniProgramApi, client: ApiClient, scene: Scene, who: str
) -> None:
    accepted = scene.accept()

    text = pdf(app, f"/api/v1{scene.path}/receipt", client.token(getattr(scene, who)))

    assert "王䶮同志：" in text
    assert f"编号：{accepted.receipt_no}" in text
    assert "党组织" in text


def test_before_acceptance_there_is_no_receipt(client: ApiClient, scene: Scene) -> None:
    for step in ("receipt", "receipt-link"):
        answer = client.request("GET", f"{scene.path}/{step}", as_=scene.member, expect=409)
        assert answer["code"] == "no_receipt_yet"


def test_an_officer_sees_the_registration_but_not_the_receipt(
    client: ApiClient, scene: Scene
) -> None:
    scene.accept()
    street = scene.session.get_one(Area, scene.community.township_id)
    officer = scene.make.officer(Role.STREET_OFFICER, street)

    answer = client.request("GET", f"{scene.path}/receipt", as_=officer, expect=403)

    assert answer["code"] == "not_your_receipt"


def test_for_a_stranger_there_is_no_such_receipt(client: ApiClient, scene: Scene) -> None:
    scene.accept()
    stranger = scene.make.actor(scene.make.member())

    client.request("GET", f"{scene.path}/receipt", as_=stranger, expect=404)
    client.request("GET", f"{scene.path}/receipt-link", as_=stranger, expect=404)


def link_of(client: ApiClient, scene: Scene, who: Actor | None = None) -> str:
    answer = client.request(
        "GET", f"{scene.path}/receipt-link", as_=who or scene.member, expect=200
    )
    return str(answer["url"])


def test_a_link_opens_the_receipt_without_signing_in(
    app: MiniProgramApi, client: ApiClient, scene: Scene
) -> None:
    scene.accept()

    assert "党员报到回执" in pdf(app, link_of(client, scene))


@pytest.mark.parametrize("change", ["id", "kind", "signature", "expires"])
def test_a_changed_link_opens_nothing(client: ApiClient, scene: Scene, change: str) -> None:
    scene.accept()
    url = link_of(client, scene)
    changed = {
        "id": url.replace(f"/{scene.registration.id}?", f"/{scene.registration.id + 1}?"),
        "kind": url.replace("registration-receipt", "certificate"),
        "signature": f"{url[:-1]}{'0' if url[-1] != '0' else '1'}",
        "expires": url.replace("expires=", "expires=9"),
    }[change]

    assert client.open_link(changed).status_code == 404


def test_a_link_ends_after_five_minutes(client: ApiClient, scene: Scene) -> None:
    scene.accept()
    url = link_of(client, scene)

    with clock.at(clock.now() + LASTS):
        assert client.open_link(url).status_code == 404


def test_anybody_verifies_a_number_and_learns_no_name(client: ApiClient, scene: Scene) -> None:
    number = scene.accept().receipt_no

    answer = client.request("GET", f"/receipts/{number}", as_=None, expect=200)

    assert answer == {
        "number": number,
        "status": "valid",
        "receiver": scene.community.name,
        "accepted_on": clock.today().isoformat(),
        "ended_on": None,
    }


def test_a_number_is_found_however_it_is_typed(client: ApiClient, scene: Scene) -> None:
    number = str(scene.accept().receipt_no)

    client.request("GET", f"/receipts/%20{number.lower()}", as_=None, expect=200)


def test_the_number_of_an_ended_registration_says_so(
    client: ApiClient, scene: Scene, rules: RulePack
) -> None:
    number = scene.accept().receipt_no
    elsewhere = scene.make.community()
    moved = registrations.submit(
        scene.session, rules, actor=scene.member, said=Application(community_code=elsewhere.code)
    )
    registrations.accept(
        scene.session,
        scene.rules,
        actor=scene.make.community_secretary(elsewhere),
        registration_id=moved.id,
    )

    answer = client.request("GET", f"/receipts/{number}", as_=None, expect=200)

    assert (answer["status"], answer["ended_on"]) == ("ended", clock.today().isoformat())


@pytest.mark.parametrize("number", ["BD2026AAAAAAAAAA", "x", "王", "1" * 400])
def test_unknown_numbers_are_answered_in_the_same_words(client: ApiClient, number: str) -> None:
    answer = client.request("GET", f"/receipts/{number}", as_=None, expect=404)

    assert answer["code"] == "number_unknown"
    assert answer["message"] == "没有查到这个编号，请核对后重新输入。"


def test_whoever_tries_numbers_is_slowed_down_and_nobody_else(
    client: ApiClient, scene: Scene
) -> None:
    number = scene.accept().receipt_no
    behind(client, "127.0.0.1")
    trying, other = {"X-Forwarded-For": "1.1.1.1, 10.9.8.7"}, {"X-Forwarded-For": "10.9.8.6"}
    for _ in range(NUMBERS.misses):
        client.request("GET", "/receipts/BD2026WRONG", as_=None, expect=404, headers=trying)

    answer = client.request("GET", f"/receipts/{number}", as_=None, expect=429, headers=trying)

    assert answer["code"] == "too_many_tries"
    client.request("GET", f"/receipts/{number}", as_=None, expect=200, headers=other)


def behind(client: ApiClient, proxies: str) -> None:
    """Have the application believe these proxies."""
    services = client.app.extensions["party"]
    settings = services.settings.model_copy(update={"trusted_proxies": proxies})
    client.app.extensions["party"] = replace(services, settings=settings)


def test_without_a_proxy_nobody_passes_by_an_address_made_up(client: ApiClient) -> None:
    statuses = [
        client.request_status("GET", "/receipts/BD2026WRONG", {"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(NUMBERS.misses + 1)
    ]

    assert statuses == [404] * NUMBERS.misses + [429]


def test_of_several_proxies_the_client_is_who_the_first_of_ours_saw(client: ApiClient) -> None:
    behind(client, "127.0.0.1,10.1.0.0/16")
    for number in range(NUMBERS.misses):
        made_up = {"X-Forwarded-For": f"9.9.9.{number}, 8.8.8.8, 10.1.2.3"}
        assert client.request_status("GET", "/receipts/BD2026WRONG", made_up) == 404

    last = {"X-Forwarded-For": "8.8.8.8, 10.1.2.3"}
    assert client.request_status("GET", "/receipts/BD2026WRONG", last) == 429


def test_whoever_checks_real_papers_never_waits(client: ApiClient, scene: Scene) -> None:
    number = scene.accept().receipt_no
    for _ in range(NUMBERS.misses + 5):
        client.request("GET", f"/receipts/{number}", as_=None, expect=200)
