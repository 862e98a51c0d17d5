"""What of demands waits for people, and what a task tells of them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.projects.models import ProjectStatus
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from tests.backend.community.demands.scene import TITLE, Scene
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.community.test_demand_ends import GOOD, hold, holding
from tests.miniprogram_api.community.test_demands import WISH, Asked


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def asked(client: ApiClient, scene: Scene) -> Asked:
    return Asked(client, scene)


def tasks(asked: Asked, who: Actor, kind: str) -> list[dict[str, Any]]:
    return list(asked.get(who, f"/me/tasks?kind=demands.{kind}")["items"])


def test_whoever_decides_reads_what_is_wanted(asked: Asked, scene: Scene) -> None:
    day = clock.today()
    given: dict[str, Any] = {"beneficiary_code": "HH07", "content": "独居老人"}
    asked.bring(scene.grid_worker, **WISH, **given, needed_by=day.isoformat())
    asked.bring(scene.contact, unit_id=scene.unit_id)
    wish, of_unit = tasks(asked, scene.secretary, "triage")

    heads = (wish["title"], wish["who"], wish["next_step"])
    assert heads == ("微心愿", WISH["title"], "triage")
    until = f"希望{day.month}月{day.day}日前"
    assert wish["lines"] == ["独居老人", f"网格员提出，编号HH07，{until}"]
    assert (of_unit["title"], of_unit["who"]) == ("需求", TITLE)
    assert of_unit["lines"] == ["城市服务局提出"]
    assert tasks(asked, scene.resident, "triage") == []


def test_the_street_reads_neither_what_is_withheld_nor_whose_it_is(
    asked: Asked, scene: Scene, session: Session
) -> None:
    """It decides about what somebody brought who has come to be the secretary."""
    row = scene.bring(scene.member)
    member = scene.make.session_member(scene.member)
    scene.make.appointment(member, Role.COMMUNITY_SECRETARY, area_id=scene.community.id)
    [open_task] = tasks(asked, scene.officer, "triage")
    hold(session, row, "text")
    [held] = tasks(asked, scene.officer, "triage")
    [own] = tasks(asked, scene.secretary, "triage")

    assert (open_task["who"], open_task["lines"]) == (TITLE, [])
    assert (held["who"], held["lines"]) == ("内容正在核查，暂不显示。", [])
    assert (own["who"], own["lines"]) == (TITLE, ["党员提出"])


def test_who_brought_it_is_asked_once_how_it_went_unless_it_was_own_work(
    asked: Asked, scene: Scene
) -> None:
    row, own = scene.published(), scene.published(scene.member)
    project = scene.make.project(scene.community, demand_id=own.id, status=ProjectStatus.DRAFT)
    holding(scene, project, scene.member)
    for one in (row, own):
        asked.post(scene.secretary, one.id, "closing", outcome="solved", reason="已修好")
    [task] = tasks(asked, scene.resident, "evaluation")
    asked.post(scene.resident, row.id, "evaluation", **GOOD)

    assert (task["who"], task["can"]) == (TITLE, ["evaluation"])
    assert task["lines"] == [f"{scene.community.name}：已解决", "已修好"]
    assert tasks(asked, scene.resident, "evaluation") == []
    assert tasks(asked, scene.member, "evaluation") == []
