"""What an answer says one may do is what one may do: each step of each thing in each state, tried
by everybody around it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.certificates import flow as certificates
from backend.community.conduct_feedback import flow as feedback
from backend.community.unit_registrations import flow as unit_registrations
from backend.community.volunteering import flow as service_records
from backend.core.actor import Actor
from backend.figures.state_machines import states_of
from backend.flows.flow import Flow
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.state_scene import Scene
from tests.miniprogram_api.test_states import AGAIN, PATHS, STEPS

FLOWS: tuple[Flow[Any], ...] = (
    unit_registrations.FLOW,
    service_records.FLOW,
    certificates.FLOW,
    feedback.FLOW,
)
REFUSED = {403, 404, 409}
# What has no address of its own is read where it stands in a list.
LISTS = {
    "certificate": ("/me/certificates", "/certificates"),
    "feedback": ("/me/feedback", "/feedback-notes"),
}
# Nothing of these waits for anybody.
AT_REST = {"certificate"}


def read(client: ApiClient, noun: str, id_: int, who: Actor) -> dict[str, Any] | None:
    """Return the thing as somebody reads it; None: it does not exist for them."""
    if noun not in LISTS:
        answer = client.answer("GET", f"/{PATHS[noun]}/{id_}", as_=who)
        return answer.get_json() if answer.status_code == 200 else None
    for path in LISTS[noun]:
        answer = client.answer("GET", path, as_=who)
        items = answer.get_json()["items"] if answer.status_code == 200 else []
        if found := [item for item in items if item["id"] == id_]:
            return dict(found[0])
    return None


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
    told = 0
    for who in scene.people.values():
        can = (read(client, flow.noun, id_, who) or {"can": []})["can"]
        told += len(can)
        for event, (noun, body, _) in STEPS[flow.noun].items():
            session.expire_all()
            with connection.begin_nested() as tried:
                answer = client.answer(
                    "POST", f"/{PATHS[flow.noun]}/{id_}/{noun}", as_=who, json=body
                )
                if noun in can:
                    assert answer.status_code == 200, (who, noun, answer.get_json())
                    after = read(client, flow.noun, id_, who)
                    told_of = answer.get_json()
                    assert after
                    assert told_of == {name: after[name] for name in told_of}
                else:
                    again = answer.status_code == 200 and (state, event) in AGAIN
                    assert again or answer.status_code in REFUSED, (who, noun)
                tried.rollback()
    assert told or not any(state in step.moves and step.noun for step in flow.steps)


@pytest.mark.parametrize("flow", [pytest.param(flow, id=flow.noun) for flow in FLOWS])
def test_a_step_that_waits_for_somebody_is_one_they_may_take(flow: Flow[Any]) -> None:
    awaited = [step for step in flow.steps if step.awaited]

    assert bool(awaited) is (flow.noun not in AT_REST)
    assert all(step.noun for step in awaited)
