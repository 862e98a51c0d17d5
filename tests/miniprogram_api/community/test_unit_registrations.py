"""A unit's registration over HTTP: from the form to the receipt, and who reads what of it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.ledger.rulepack import RulePack
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests.backend.community.unit_registrations.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


def body(scene: Scene, **changed: Any) -> dict[str, Any]:
    return {
        "unit_id": scene.unit.id,
        "receiver_code": scene.community.code,
        "plan": "每季度开展一次义诊",
        "resources": [{"kind": "venue", "description": "会议室一间", "times": "工作日晚间"}],
    } | changed


def test_a_contact_finds_the_unit_by_its_name(client: ApiClient, scene: Scene) -> None:
    scene.make.unit(name="另一家")
    found = client.request("GET", "/units?q=城市服务", as_=scene.contact, expect=200)

    assert [one["name"] for one in found["items"]] == ["城市服务局"]
    assert found["items"][0]["community"]["code"] == scene.community.code


def test_from_the_form_to_the_receipt_to_the_renewal_to_the_end(
    client: ApiClient, scene: Scene
) -> None:
    sent = client.request(
        "POST", "/unit-registrations", as_=scene.contact, json=body(scene), expect=201
    )
    at = f"/unit-registrations/{sent['id']}"
    listed = client.request(
        "GET", "/unit-registrations?decidable=true", as_=scene.secretary, expect=200
    )
    accepted = client.request("POST", f"{at}/acceptance", as_=scene.secretary, expect=200)
    again = client.request("POST", f"{at}/acceptance", as_=scene.secretary, expect=200)
    ended = client.request(
        "POST", f"{at}/ending", as_=scene.contact, json={"reason": "单位迁往外区"}, expect=200
    )

    assert sent["status"] == "submitted"
    assert sent["contact"]["id"] == scene.contact.member_id
    assert listed["items"][0]["resources"] == [
        {"kind": "venue", "description": "会议室一间", "amount": "", "times": "工作日晚间"}
    ]
    assert accepted["status"] == "active"
    assert accepted == again
    assert (ended["status"], ended["end_reason"]) == ("ended", "单位迁往外区")


def test_a_second_registration_at_the_same_place_is_refused(
    client: ApiClient, scene: Scene
) -> None:
    scene.submit()

    answer = client.request(
        "POST", "/unit-registrations", as_=scene.contact, json=body(scene), expect=409
    )

    assert answer["code"] == "unit_already_registered"


def test_a_street_is_a_receiver_too(client: ApiClient, scene: Scene) -> None:
    sent = client.request(
        "POST",
        "/unit-registrations",
        as_=scene.contact,
        json=body(scene, receiver_code=scene.street.code),
        expect=201,
    )

    client.request(
        "POST", f"/unit-registrations/{sent['id']}/acceptance", as_=scene.officer, expect=200
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("receiver_code", "1"),
        ("receiver_code", "460199999999"),
        ("plan", ""),
        ("plan", "长" * 501),
        ("resources", [{"kind": "money", "description": "x"}]),
        ("resources", [{"kind": "venue"}]),
        ("unit_id", 0),
    ],
    ids=range(7),
)
def test_a_wrong_field_is_named(client: ApiClient, scene: Scene, field: str, value: Any) -> None:
    answer = client.request(
        "POST",
        "/unit-registrations",
        as_=scene.contact,
        json=body(scene, **{field: value}),
        expect=422,
    )

    assert list(answer["fields"]) == [field]


def test_the_contact_writes_the_resource_list_anew(client: ApiClient, scene: Scene) -> None:
    row = scene.accept(scene.submit())
    listed = {"resources": [{"kind": "people", "description": "志愿者20名"}]}
    at = f"/unit-registrations/{row.id}/resources"

    answer = client.request("PUT", at, as_=scene.contact, json=listed, expect=200)
    client.request("PUT", at, as_=scene.secretary, json=listed, expect=403)

    assert [one["description"] for one in answer["resources"]] == ["志愿者20名"]


def test_the_list_of_what_has_ended_is_closed(client: ApiClient, scene: Scene) -> None:
    row = scene.submit()
    at = f"/unit-registrations/{row.id}"
    client.request("POST", f"{at}/withdrawal", as_=scene.contact, expect=200)

    answer = client.request(
        "PUT", f"{at}/resources", as_=scene.contact, json={"resources": []}, expect=409
    )

    assert answer["code"] == "unit_registration_over"


def test_an_officer_above_sees_the_unit_and_no_person(client: ApiClient, scene: Scene) -> None:
    row = scene.accept(scene.submit())

    seen = client.request("GET", f"/unit-registrations/{row.id}", as_=scene.officer, expect=200)
    client.request("GET", f"/unit-registrations/{row.id}/receipt", as_=scene.officer, expect=403)

    assert seen["unit"]["name"] == "城市服务局"
    assert seen["contact"] is None


def test_elsewhere_it_does_not_exist(client: ApiClient, scene: Scene) -> None:
    row = scene.submit()
    for stranger in (
        scene.make.actor(scene.make.member(scene.branch)),
        scene.make.unit_contact(scene.make.branch()),
        scene.make.community_secretary(scene.make.community()),
        scene.make.officer(Role.DISTRICT_OFFICER, scene.make.district()),
    ):
        client.request("GET", f"/unit-registrations/{row.id}", as_=stranger, expect=404)
        found = client.request("GET", "/unit-registrations", as_=stranger, expect=200)
        assert found["items"] == []


def test_the_contact_lists_the_own_units_registrations(client: ApiClient, scene: Scene) -> None:
    row = scene.submit()

    mine = client.request("GET", "/me/unit-registrations", as_=scene.contact, expect=200)
    of_secretary = client.request("GET", "/me/unit-registrations", as_=scene.secretary, expect=200)

    assert [one["id"] for one in mine["items"]] == [row.id]
    assert of_secretary["items"] == []


def test_the_receipt_names_unit_and_receiver_and_is_verified_by_anybody(
    client: ApiClient, scene: Scene
) -> None:
    row = scene.submit()
    at = f"/unit-registrations/{row.id}"
    early = client.request("GET", f"{at}/receipt-link", as_=scene.contact, expect=409)
    scene.accept(row)
    link = client.request("GET", f"{at}/receipt-link", as_=scene.contact, expect=200)
    verified = client.request("GET", f"/receipts/{row.receipt_no}", as_=None, expect=200)

    assert early["code"] == "no_receipt_yet"
    assert client.open_link(link["url"]).content_type == "application/pdf"
    assert verified["receiver"] == scene.community.name
    assert verified["accepted_on"] == clock.today().isoformat()


def test_a_withheld_resource_list_is_not_read_by_others(
    client: ApiClient, session: Session, scene: Scene
) -> None:
    row = scene.submit()
    session.execute(
        sa.update(TextCheck)
        .where(TextCheck.subject == row.as_subject, TextCheck.part == "resources")
        .values(status=TextCheckStatus.HELD)
    )
    at = f"/unit-registrations/{row.id}"

    of_officer = client.request("GET", at, as_=scene.officer, expect=200)
    of_author = client.request("GET", at, as_=scene.contact, expect=200)

    assert [one["description"] for one in of_officer["resources"]] == ["内容正在核查，暂不显示。"]
    assert of_author["resources"][0]["description"] == "会议室一间"


def test_the_evidence_of_the_duty_names_each_registration(client: ApiClient, scene: Scene) -> None:
    scene.accept(scene.submit())
    scene.submit(scene.street)

    answer = client.request("GET", "/me/duties/2h/evidence", as_=scene.contact, expect=200)

    assert [one["title"] for one in answer["counted"]] == [f"向{scene.community.name}报到"]
    assert [one["reason"] for one in answer["not_counted"]] == ["等待接收。"]
