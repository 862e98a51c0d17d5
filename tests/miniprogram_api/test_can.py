"""What an answer says one may do is what one may do: each step of each thing in each state, tried
by everybody around it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.accounts.onboarding import flow as onboarding
from backend.branch_life.learning import flow as learning
from backend.branch_life.meetings.leave import flow as leave
from backend.branch_life.meetings.voting import flow as voting
from backend.branch_life.meetings.voting.models import Resolution
from backend.community.unit_registrations import flow as unit_registrations
from backend.core.actor import Actor
from backend.figures.state_machines import states_of
from backend.flows.flow import Flow
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.state_scene import Scene
from tests.miniprogram_api.test_states import AGAIN, PATHS, STEPS

FLOWS: tuple[Flow[Any], ...] = (
    unit_registrations.FLOW,
    learning.FLOW,
    leave.FLOW,
    voting.FLOW,
    onboarding.FLOW,
)
# What has no address of its own to read it at.
IN_LISTS = {"leave_request", "link_application"}
REFUSED = {403, 404, 409}


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
    make: Make,
    flow: Flow[Any],
    state: Any,
) -> None:
    scene = Scene(session, make)
    id_ = getattr(scene, flow.noun)(state)
    path = f"/{PATHS[flow.noun]}/{id_}"

    def show(who: Actor) -> Any:
        if flow is voting.FLOW:
            meeting_id = session.get_one(Resolution, id_).meeting_id
            meeting = client.answer("GET", f"/meetings/{meeting_id}", as_=who).get_json()
            return next(iter(meeting.get("resolutions", ())), None)
        return shown_to(client, flow, id_, who)

    told = 0
    for who in scene.people.values():
        shown = show(who)
        can = shown["can"] if shown else []
        told += len(can)
        for event, (noun, body, _) in STEPS[flow.noun].items():
            session.expire_all()
            with connection.begin_nested() as tried:
                said = {"member_id": scene.entry_id} if body and "member_id" in body else body
                answer = client.answer("POST", f"{path}/{noun}", as_=who, json=said)
                if noun in can:
                    assert answer.status_code == 200, (who, noun, answer.get_json())
                    assert answer.get_json() == show(who)
                else:
                    again = answer.status_code == 200 and (state, event) in AGAIN
                    assert again or answer.status_code in REFUSED, (who, noun)
                tried.rollback()
    assert told or not any(state in step.moves and step.noun for step in flow.steps)


def shown_to(client: ApiClient, flow: Flow[Any], id_: int, who: Actor) -> Any:
    """Return the thing as its own address shows it, or its list where it has none; or None."""
    path = f"/{PATHS[flow.noun]}"
    if flow.noun not in IN_LISTS:
        shown = client.answer("GET", f"{path}/{id_}", as_=who)
        return shown.get_json() if shown.status_code == 200 else None
    listed = client.request("GET", path, as_=who, expect=200)["items"]
    return next((one for one in listed if one["id"] == id_), None)


@pytest.mark.parametrize("flow", [pytest.param(flow, id=flow.noun) for flow in FLOWS])
def test_a_step_that_waits_for_somebody_is_one_they_may_take(flow: Flow[Any]) -> None:
    assert all(step.noun for step in flow.steps if step.awaited)
