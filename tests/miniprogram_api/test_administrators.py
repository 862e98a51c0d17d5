"""The three administrators see and do nothing of the field, whichever endpoint they try."""

import re

import pytest
from sqlalchemy.orm import Session

from backend.core.actor import ADMINISTRATORS, Actor, Role
from backend.people.organizations.models import Organization
from miniprogram_api.app import MiniProgramApi
from miniprogram_api.auth import FOR_ADMINISTRATORS
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api import hidden_scene
from tests.miniprogram_api.outsiders import MARK, Outsiders, mark_everything, operations, sample
from tests.miniprogram_api.rights_scene import Things
from tests.miniprogram_api.test_outsiders import Walk, _bodies


def administrator(make: Make, role: Role) -> Actor:
    return make.staff((role, make.city()))


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_endpoint_shows_or_does_anything_of_the_field(
    app: MiniProgramApi,
    client: ApiClient,
    session: Session,
    make: Make,
    things: Things,
    role: Role,
) -> None:
    branch = session.get_one(Organization, things.ids["branch"])
    assert branch.unit is not None
    things.ids |= hidden_scene.fill(session, things, branch.unit.community_id)
    mark_everything(session)
    actor = administrator(make, role)
    walk = Walk(client, things, "unlinked", Outsiders(session, make, branch))
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    bodies, closed = _bodies(things), 0
    headers = {"If-Match": '"0"', "Idempotency-Key": "walk-of-an-administrator"}
    for method, rule, schema in operations(app, document):
        endpoint = _endpoint(app, method, rule)
        if endpoint == "sessions.sign_out":
            continue
        known = bodies.get(re.sub(r"{.*?}", "{}", rule))
        body = known or (schema and sample(schema, document, walk.ids))
        sent = None if method == "GET" else body
        answer = client.answer(method, walk.path(rule), as_=actor, json=sent, headers=headers)
        assert MARK not in answer.get_data(as_text=True), rule
        if endpoint not in FOR_ADMINISTRATORS:
            closed += 1
            assert answer.status_code == 403, (method, rule)
            assert answer.get_json()["code"] == "administrators_see_no_business", rule
    assert closed > 150


def _endpoint(app: MiniProgramApi, method: str, rule: str) -> str:
    wanted = f"/api/v1{rule}"
    for one in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", one.rule)
        if path == wanted and method in (one.methods or ()):
            return str(one.endpoint)
    raise AssertionError(rule)


def test_what_is_open_to_them_is_there(app: MiniProgramApi) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= FOR_ADMINISTRATORS


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_the_security_administrator_alone_keeps_accounts(
    client: ApiClient, make: Make, things: Things, role: Role
) -> None:
    actor, id_ = administrator(make, role), things.ids["staff_account"]
    mine = role is Role.SECURITY_ADMINISTRATOR

    assert client.status("GET", "/staff-accounts", as_=actor) == (200 if mine else 403)
    for step in ("locking", "unlocking", "reset"):
        status = client.status("POST", f"/staff-accounts/{id_}/{step}", as_=actor)
        assert status == (200 if mine else 404), step


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_appointment_of_a_member_exists_for_them(
    client: ApiClient, make: Make, things: Things, role: Role
) -> None:
    actor = administrator(make, role)
    listed = client.request("GET", "/appointments", as_=actor, expect=200)["items"]

    assert all(one["holder"]["member_id"] is None for one in listed)
    client.request("GET", f"/appointments/{things.ids['appointment']}", as_=actor, expect=404)
