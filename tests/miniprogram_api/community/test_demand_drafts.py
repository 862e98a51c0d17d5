"""What a change of a draft leaves out stays: of a demand, and of a project."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Role
from backend.ledger.rulepack import RulePack
from tests.backend.community.demands.scene import Scene
from tests.backend.community.projects.scene import Yard
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.community.test_demands import WISH, Asked


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def asked(client: ApiClient, scene: Scene) -> Asked:
    return Asked(client, scene)


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def test_what_a_change_of_a_demand_leaves_out_stays(asked: Asked, scene: Scene) -> None:
    needed = (clock.today() + timedelta(days=9)).isoformat()
    given: dict[str, Any] = {"beneficiary_code": "HH07", "needed_by": needed, "content": "独居老人"}
    draft = asked.bring(scene.grid_worker, draft=True, **WISH, **given)
    path = f"/demands/{draft['id']}"
    send: dict[str, Any] = {"as_": scene.grid_worker, "expect": 200}
    same = asked.client.request("PUT", path, json={}, **send)
    worded = asked.client.request("PUT", path, json={"title": "想听戏"}, **send)
    freed = asked.client.request("PUT", path, json={"needed_by": None}, **send)

    kept = ("kind", "beneficiary_code", "needed_by", "content")
    assert same == draft
    assert [worded[name] for name in ("title", *kept)] == [
        "想听戏",
        *(draft[name] for name in kept),
    ]
    assert (freed["needed_by"], freed["beneficiary_code"]) == (None, "HH07")


def test_the_words_of_an_old_draft_are_put_right_though_its_day_has_passed(
    asked: Asked, scene: Scene
) -> None:
    today = clock.today()
    with clock.at(clock.now() - timedelta(days=10)):
        old = scene.bring(draft=True, needed_by=today - timedelta(days=5))
    path, body = f"/demands/{old.id}", {"title": "四号楼照明"}
    asked.client.request("PUT", path, as_=scene.resident, json=body, expect=200)


def test_what_a_change_of_a_project_leaves_out_stays(yard: Yard) -> None:
    given: dict[str, Any] = {
        "risk": "high",
        "insurance_note": "已投保",
        "claimants": "units",
        "content": "清理",
    }
    made = yard.ask("POST", "/projects", yard.secretary, 201, yard.plan(**given))
    path = f"/projects/{made['id']}"
    same = yard.ask("PUT", path, yard.secretary, 200, {})
    worded = yard.ask("PUT", path, yard.secretary, 200, {"title": "整理两处车棚"})
    wrong = yard.ask("PUT", path, yard.secretary, 422, {"ends_on": "2020-01-01"})

    assert same == made
    assert worded == made | {"title": "整理两处车棚"}
    assert list(wrong["fields"]) == ["ends_on"]


def test_who_wrote_a_project_or_sent_it_does_not_review_it(yard: Yard) -> None:
    """Somebody who works for the street and is a community's secretary as well."""
    grants = (*yard.officer.grants, *yard.secretary.grants)
    both = replace(yard.officer, grants=grants)
    member = yard.make.session_member(yard.officer)
    yard.make.appointment(member, Role.COMMUNITY_SECRETARY, area_id=yard.community.id)
    other = yard.make.officer(Role.STREET_OFFICER, yard.street)
    for write in ("amend", "send"):
        made = yard.ask("POST", "/projects", yard.secretary, 201, yard.plan(funded=True))
        path = f"/projects/{made['id']}"
        if write == "amend":
            yard.ask("PUT", path, both, 200, {"title": "整理两处车棚"})
        yard.ask("POST", f"{path}/opening", both if write == "send" else yard.secretary)
        yard.ask("POST", f"{path}/approval", both, 403)
        waiting = yard.ask("GET", "/projects?decidable=true", both)["items"]
        assert waiting == []
        assert yard.ask("POST", f"{path}/approval", other)["status"] == "open"
