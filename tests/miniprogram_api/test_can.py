"""What an answer says one may do is what one may do: each step of each thing in each state, tried
by everybody around it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.appointments import flow as appointments
from backend.accounts.onboarding import flow as onboarding
from backend.branch_life.learning import flow as learning
from backend.branch_life.meetings.leave import flow as leave
from backend.branch_life.meetings.voting import flow as voting
from backend.branch_life.meetings.voting.models import Resolution
from backend.community.certificates import flow as certificates
from backend.community.claims import flow as claims
from backend.community.conduct_feedback import flow as feedback
from backend.community.demands import flow as demands
from backend.community.demands.models import DemandStatus
from backend.community.projects import flow as projects
from backend.community.registrations import flow as registrations
from backend.community.unit_registrations import flow as unit_registrations
from backend.community.volunteering import flow as service_records
from backend.community.volunteering.activities import flow as activities
from backend.community.volunteering.activities import places
from backend.community.volunteering.activities.check_in import VENUE
from backend.community.volunteering.activities.models import ActivitySignUp
from backend.core import clock, rotating_code
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.figures.state_machines import states_of
from backend.flows.flow import Flow
from backend.imports import flow as imports
from tests.http_client import ApiClient
from tests.miniprogram_api.state_scene import Scene
from tests.miniprogram_api.test_rights import CODE
from tests.miniprogram_api.test_states import AGAIN, METHODS, PATHS, STEPS

FLOWS: tuple[Flow[Any], ...] = (
    registrations.FLOW,
    registrations.REQUEST,
    unit_registrations.FLOW,
    service_records.FLOW,
    activities.FLOW,
    places.SIGN_UP,
    certificates.FLOW,
    feedback.FLOW,
    demands.FLOW,
    projects.FLOW,
    claims.FLOW,
    learning.FLOW,
    leave.FLOW,
    voting.FLOW,
    onboarding.FLOW,
    imports.FLOW,
    appointments.FLOW,
)
# Where things are read that have no address of their own.
LISTS = {
    "registration": ("/registrations", "/me/registrations"),
    "registration_request": ("/registration-requests", "/me/registrations"),
    "certificate": ("/me/certificates", "/certificates"),
    "feedback": ("/me/feedback", "/feedback-notes"),
    "claim": ("/claims", "/me/claims"),
    "leave_request": ("/leave-requests",),
    "link_application": ("/link-applications",),
    "sign_up": ("/me/sign-ups",),
}
# What has its address below another thing: claiming the same project again.
ELSEWHERE = {("claim", "retry")}
REFUSED = {403, 404, 409}


@pytest.fixture
def connection(case_in_town: sa.Connection) -> sa.Connection:
    return case_in_town


@pytest.mark.parametrize(
    ("flow", "state"),
    [
        pytest.param(flow, state, id=f"{flow.noun}-{state}")
        for flow in FLOWS
        for state in states_of(flow.machine)
    ],
)
def test_what_one_may_do_is_what_is_answered(
    client: ApiClient,
    connection: sa.Connection,
    session: Session,
    scene: Scene,
    keys: Crypto,
    flow: Flow[Any],
    state: Any,
) -> None:
    id_ = getattr(scene, flow.noun)(state)
    path = address(session, flow, id_)
    told = 0
    for who in scene.people.values():
        shown = read(client, session, flow, id_, who)
        can = shown["can"] if shown else []
        told += len(can)
        assert {(flow.noun, noun) for noun in can} <= ELSEWHERE | addresses(flow)
        for event, (below, body, _) in STEPS[flow.noun].items():
            session.expire_all()
            noun = flow.by_event[event].noun
            method = METHODS.get(flow.noun, {}).get(event, "POST")
            with connection.begin_nested() as tried:
                there = f"{path}/{below}".removesuffix("/")
                said = spoken(scene, keys, path, body)
                answer = client.answer(method, there, as_=who, json=said)
                if noun in can:
                    assert answer.status_code in {200, 201}, (who, noun, answer.get_json())
                    after = read(client, session, flow, id_, who)
                    assert after
                    [after] = after["my_sign_ups"] if noun == "sign-ups" else [after]
                    check_told(answer.get_json(), after)
                elif noun:
                    again = answer.status_code == 200 and (state, event) in AGAIN
                    assert again or answer.status_code in REFUSED, (who, noun)
                tried.rollback()
    assert told or not any(state in step.moves and step.noun for step in flow.steps)


def check_told(answer: dict[str, Any], after: dict[str, Any]) -> None:
    """Compare what a step answered with what is read afterwards."""
    [told_of] = answer.get("items", [answer])
    both = after.keys() & told_of.keys()
    assert "can" in both
    assert {name: told_of[name] for name in both} == {name: after[name] for name in both}


def addresses(flow: Flow[Any]) -> set[tuple[str, str]]:
    return {(flow.noun, flow.by_event[event].noun) for event in STEPS[flow.noun]}


def address(session: Session, flow: Flow[Any], id_: int) -> str:
    if flow is places.SIGN_UP:
        return f"/activities/{session.get_one(ActivitySignUp, id_).activity_id}"
    return f"/{PATHS[flow.noun]}/{id_}"


def spoken(scene: Scene, keys: Crypto, path: str, body: Any) -> Any:
    """Return what is said with a step: whom it names is there, and the code is shown just now."""
    if body is CODE:
        activity_id = int(path.removeprefix("/activities/"))
        return {"code": rotating_code.issue(keys, VENUE, activity_id, clock.now()).digits}
    if body and "member_id" in body:
        return {"member_id": scene.entry_id}
    if body and "merged_into_id" in body:
        return body | {"merged_into_id": scene.demand(DemandStatus.ACCEPTED)}
    return body


def read(
    client: ApiClient, session: Session, flow: Flow[Any], id_: int, who: Actor
) -> dict[str, Any] | None:
    """Return a thing as somebody reads it, wherever that is; None where it does not exist."""
    if flow is voting.FLOW:
        meeting_id = session.get_one(Resolution, id_).meeting_id
        meeting = client.answer("GET", f"/meetings/{meeting_id}", as_=who).get_json()
        return next(iter(meeting.get("resolutions", ())), None)
    if flow.noun not in LISTS:
        answer = client.answer("GET", f"/{PATHS[flow.noun]}/{id_}", as_=who)
        return answer.get_json() if answer.status_code == 200 else None
    pages = [client.answer("GET", one, as_=who).get_json() for one in LISTS[flow.noun]]
    rows = [row for page in pages for row in page.get("items", ())]
    if flow is registrations.REQUEST:
        rows = [row.get("request", row) for row in rows]
    return next((row for row in rows if row and row["id"] == id_), None)


@pytest.mark.parametrize("flow", [pytest.param(flow, id=flow.noun) for flow in FLOWS])
def test_a_step_that_waits_for_somebody_is_one_they_may_take(flow: Flow[Any]) -> None:
    assert all(step.noun for step in flow.steps if step.awaited)
