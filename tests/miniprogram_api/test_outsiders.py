"""Every endpoint there is, tried by those who have no rights here. A new one is tried by itself."""

import re
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.people.organizations.models import Organization
from miniprogram_api.app import MiniProgramApi
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api import hidden_scene
from tests.miniprogram_api.outsiders import (
    MARK,
    Outsiders,
    each_apart,
    mark_everything,
    operations,
    sample,
)
from tests.miniprogram_api.rights_scene import Things
from tests.miniprogram_api.test_rights import STEPS, named

WHO = ("unlinked", "inactive", "ended")

# Lists with something in them for everybody, and single things everybody opens.
OPEN = {
    "/activities",
    "/activities/{activity_id}",
    "/areas",
    "/areas/{code}",
    "/demand-lists",
    "/demand-lists/{list_id}",
    "/demands",
    "/duty-rules",
    "/duty-rules/{rule_id}",
    "/me",
    "/me/message-grants",
    "/me/sessions",
    "/online-voting",
    "/organizations",
    "/privacy-notices/current",
    "/projects",
    "/projects/{project_id}",
    # Those that everybody reads.
    "/registers",
    "/resources",
    "/units",
}
# What an account may do for itself alone.
FOR_ONESELF = {
    "POST /demands",
    "POST /me/consents",
    "POST /me/member-link",
    "POST /me/message-grants",
    "POST /me/notifications/reading",
    "PUT /me/preferences",
    "DELETE /sessions/current",
}
# What any member may do besides, whoever appointed them to what before.
OF_A_MEMBER = {
    "GET /appointments",
    "POST /registrations",
    "POST /service-records",
    "POST /me/certificates",
    "PUT /me/phone-to-community",
    "GET /me/duties",
    "GET /me/duties/{rule_id}/evidence",
}
# Where what somebody may not see is answered like what is not there, in the words of the field.
NOT_FOUND = {"POST /invitations", "POST /learning-materials"}
# What needs no right at all: only for these is a body that does not fit an answer.
UNFIT = {"POST /attachments", "POST /me/consents"} | OF_A_MEMBER
ALLOWED = {"unlinked": FOR_ONESELF, "inactive": FOR_ONESELF, "ended": FOR_ONESELF | OF_A_MEMBER}
REFUSED = {400, 403, 404, 409, 422}

# Which of the things an argument names, where the place says it and not the name.
AT = {
    "/registrations": {"registration_id": "standing"},
    "/unit-registrations": {"registration_id": "unit_registration"},
    "/leave-requests": {"request_id": "leave"},
    "/registration-requests": {"request_id": "request"},
    "/organizations": {"organization_id": "branch"},
    "/feedback-notes": {"note_id": "feedback"},
    "/projects": {"project_id": "draft"},
}


class Walk:
    def __init__(self, client: ApiClient, found: Things, who: str, outsiders: Outsiders) -> None:
        self.client, self.things, self.who, self.outsiders = client, found, who, outsiders
        community = outsiders.community
        self.ids: dict[str, Any] = {
            "member_id": found.people["member"].member_id,
            "organization_id": found.ids["branch"],
            "unit_id": outsiders.branch.unit_id,
            "code": community.code,
            "area_code": community.code,
            "community_code": community.code,
            "receiver_code": community.code,
            "register": "grid",
            "place_code": community.code,
            "rule_id": "1a",
            "subject_id": found.ids["branch"],
            "registration_id": found.ids["standing"],
            "phone": "10000000007",
            "contact_phone": "0898-66221234",
            "scan_code": "on-no-screen",
            "sign_in_name": "somebody-else",
        }
        self.faults: list[str] = []
        self.named_nothing: set[str] = set()
        self.looked_at_no_further: set[str] = set()

    def path(self, rule: str) -> str:
        here = AT.get("/" + rule.split("/")[1], {})

        def named(match: re.Match[str]) -> str:
            name = match[1]
            if name in self.ids and name not in here:
                return str(self.ids[name])
            thing = self.things.ids.get(here.get(name, name.removesuffix("_id")))
            if thing is None:
                self.named_nothing.add(rule)
            return str(thing)

        return re.sub(r"{(\w+)}", named, rule)

    def look(self, rule: str) -> None:
        actor = getattr(self.outsiders, self.who)()
        answer = self.client.answer("GET", self.path(rule), as_=actor)
        if MARK in answer.get_data(as_text=True):
            self.faults.append(f"GET {rule} shows what is not theirs")
        if answer.status_code in REFUSED or rule in OPEN:
            return
        if f"GET {rule}" in ALLOWED[self.who] and answer.status_code == 200:
            return
        body = answer.get_json(silent=True) or {}
        if answer.status_code != 200 or body.get("items", body):
            self.faults.append(f"GET {rule}: {answer.status_code} {body}")

    def write(self, method: str, rule: str, body: Any) -> None:
        actor = getattr(self.outsiders, self.who)()
        headers = {"If-Match": '"0"', "Idempotency-Key": f"walk-{actor.account_id}"}
        answer = self.client.answer(method, self.path(rule), as_=actor, json=body, headers=headers)
        if MARK in answer.get_data(as_text=True):
            self.faults.append(f"{method} {rule} shows what is not theirs")
        if answer.status_code in {400, 422}:
            self.looked_at_no_further.add(f"{method} {rule}")
        if f"{method} {rule}" not in ALLOWED[self.who] and answer.status_code not in REFUSED:
            self.faults.append(f"{method} {rule}: {answer.status_code}")

    def refusals(self, method: str, *paths: str, body: Any) -> set[tuple[int, Any, Any]]:
        """Return what somebody is answered, but for what each request has of its own."""
        actor = getattr(self.outsiders, self.who)()
        sent, found = None if method == "GET" else body, set()
        for path in paths:
            headers = {"If-Match": '"0"', "Idempotency-Key": f"refusal-{actor.account_id}-{path}"}
            answer = self.client.answer(method, path, as_=actor, json=sent, headers=headers)
            said = answer.get_json(silent=True) or {}
            found.add((answer.status_code, said.get("code"), said.get("message")))
        return found


def _bodies(found: Things) -> dict[str, Any]:
    """What the matrix of rights sends, by the form of the path."""
    member = {"member_id": found.people["member"].member_id}
    return {
        re.sub(r"{.*?}", "{}", path): named(
            body | member if body and "member_id" in body else body, found
        )
        for path, (body, _) in STEPS.items()
    }


@pytest.mark.parametrize("who", WHO)
def test_whoever_has_no_rights_here_is_shown_nothing_and_changes_nothing(
    app: MiniProgramApi,
    client: ApiClient,
    session: Session,
    make: Make,
    things: Things,
    who: str,
) -> None:
    branch = session.get_one(Organization, things.ids["branch"])
    assert branch.unit is not None
    things.ids |= hidden_scene.fill(session, things, branch.unit.community_id)
    mark_everything(session)
    walk = Walk(client, things, who, Outsiders(session, make, branch))
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    bodies, tried = _bodies(things), 0
    for method, rule, schema in each_apart(session, operations(app, document)):
        tried += 1
        if method == "GET":
            walk.look(rule)
            continue
        known = bodies.get(re.sub(r"{.*?}", "{}", rule))
        walk.write(method, rule, known or (schema and sample(schema, document, walk.ids)))

    assert not walk.faults
    assert walk.named_nothing == set()
    assert walk.looked_at_no_further - UNFIT <= NOT_FOUND
    assert tried > 150


# What everybody may open, so that its id is no secret.
PUBLIC = (
    "/activities/",
    "/projects/",
    "/demands/",
    "/demand-lists/",
    "/duty-rules/",
    "/me/duties/",
)


@pytest.mark.parametrize("who", WHO)
def test_what_is_there_and_what_is_not_answer_alike_outside(
    app: MiniProgramApi,
    client: ApiClient,
    session: Session,
    make: Make,
    things: Things,
    who: str,
) -> None:
    branch = session.get_one(Organization, things.ids["branch"])
    assert branch.unit is not None
    things.ids |= hidden_scene.fill(session, things, branch.unit.community_id)
    walk = Walk(client, things, who, Outsiders(session, make, branch))
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    bodies, compared = _bodies(things), 0
    for method, rule, schema in each_apart(session, operations(app, document)):
        if rule.startswith(PUBLIC):
            continue
        known = bodies.get(re.sub(r"{.*?}", "{}", rule))
        body = known or (schema and sample(schema, document, walk.ids))
        for name in re.findall(r"{(\w+_id)}", rule):
            there, nowhere = walk.path(rule), walk.path(rule.replace(f"{{{name}}}", "99999999"))
            compared += 1
            if len(walk.refusals(method, there, nowhere, body=body)) > 1:
                walk.faults.append(f"{method} {rule}")

    assert not walk.faults
    assert compared > 70
