"""Who may do what: every step of the flows tried by every role. What is not listed is refused."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.ledger.rulepack import RulePack
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.rights_scene import Things, populate

REASON = {"reason": "请补充"}
REJECTION = {"reason_code": "wrong_community", "reason": "不住在本社区"}
DELIVERY = {"summary": "已完成", "delivered_on": clock.today().isoformat()}
FACTS = {
    "category": "care",
    "content": "看望独居老人",
    "started_at": "2026-01-05T09:00:00+08:00",
    "ended_at": "2026-01-05T10:00:00+08:00",
}
FEEDBACK = {"year": clock.today().year, "comment": "积极参加社区服务。"}
PLAN = {"plan": "每季度开展一次义诊"}
COMPLETION = {"solved": True, "satisfied": True}
PROJECT_PLAN = {
    "title": "整理自行车棚",
    "places": 1,
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "claim_deadline": "2026-12-01T12:00:00+08:00",
}

CODE = {"code": "00000000"}
EXCLUSION = {
    "member_id": 1,
    "ground": "abroad",
    "agreement": "批复",
    "agreed_on": "2026-01-05",
    "adopted": True,
}
ROLES = (
    "member",
    "secretary",
    "branch_secretary",
    "contact",
    "street",
    "district",
    "city",
    "stranger",
    "other_secretary",
    "other_branch_secretary",
)
EVERYBODY = set(ROLES)

# The organisation departments of the area.
KEEPERS = {"district", "city"}

# Step -> body, who is let through (the state may still forbid it: 409). Everybody else gets 403
# where the thing is visible, 404 where it is not.
STEPS: dict[str, tuple[Any, set[str]]] = {
    "/registrations/{registration}/acceptance": (None, {"secretary"}),
    "/registrations/{registration}/return": (REASON, {"secretary"}),
    "/registrations/{registration}/rejection": (REJECTION, {"secretary"}),
    "/registrations/{registration}/withdrawal": (None, {"member"}),
    "/registrations/{registration}/resubmission": ({}, {"member"}),
    "/registrations/{standing}/pause": ({"reason_code": "posting"}, {"secretary", "asker"}),
    "/registrations/{standing}/resumption": ({}, {"secretary", "asker"}),
    "/registrations/{standing}/ending": (
        {"reason_code": "moved", "reason": "已搬离"},
        {"secretary", "asker"},
    ),
    "/organizations/{branch}/unregistered-members/{unregistered}/reminder": (
        None,
        {"branch_secretary"},
    ),
    "/registration-requests/{request}/confirmation": (None, {"secretary"}),
    "/registration-requests/{request}/refusal": (REASON, {"secretary"}),
    "/registration-requests/{request}/withdrawal": (None, {"asker"}),
    "/unit-registrations/{unit_registration}/acceptance": (None, {"secretary"}),
    "/unit-registrations/{unit_registration}/return": (REASON, {"secretary"}),
    "/unit-registrations/{unit_registration}/ending": (REASON, {"secretary", "contact"}),
    "/unit-registrations/{unit_registration}/resubmission": (PLAN, {"contact"}),
    "/unit-registrations/{unit_registration}/withdrawal": (None, {"contact"}),
    "/unit-registrations/{unit_registration}/renewal": (None, {"contact"}),
    "/service-records/{record}/confirmation": (None, {"secretary"}),
    "/service-records/{record}/return": (REASON, {"secretary"}),
    "/service-records/{record}/voiding": (REASON, {"secretary"}),
    "/service-records/{record}/resubmission": (FACTS, {"member"}),
    "/service-records/{record}/withdrawal": (None, {"member"}),
    "/activities/{activity_draft}/publication": (None, {"secretary"}),
    "/activities/{activity}/cancellation": (REASON, {"secretary"}),
    # Not signed up, as everybody here: the code is not even looked at.
    "/activities/{activity}/check-ins": (CODE, EVERYBODY),
    "/activities/{activity}/check-outs": (CODE, EVERYBODY),
    "/service-records/{record}/dispute": (REASON, {"member"}),
    "/service-records/{record}/dispute-withdrawal": (None, {"member"}),
    "/service-records/{record}/upholding": (REASON, {"secretary"}),
    "/service-records/{record}/correction": (FACTS | REASON, {"secretary"}),
    "/registrations/{registration}/feedback": (FEEDBACK, {"secretary"}),
    "/feedback-notes/{feedback}/reply": ({"reply": "谢谢"}, {"member"}),
    "/certificates/{certificate}/revocation": (REASON, {"secretary"}),
    "/attachments/{attachment}/release": (None, {"secretary"}),
    "/attachments/{attachment}/removal": (REASON, {"secretary"}),
    "/meetings/{meeting}/attendance": ({}, {"member", "branch_secretary", "contact"}),
    "/meetings/{meeting}/change-preview": ({"place": "会议室"}, {"branch_secretary"}),
    "/meetings/{meeting}/closing": (None, {"branch_secretary"}),
    "/meetings/{meeting}/cancellation": (REASON, {"branch_secretary"}),
    "/meetings/{meeting}/leave-requests": (
        {"reason_code": "work"},
        {"member", "branch_secretary", "contact"},
    ),
    "/meetings/{meeting}/resolutions": ({"title": "决议", "yes": 0}, {"branch_secretary"}),
    "/meetings/{meeting}/exclusions": (EXCLUSION, {"branch_secretary"}),
    "/meetings/{meeting}/amendments": ({"content": "更正"}, {"branch_secretary"}),
    "/leave-requests/{leave}/approval": (None, {"branch_secretary"}),
    "/leave-requests/{leave}/refusal": (REASON, {"branch_secretary"}),
    "/leave-requests/{leave}/withdrawal": (None, {"member"}),
    "/resolutions/{resolution}/voiding": (REASON, {"branch_secretary"}),
    "/organizations/{branch}/move": ({"parent_id": None} | REASON, KEEPERS),
    "/organizations/{branch}/merging": ({"into_id": "{other_branch}"} | REASON, KEEPERS),
    "/organizations/{branch}/ending": (REASON, KEEPERS),
    "/units/{unit}/merging": ({"into_id": "{other_unit}"} | REASON, KEEPERS),
    "/units/{unit}/ending": (REASON, KEEPERS),
    "/members/{unregistered}/move": ({"branch_id": "{other_branch}"} | REASON, KEEPERS),
    "/members/{unregistered}/merging": (
        {"into_id": "{exempted}"} | REASON,
        {"branch_secretary", "contact", *KEEPERS},
    ),
    "/members/{unregistered}/ending": (
        {"code": "transferred_out"} | REASON,
        {"branch_secretary", "contact", *KEEPERS},
    ),
    "/organizations/{branch}/groups": ({"name": "第一党小组"}, {"branch_secretary"}),
    "/organizations/{branch}/attendance-exemptions": (
        {
            "member_id": 1,
            "ground": "frail",
            "starts_on": "2026-01-01",
            "ends_on": "2026-01-31",
        },
        {"branch_secretary"},
    ),
    "/attendance-exemptions/{exemption}/ending": (None, {"branch_secretary"}),
    "/learning-materials/{material}/withdrawal": (None, {"branch_secretary"}),
    "/groups/{group}/dissolution": (None, {"branch_secretary"}),
    "/appointments/{appointment}/approval": (None, {"district", "city"}),
    "/appointments/{appointment}/refusal": (REASON, {"district", "city"}),
    "/appointments/{appointment}/withdrawal": (None, set()),
    "/appointments/{held_appointment}/ending": (REASON, {"district", "city"}),
    # By the security administrator alone (test_administrators).
    "/staff-accounts/{staff_account}/locking": (None, set()),
    "/staff-accounts/{staff_account}/unlocking": (None, set()),
    "/staff-accounts/{staff_account}/reset": (None, set()),
    "/text-checks/{check}/release": (None, {"secretary"}),
    "/text-checks/{check}/removal": (REASON, {"secretary"}),
    "/demands/{demand}/submission": (None, {"contact"}),
    "/demands/{demand}/withdrawal": (None, {"contact"}),
    "/demands/{demand}/triage": ({"decision": "accept"}, {"secretary"}),
    "/demands/{demand}/closing": ({"outcome": "solved"} | REASON, {"secretary"}),
    "/demands/{demand}/evaluation": (COMPLETION, {"contact"}),
    "/projects/{draft}/opening": (None, {"secretary"}),
    "/projects/{draft}/cancellation": (REASON, {"secretary"}),
    "/projects/{reviewed}/approval": (None, {"street"}),
    "/projects/{reviewed}/return": (REASON, {"street"}),
    "/claims/{claim}/acceptance": (None, {"secretary"}),
    "/claims/{claim}/return": (REASON, {"secretary"}),
    "/claims/{claim}/failure": (REASON, {"secretary"}),
    "/claims/{claim}/evaluation": (COMPLETION, {"contact"}),
    "/claims/{claim}/declining": (REASON, {"secretary"}),
    "/claims/{claim}/completion": (COMPLETION, {"secretary"}),
    "/claims/{claim}/withdrawal": (None, {"contact"}),
    "/claims/{claim}/start": (None, {"contact"}),
    "/claims/{claim}/delivery": (DELIVERY, {"contact"}),
    # An import is there for whoever brought it and for nobody else.
    "/imports/{import}/commit": (None, {"city"}),
    "/imports/{import}/discard": (None, {"city"}),
    "/imports/{import}/undo": (None, {"city"}),
    # Each register by each relation: tests/backend/registers/test_rights.py.
    "/register-entries/{entry}/ending": (REASON, {"secretary", "street"}),
    "/register-entries/{entry}/voiding": (REASON, {"secretary", "street"}),
    "/register-entries/{household}/unsealing": (REASON, {"secretary"}),
}


# Whose rights are no matter of roles, or are tried where the thing is made.
ELSEWHERE = ("/link-applications", "/console-logins", "/me/", "/demo-staff", "/registers/")


def named(body: Any, things: Things) -> Any:
    """Return a body with the ids of the things it names."""
    if not isinstance(body, dict):
        return body
    return {
        name: things.ids[value[1:-1]] if str(value).startswith("{") else value
        for name, value in body.items()
    }


@pytest.fixture(scope="module")
def things(shared: sa.Connection, rules: RulePack, keys: Crypto) -> Things:
    with Database(shared).transaction() as session:
        return populate(session, rules, Make(session, keys))


@pytest.fixture
def connection(shared: sa.Connection, things: Things) -> Iterator[sa.Connection]:
    assert things.ids
    case = shared.begin_nested()
    yield shared
    case.rollback()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_open_to_those_named_and_to_nobody_else(
    client: ApiClient, things: Things, step: str, role: str
) -> None:
    body, allowed = STEPS[step]
    actor = things.people[role]
    if body is not None and "member_id" in body:
        body = body | {"member_id": things.people["member"].member_id}
    body = named(body, things)
    status = client.status("POST", step.format(**things.ids), as_=actor, json=body)

    assert status in ({200, 201, 409} if role in allowed else {403, 404}), status
    outside = {"stranger", "other_secretary", "other_branch_secretary"}
    if role in outside and not re.search("{draft}|{activity}|{staff_account}", step):
        assert status == 404


def test_every_step_of_the_document_is_walked(client: ApiClient) -> None:
    """A new step must be added above, with who may take it."""
    walked = {re.sub(r"{.*}", "{}", path) for path in STEPS}
    steps = {
        re.sub(r"{.*}", "{}", path)
        for path in client.paths("post")
        if "{" in path and not path.startswith(ELSEWHERE)
    }

    assert steps - {"/projects/{}/claims", "/activities/{}/sign-ups"} == walked
