"""What waits for somebody is what a thing itself says is due: each thing in each state, asked for
by everybody around it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import TASKS
from backend.core.actor import Actor
from backend.figures.state_machines import states_of
from backend.flows.flow import Flow
from tests.http_client import ApiClient
from tests.miniprogram_api.state_scene import Scene
from tests.miniprogram_api.test_can import FLOWS, read


def waiting(client: ApiClient, who: Actor, **query: Any) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return list(client.request("GET", f"/me/tasks?{asked}", as_=who, expect=200)["items"])


def of_thing(tasks: list[dict[str, Any]], flow: Flow[Any], id_: int) -> dict[str, Any] | None:
    subject = f"{flow.model.__tablename__}:{id_}"
    found = [task for task in tasks if task["subject"] == subject]
    assert len(found) < 2
    return found[0] if found else None


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
def test_what_waits_is_what_the_thing_says_is_due(
    client: ApiClient, session: Session, scene: Scene, flow: Flow[Any], state: Any
) -> None:
    id_ = getattr(scene, flow.noun)(state)

    for name, who in scene.people.items():
        session.expire_all()
        thing = read(client, session, flow, id_, who)
        tasks = waiting(client, who)
        task = of_thing(tasks, flow, id_)

        due = thing["next_step"] if thing else None
        assert (task["next_step"] if task else None) == due, name
        if task and thing:
            assert task["can"] == thing["can"]
            assert task["lines"] or task["who"]
        counted = client.request("GET", "/me/tasks/counts", as_=who, expect=200)
        assert counted["total"] == len(tasks), name


def test_each_step_that_waits_is_a_task() -> None:
    steps = {(flow.model, step.noun) for flow in FLOWS for step in flow.steps if step.awaited}

    assert steps <= {(task.model, task.step) for task in TASKS}
    assert len({task.kind.name for task in TASKS}) == len(TASKS)
