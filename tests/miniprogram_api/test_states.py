"""The same over HTTP: a step that the state does not allow is 409 with the machine's own code."""

from typing import Any

import pytest
import sqlalchemy as sa

from backend.accounts.appointments import flow as appointments
from backend.accounts.onboarding import flow as onboarding
from backend.branch_life.learning import flow as learning
from backend.branch_life.meetings.leave import flow as leave
from backend.branch_life.meetings.leave.models import LeaveStatus
from backend.branch_life.meetings.states import MEETING
from backend.branch_life.meetings.voting import flow as voting
from backend.community.certificates import flow as certificates
from backend.community.claims import flow as claims
from backend.community.claims.models import ClaimStatus
from backend.community.conduct_feedback import flow as feedback
from backend.community.demands import flow as demands
from backend.community.demands.models import DemandStatus
from backend.community.projects import flow as projects
from backend.community.projects.models import ProjectStatus
from backend.community.registrations import flow as registrations
from backend.community.registrations.models import (
    RegistrationStatus,
    RequestStatus,
)
from backend.community.unit_registrations import flow as unit_registrations
from backend.community.unit_registrations.models import UnitRegistrationStatus
from backend.community.volunteering import flow as service_records
from backend.community.volunteering.activities import flow as activities
from backend.community.volunteering.activities.models import (
    ActivityStatus,
)
from backend.community.volunteering.models import (
    ServiceRecordStatus,
)
from backend.core.states import Machine
from backend.figures.state_machines import states_of
from backend.imports import flow as imports
from backend.imports.models import ImportStatus
from backend.people.members.models import AppointmentStatus
from tests.http_client import ApiClient
from tests.miniprogram_api.state_scene import Scene
from tests.miniprogram_api.test_rights import (
    CODE,
    COMPLETION,
    DELIVERY,
    EXCLUSION,
    FACTS,
    PLAN,
    PROJECT_PLAN,
    REASON,
    REJECTION,
)

# Which column of a file is which.
NAMED = [{"index": 0, "key": "name"}, {"index": 1, "key": "branch"}]

# Event -> path below the thing, body, who.
STEPS: dict[str, dict[str, tuple[str, Any, str]]] = {
    "registration": {
        "accept": ("acceptance", None, "secretary"),
        "return": ("return", REASON, "secretary"),
        "reject": ("rejection", REJECTION, "secretary"),
        "resubmit": ("resubmission", {}, "member"),
        "withdraw": ("withdrawal", None, "member"),
        "pause": ("pause", {"reason_code": "posting"}, "member"),
        "resume": ("resumption", {}, "member"),
        "end": ("ending", {"reason_code": "moved", "reason": "已搬离"}, "secretary"),
    },
    "registration_request": {
        "confirm": ("confirmation", None, "secretary"),
        "refuse": ("refusal", REASON, "secretary"),
        "withdraw": ("withdrawal", None, "member"),
    },
    "unit_registration": {
        "accept": ("acceptance", None, "secretary"),
        "return": ("return", REASON, "secretary"),
        "end": ("ending", REASON, "secretary"),
        "resubmit": ("resubmission", PLAN, "contact"),
        "withdraw": ("withdrawal", None, "contact"),
        "renew": ("renewal", None, "contact"),
    },
    "service_record": {
        "confirm": ("confirmation", None, "secretary"),
        "return": ("return", REASON, "secretary"),
        "void": ("voiding", REASON, "secretary"),
        "resubmit": ("resubmission", FACTS, "member"),
        "withdraw": ("withdrawal", None, "member"),
        "dispute": ("dispute", REASON, "member"),
        "drop_dispute": ("dispute-withdrawal", None, "member"),
        "uphold": ("upholding", REASON, "secretary"),
        "correct": ("correction", FACTS | REASON, "secretary"),
    },
    "feedback": {"reply": ("reply", {"reply": "再补充"}, "member")},
    "certificate": {
        "revoke": ("revocation", REASON, "secretary"),
    },
    "learning_material": {"withdraw": ("withdrawal", None, "branch_secretary")},
    "meeting": {
        "change": ("", {"title": "支部党员大会"}, "branch_secretary"),
        "close": ("closing", None, "branch_secretary"),
        "cancel": ("cancellation", REASON, "branch_secretary"),
        "ask_for_leave": ("leave-requests", {"reason_code": "work"}, "member"),
        "exclude_voter": ("exclusions", EXCLUSION, "branch_secretary"),
        "vote": ("resolutions", {"title": "决议", "yes": 0}, "branch_secretary"),
        "write_minutes": ("minutes", {"content": "记录"}, "branch_secretary"),
        "write_list": ("attendance", {"present": []}, "branch_secretary"),
        "amend": ("amendments", {"content": "更正"}, "branch_secretary"),
    },
    "leave_request": {
        "approve": ("approval", None, "branch_secretary"),
        "refuse": ("refusal", REASON, "branch_secretary"),
        "withdraw": ("withdrawal", None, "member"),
    },
    "resolution": {"void": ("voiding", REASON, "branch_secretary")},
    "project": {
        "amend": ("", PROJECT_PLAN, "secretary"),
        "open": ("opening", None, "secretary"),
        "approve": ("approval", None, "reviewer"),
        "return": ("return", REASON, "reviewer"),
        "cancel": ("cancellation", REASON, "secretary"),
    },
    "demand": {
        "amend": ("", {"title": "照明需要维修"}, "secretary"),
        "submit": ("submission", None, "secretary"),
        "withdraw": ("withdrawal", None, "secretary"),
        "accept": ("triage", {"decision": "accept"}, "deputy"),
        "merge": ("triage", {"decision": "merge", "merged_into_id": 1}, "deputy"),
        "refer": ("triage", {"decision": "refer"} | REASON, "deputy"),
        "decline": ("triage", {"decision": "decline"} | REASON, "deputy"),
        "solve": ("closing", {"outcome": "solved"} | REASON, "deputy"),
        "give_up": ("closing", {"outcome": "not_solvable"} | REASON, "deputy"),
        "evaluate": ("evaluation", COMPLETION, "secretary"),
    },
    "claim": {
        "accept": ("acceptance", None, "secretary"),
        "decline": ("declining", REASON, "secretary"),
        "withdraw": ("withdrawal", None, "member"),
        "start": ("start", None, "member"),
        "deliver": ("delivery", DELIVERY, "member"),
        "return": ("return", REASON, "secretary"),
        "fail": ("failure", REASON, "secretary"),
        "complete": ("completion", COMPLETION, "secretary"),
        "evaluate": ("evaluation", COMPLETION, "member"),
    },
    "activity": {
        "amend": ("", {"age_note": "16周岁以上"}, "secretary"),
        "publish": ("publication", None, "secretary"),
        "cancel": ("cancellation", REASON, "secretary"),
        "sign_up": ("sign-ups", {}, "secretary"),
        "withdraw": ("sign-ups/mine", None, "secretary"),
        "write_list": ("attendance", {"lines": []}, "secretary"),
    },
    # Below the activity.
    "sign_up": {
        "withdraw": ("sign-ups/mine", None, "member"),
        "check_in": ("check-ins", CODE, "member"),
        "check_out": ("check-outs", CODE, "member"),
    },
    "appointment": {
        "approve": ("approval", None, "department"),
        "refuse": ("refusal", REASON, "department"),
        "withdraw": ("withdrawal", None, "proposer"),
        "end": ("ending", REASON, "department"),
    },
    "link_application": {
        "approve": ("approval", {"member_id": 1}, "branch_secretary"),
        "confirm": ("confirmation", {"member_id": 1}, "branch_secretary"),
        "refuse": ("refusal", REASON, "branch_secretary"),
    },
    "import": {
        "commit": ("commit", None, "officer"),
        "discard": ("discard", None, "officer"),
        "undo": ("undo", None, "officer"),
        "map": ("columns", {"columns": NAMED}, "officer"),
    },
}
PATHS = {
    "registration": "registrations",
    "registration_request": "registration-requests",
    "unit_registration": "unit-registrations",
    "service_record": "service-records",
    "certificate": "certificates",
    "feedback": "feedback-notes",
    "learning_material": "learning-materials",
    "meeting": "meetings",
    "leave_request": "leave-requests",
    "resolution": "resolutions",
    "demand": "demands",
    "project": "projects",
    "claim": "claims",
    "activity": "activities",
    "link_application": "link-applications",
    "import": "imports",
    "appointment": "appointments",
}
METHODS = {
    "project": {"amend": "PUT"},
    "demand": {"amend": "PUT"},
    "activity": {"amend": "PATCH", "withdraw": "DELETE", "write_list": "PUT"},
    "sign_up": {"withdraw": "DELETE"},
    "import": {"map": "PUT"},
    "meeting": {"change": "PATCH", "write_minutes": "PUT", "write_list": "PUT"},
}
# Whoever writes minutes names the version that was read.
HEADERS = {"write_minutes": {"If-Match": '"0"'}}
# Doing again what one has done oneself is no step: 200 with the same answer.
AGAIN = {
    (RegistrationStatus.WITHDRAWN, "withdraw"),
    (RequestStatus.WITHDRAWN, "withdraw"),
    (LeaveStatus.WITHDRAWN, "withdraw"),
    (UnitRegistrationStatus.WITHDRAWN, "withdraw"),
    (ServiceRecordStatus.WITHDRAWN, "withdraw"),
    (ServiceRecordStatus.DISPUTED, "dispute"),
    (DemandStatus.SUBMITTED, "submit"),
    (DemandStatus.WITHDRAWN, "withdraw"),
    (ClaimStatus.WITHDRAWN, "withdraw"),
    (AppointmentStatus.WITHDRAWN, "withdraw"),
    (ClaimStatus.IN_PROGRESS, "start"),
    (ProjectStatus.REVIEW, "open"),
    (ProjectStatus.OPEN, "open"),
    (ProjectStatus.FULL, "open"),
    (ProjectStatus.IN_PROGRESS, "open"),
    (ActivityStatus.PUBLISHED, "publish"),
    (ActivityStatus.FULL, "publish"),
    (ActivityStatus.RUNNING, "publish"),
    (ActivityStatus.FINISHED, "publish"),
    (ImportStatus.COMMITTING, "commit"),
    (ImportStatus.COMMITTED, "commit"),
    (ImportStatus.UNDOING, "undo"),
    (ImportStatus.UNDONE, "undo"),
    (ImportStatus.DISCARDED, "discard"),
}
# Nobody decides about what one entered oneself, and to all others a draft does not exist.
DECISIONS = ("accept", "merge", "refer", "decline", "solve", "give_up")
UNSEEN = {(DemandStatus.DRAFT, event) for event in DECISIONS}


def forbidden(machine: Machine[Any]) -> list[Any]:
    """Return every (noun, state, event) that HTTP can ask for and the table does not know."""
    allowed = {(t.source, t.event) for t in machine.transitions}
    return [
        pytest.param(machine.noun, state, event, id=f"{machine.noun}-{state}-{event}")
        for event in STEPS[machine.noun]
        for state in states_of(machine)
        if (state, event) not in allowed | AGAIN | UNSEEN
    ]


MACHINES = (
    registrations.FLOW.machine,
    registrations.REQUEST.machine,
    service_records.FLOW.machine,
    activities.FLOW.machine,
    unit_registrations.FLOW.machine,
    certificates.FLOW.machine,
    feedback.FLOW.machine,
    MEETING,
    learning.FLOW.machine,
    leave.FLOW.machine,
    voting.FLOW.machine,
    demands.FLOW.machine,
    projects.FLOW.machine,
    claims.FLOW.machine,
    onboarding.FLOW.machine,
    imports.FLOW.machine,
    appointments.FLOW.machine,
)


@pytest.fixture
def connection(case_in_town: sa.Connection) -> sa.Connection:
    return case_in_town


def test_each_step_of_a_person_is_tried() -> None:
    """What is not here is a step of the program itself, or has no address of its own."""
    inward = {
        "end_as_asked",
        "request_transfer",
        "drop_transfer",
        "move",
        "lapse",
        "fall_due",
        "hand_over",
    }
    by_itself = {"fill", "free", "begin", "end"}
    # A project is evaluated when its claims are.
    own = {"project": {"evaluate"}}
    # Of a demand: what its list and its projects do, and the clock.
    by_itself |= {"publish", "match", "unmatch", "wait_again", "fulfil", "expire"}
    # Of a request: its registration's own steps, and the program's.
    inward |= {"confirm", "drop"}
    # Of a project: opening decides which; claiming has codes of its own (test_claims).
    inward |= {"ask_for_review", "claim", "wait", "finish", "expire"}
    # Of a link application: what naming an entry comes to, and applying anew.
    inward |= {"name", "renew"}
    # Of a certificate: what counted time twice the program replaces.
    inward |= {"reissue"}
    # Of a claim: claiming again, and what the clock does.
    inward |= {"retry", "move_up", "release"}
    # Of an appointment: what it is held over, or who holds it, has ended (tests/backend/rosters).
    inward |= {"fall_away"}
    # Of an import: what the worker makes of it.
    inward |= {"ask", "check", "present", "fail", "settle", "show_anew", "take_back", "keep"}
    for machine in MACHINES:
        missing = machine.events - set(STEPS[machine.noun]) - own.get(machine.noun, set())
        assert missing <= inward | by_itself


@pytest.mark.parametrize(
    ("noun", "state", "event"), [pair for machine in MACHINES for pair in forbidden(machine)]
)
def test_a_step_the_state_does_not_allow_is_409_by_name(
    client: ApiClient, scene: Scene, noun: str, state: Any, event: str
) -> None:
    thing = getattr(scene, noun)(state)
    step, body, who = STEPS[noun][event]

    answer = client.request(
        METHODS.get(noun, {}).get(event, "POST"),
        f"/{PATHS[noun]}/{thing}/{step}".removesuffix("/"),
        as_=scene.people[who],
        json=body,
        headers=HEADERS.get(event),
        expect=409,
    )

    assert answer["code"] == f"{noun}_state_forbids"


@pytest.mark.parametrize("event", DECISIONS)
def test_a_draft_does_not_exist_for_who_would_decide(
    client: ApiClient, scene: Scene, event: str
) -> None:
    demand = scene.demand(DemandStatus.DRAFT)
    step, body, who = STEPS["demand"][event]
    path = f"/demands/{demand}/{step}"

    client.request("POST", path, as_=scene.people[who], json=body, expect=404)
    own = client.request("POST", path, as_=scene.people["secretary"], json=body, expect=403)

    assert own["code"] == "not_your_decision"
