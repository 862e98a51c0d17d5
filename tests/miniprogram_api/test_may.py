"""What an answer says one may do beside the steps is what one may do: each thing in each state, by
everybody around it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands.models import DemandStatus
from backend.community.projects.models import ProjectStatus
from backend.community.registrations.models import RegistrationStatus
from backend.community.unit_registrations.models import UnitRegistrationStatus
from backend.community.volunteering.activities.models import ActivityStatus
from backend.core import clock
from tests.http_client import ApiClient
from tests.miniprogram_api.state_scene import Scene
from tests.miniprogram_api.test_states import PATHS

Attempt = tuple[str, str, Any]


def draw_up(scene: Scene, demand_id: int) -> Attempt:
    today = clock.today()
    plan = {
        "community_code": scene.community.code,
        "demand_id": demand_id,
        "title": "整理自行车棚",
        "places": 2,
        "starts_on": str(today),
        "ends_on": str(today + timedelta(days=60)),
        "claim_deadline": (clock.now() + timedelta(days=7)).isoformat(),
    }
    return "POST", "/projects", plan


def invite_to(thing: str) -> Callable[[Scene, int], Attempt]:
    def invite(scene: Scene, id_: int) -> Attempt:
        registration_id = scene.registration(RegistrationStatus.ACTIVE)
        return "POST", "/invitations", {"registration_id": registration_id, f"{thing}_id": id_}

    return invite


def replace_resources(_scene: Scene, id_: int) -> Attempt:
    return "PUT", f"/unit-registrations/{id_}/resources", {"resources": []}


MAY: dict[tuple[str, str], tuple[Any, Callable[[Scene, int], Attempt]]] = {
    ("demand", "may_draw_up"): (DemandStatus, draw_up),
    ("project", "may_invite"): (ProjectStatus, invite_to("project")),
    ("activity", "may_invite"): (ActivityStatus, invite_to("activity")),
    ("unit_registration", "may_replace_resources"): (UnitRegistrationStatus, replace_resources),
}


@pytest.fixture
def connection(case_in_town: sa.Connection) -> sa.Connection:
    return case_in_town


@pytest.mark.parametrize(
    ("noun", "right", "state"),
    [
        pytest.param(noun, right, state, id=f"{noun}-{right}-{state}")
        for (noun, right), (states, _) in MAY.items()
        for state in states
    ],
)
def test_what_one_may_do_beside_the_steps_is_what_is_answered(
    client: ApiClient,
    connection: sa.Connection,
    session: Session,
    scene: Scene,
    noun: str,
    right: str,
    state: Any,
) -> None:
    id_ = getattr(scene, noun)(state)
    method, path, body = MAY[noun, right][1](scene, id_)
    for name, who in scene.people.items():
        shown = client.answer("GET", f"/{PATHS[noun]}/{id_}", as_=who)
        told = shown.status_code == 200 and shown.get_json()[right]
        with connection.begin_nested() as tried:
            answer = client.answer(method, path, as_=who, json=body)
            assert (answer.status_code in {200, 201}) == told, (name, answer.get_json())
            tried.rollback()
        session.expire_all()
