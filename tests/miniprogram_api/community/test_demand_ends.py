"""Demands over HTTP, from the published list to the end."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.capabilities import HANDLERS
from backend.community.claims.models import ClaimStatus, ProjectClaim
from backend.community.demands import expiry, matching
from backend.community.demands.models import Demand, DemandKind, DemandList, DemandStatus
from backend.community.demands.triage import Decision
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.db import Base
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Account
from backend.support.notifications import reminders as planned
from backend.support.text_checks.models import TextCheck, TextCheckStatus
from tests import ledger
from tests.backend.community.demands.scene import TITLE, Scene
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.community.test_demands import Asked

S = DemandStatus
REASON: dict[str, Any] = {"outcome": "not_solvable", "reason": "不属于社区职责，已说明情况"}
GOOD = {"solved": True, "satisfied": True}


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def asked(client: ApiClient, scene: Scene) -> Asked:
    return Asked(client, scene)


def publish(asked: Asked, actor: Actor, expect: int = 201) -> Any:
    body = {"area_code": asked.scene.community.code}
    return asked.client.request("POST", "/demand-lists", as_=actor, json=body, expect=expect)


def matched(scene: Scene, status: ProjectStatus = ProjectStatus.OPEN) -> ServiceProject:
    """A published demand that a project has taken up."""
    demand = scene.published()
    opened = matching.open_demand(scene.session, scene.secretary, demand.id)
    matching.match(scene.session, opened)
    return scene.make.project(scene.community, demand_id=demand.id, status=status)


def holding(scene: Scene, project: ServiceProject, actor: Actor, **given: Any) -> None:
    """Let somebody have carried out a project."""
    done = {"delivered_on": clock.today(), "status": ClaimStatus.COMPLETED}
    scene.session.add(
        ProjectClaim(project_id=project.id, member_id=actor.member_id, **done | given)
    )
    scene.session.flush()


def hold(session: Session, row: Base, part: str) -> None:
    """Let a text wait for a person."""
    this = sa.and_(TextCheck.subject == row.as_subject, TextCheck.part == part)
    session.execute(sa.update(TextCheck).where(this).values(status=TextCheckStatus.HELD))


def test_a_list_takes_up_what_is_new_and_keeps_what_still_stands(
    asked: Asked, scene: Scene
) -> None:
    first = scene.accepted()
    one = publish(asked, scene.secretary)
    wish = scene.accepted(scene.grid_worker, kind=DemandKind.MICRO_WISH)
    two = publish(asked, scene.deputy)
    listed = asked.get(
        scene.neighbour, f"/demand-lists?area_code={scene.community.code}&with_total=true"
    )

    assert (one["year"], one["version"], one["size"]) == (clock.today().year, 1, 1)
    assert (two["version"], [row["id"] for row in two["demands"]]) == (2, [first.id, wish.id])
    assert [row["size"] for row in listed["items"]] == [2, 1]
    assert listed["total"] == 2
    assert asked.get(scene.neighbour, f"/demand-lists/{two['id']}") == two
    assert asked.get(scene.neighbour, "/demand-lists?year=2020")["items"] == []
    asked.get(scene.neighbour, "/demand-lists/999999", 404)
    assert len(scene.told(scene.resident, "demands.published")) == 1
    assert scene.differences() == []


def test_nothing_new_makes_no_list_but_the_first_of_a_year(asked: Asked, scene: Scene) -> None:
    # What is published in June still stands at New Year, whenever this test runs.
    with clock.at(clock.now().replace(month=6, day=1)):
        assert publish(asked, scene.secretary, 409)["code"] == "nothing_to_publish"
        scene.accepted()
        publish(asked, scene.secretary)
        assert publish(asked, scene.secretary, 409)["code"] == "nothing_to_publish"
    new_year = clock.now().replace(year=clock.today().year + 1, month=1, day=5)
    with clock.at(new_year):
        assert scene.publish().version == 1
        assert scene.differences() == []


def test_only_the_communitys_secretary_publishes(asked: Asked, scene: Scene) -> None:
    scene.accepted()
    for actor in (scene.resident, scene.grid_worker, scene.officer, scene.other_secretary):
        assert publish(asked, actor, 403)["code"] == "not_your_community"


def test_it_stands_on_the_list_until_it_is_needed_or_a_year_is_over(
    scene: Scene, rules: RulePack
) -> None:
    today, year = clock.today(), timedelta(days=rules.counting.demand_listed_days)
    soon, later = today + timedelta(days=20), today + timedelta(days=800)
    rows = [scene.accepted(needed_by=day) for day in (None, soon, later)]
    scene.publish()

    assert [row.expires_on for row in rows] == [today + year, soon, today + year]
    assert {row.published_on for row in rows} == {today}


def test_what_was_needed_before_it_was_published_stands_there_for_that_day(scene: Scene) -> None:
    row = scene.accepted(needed_by=clock.today() + timedelta(days=1))
    with clock.at(clock.now() + timedelta(days=3)):
        scene.publish()
        assert row.expires_on == clock.today()


def test_a_withdrawn_demand_leaves_its_title_to_those_who_know_it(
    asked: Asked, scene: Scene
) -> None:
    row = scene.accepted()
    list_id = publish(asked, scene.secretary)["id"]
    asked.post(scene.resident, row.id, "withdrawal")

    for actor, title in ((scene.neighbour, None), (scene.resident, TITLE)):
        (shown,) = asked.get(actor, f"/demand-lists/{list_id}")["demands"]
        assert (shown["status"], shown["title"]) == ("withdrawn", title)


def test_who_brought_it_and_the_community_are_reminded_a_week_before_it_expires(
    scene: Scene, session: Session
) -> None:
    row = scene.published(needed_by=clock.today() + timedelta(days=30))
    nine = clock.now().replace(hour=10) + timedelta(days=23)
    with clock.at(nine):
        due = planned.take_due(session)
        assert due is not None
        planned.settle(session, due, HANDLERS[due.kind])
        assert planned.take_due(session) is None

    for actor in (scene.resident, scene.secretary):
        (told,) = scene.told(actor, "demands.expires")
        assert told.subject == row.as_subject


def test_what_is_taken_up_needs_no_reminder(scene: Scene, session: Session) -> None:
    matched(scene)
    with clock.at(clock.now().replace(hour=10) + timedelta(days=360)):
        assert planned.take_due(session) is None


def test_nobody_takes_it_up_and_it_expires(asked: Asked, scene: Scene, session: Session) -> None:
    soon = clock.today() + timedelta(days=2)
    row = scene.published(needed_by=soon)
    with clock.at(clock.now() + timedelta(days=2)):
        assert expiry.expire_due(session) == 0
    with clock.at(clock.now() + timedelta(days=3)):
        assert expiry.expire_due(session) == 1
        assert expiry.expire_due(session) == 0

    seen = asked.get(scene.neighbour, f"/demands/{row.id}")
    assert (seen["status"], seen["closed_on"]) == (
        "expired",
        (soon + timedelta(days=1)).isoformat(),
    )
    assert len(scene.told(scene.resident, "demands.closed")) == 1
    late = asked.post(scene.resident, row.id, "evaluation", 409, **GOOD)
    assert late["code"] == "demand_state_forbids"


def test_the_community_closes_with_a_reason_that_all_may_read(asked: Asked, scene: Scene) -> None:
    row = scene.published()
    done = asked.post(scene.secretary, row.id, "closing", **REASON)
    again = asked.post(scene.secretary, row.id, "closing", **REASON)
    otherwise = {**REASON, "reason": "已转有关部门"}
    words = asked.post(scene.secretary, row.id, "closing", 409, **otherwise)
    other = asked.post(scene.deputy, row.id, "closing", 409, **REASON)

    assert (done["status"], done) == ("not_solvable", again)
    assert words["code"] == "demand_done_otherwise"
    assert other["code"] == "demand_state_forbids"
    assert asked.get(scene.neighbour, f"/demands/{row.id}")["decision_reason"] == REASON["reason"]
    asked.post(scene.grid_worker, row.id, "closing", 403, **REASON)


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "请联系13800138000"}])
def test_a_reason_that_all_may_read_is_owed_and_leads_to_nobody(
    asked: Asked, scene: Scene, given: dict[str, Any]
) -> None:
    row = scene.published()
    answer = asked.post(scene.secretary, row.id, "closing", 422, outcome="solved", **given)

    assert list(answer["fields"]) == ["reason"]


@pytest.mark.parametrize(
    "status",
    [ProjectStatus.REVIEW, ProjectStatus.OPEN, ProjectStatus.FULL, ProjectStatus.IN_PROGRESS],
)
def test_nothing_is_closed_while_a_project_is_under_way(
    asked: Asked, scene: Scene, status: ProjectStatus
) -> None:
    taken = {"claimed": 3} if status is ProjectStatus.FULL else {}
    demand = scene.published()
    scene.make.project(scene.community, demand_id=demand.id, status=status, **taken)
    answer = asked.post(scene.secretary, demand.id, "closing", 409, **REASON)
    shown = asked.get(scene.secretary, f"/demands/{demand.id}")

    assert answer["code"] == "project_under_way"
    assert (shown["can"], shown["closable"]) == ([], False)


def test_a_draft_of_a_project_stops_nobody(asked: Asked, scene: Scene) -> None:
    demand = scene.published()
    scene.make.project(scene.community, demand_id=demand.id, status=ProjectStatus.DRAFT)

    assert asked.post(scene.secretary, demand.id, "closing", **REASON)["status"] == "not_solvable"


def test_how_it_went_is_said_once_and_read_by_the_community(asked: Asked, scene: Scene) -> None:
    row = scene.published()
    asked.post(scene.secretary, row.id, "closing", outcome="solved", reason="已修好")
    asked_for = asked.get(scene.resident, f"/demands/{row.id}")
    said = asked.post(scene.resident, row.id, "evaluation", **GOOD, comment="谢谢")
    again = asked.post(scene.resident, row.id, "evaluation", **GOOD, comment="谢谢")
    other = asked.post(
        scene.resident, row.id, "evaluation", 409, solved=True, satisfied=False, comment="谢谢"
    )
    asked.post(scene.secretary, row.id, "evaluation", 403, **GOOD)
    seen = {
        who: asked.get(getattr(scene, who), f"/demands/{row.id}")["satisfied"]
        for who in ("secretary", "officer", "neighbour")
    }

    assert said == again
    assert (asked_for["can"], asked_for["next_step"]) == (["evaluation"], "evaluation")
    assert (said["can"], said["next_step"]) == ([], None)
    assert other["code"] == "already_evaluated"
    assert seen == {"secretary": True, "officer": None, "neighbour": None}
    assert len(scene.told(scene.deputy, "demands.evaluated")) == 1


def test_whoever_did_the_work_does_not_judge_it(asked: Asked, scene: Scene) -> None:
    own = scene.published(scene.member)
    of_unit = scene.published(scene.contact, unit_id=scene.unit_id)
    for row in (own, of_unit):
        project = scene.make.project(scene.community, demand_id=row.id, status=ProjectStatus.DRAFT)
        if row is own:
            holding(scene, project, scene.member)
        else:
            holding(scene, project, scene.member, unit_id=scene.unit_id)
        asked.post(scene.secretary, row.id, "closing", outcome="solved", reason="已完成")

    for actor, row in ((scene.member, own), (scene.contact, of_unit)):
        answer = asked.post(actor, row.id, "evaluation", 403, **GOOD)
        assert answer["code"] == "own_work"
        assert asked.get(actor, f"/demands/{row.id}")["can"] == []


def test_who_only_asked_for_the_work_may_judge_it(asked: Asked, scene: Scene) -> None:
    row = scene.published(scene.member)
    project = scene.make.project(scene.community, demand_id=row.id, status=ProjectStatus.DRAFT)
    holding(scene, project, scene.member, status=ClaimStatus.WITHDRAWN)
    asked.post(scene.secretary, row.id, "closing", outcome="solved", reason="已完成")

    assert asked.post(scene.member, row.id, "evaluation", **GOOD)["solved"] is True


def test_a_project_that_comes_to_nothing_lets_the_demand_wait_again(
    scene: Scene, session: Session
) -> None:
    project = matched(scene)
    demand = project.demand
    assert demand is not None
    other = scene.make.project(scene.community, demand_id=demand.id)
    project.status = ProjectStatus.EXPIRED
    matching.settle(session, demand.id, project.id)
    seen = [demand.status]
    other.status = ProjectStatus.EXPIRED
    for _ in range(2):
        matching.settle(session, demand.id, project.id)
        seen.append(demand.status)

    assert seen == [S.MATCHED, S.PUBLISHED, S.PUBLISHED]
    assert len(scene.told(scene.resident, "demands.matched")) == 1


def test_the_last_project_solves_it_and_both_sides_of_a_merge_hear_of_it(
    asked: Asked, scene: Scene, session: Session
) -> None:
    project = matched(scene)
    demand = project.demand
    assert demand is not None
    merged = scene.bring(scene.neighbour)
    scene.answer(merged, Decision.MERGE, merged_into_id=demand.id)
    other = scene.make.project(scene.community, demand_id=demand.id)
    holding(scene, project, scene.member, solved=True, satisfied=True)
    project.status, project.done_on = ProjectStatus.DONE, clock.today()
    project.evaluation_due_on = clock.today()
    matching.settle(session, demand.id, project.id)
    assert demand.status == S.MATCHED
    other.status, other.done_on = ProjectStatus.DONE, clock.today()
    other.evaluation_due_on = clock.today()
    matching.settle(session, demand.id, project.id)
    matching.settle(session, demand.id, project.id)

    assert (demand.status, demand.closed_on) == (S.SOLVED, clock.today())
    (asked_for,) = scene.told(scene.resident, "demands.closed")
    (told,) = scene.told(scene.neighbour, "demands.closed")
    assert "评价" in asked_for.body
    assert "评价" not in told.body
    # Not the secretary's own decision, although it was the same person who accepted it.
    body: dict[str, Any] = {"outcome": "solved", "reason": "已修好"}
    assert asked.post(scene.secretary, demand.id, "closing", 409, **body)


@pytest.mark.parametrize("days", [None, 400])
def test_a_project_is_for_what_was_accepted_and_is_not_over(
    scene: Scene, session: Session, days: int | None
) -> None:
    row: Demand = scene.bring(scene.resident) if days is None else scene.published()
    with clock.at(clock.now() + timedelta(days=days or 0)):
        with pytest.raises(Exception, match="demand_not_open"):
            matching.open_demand(session, scene.secretary, row.id)
        with pytest.raises(Exception, match="demand_not_found"):
            matching.open_demand(session, scene.secretary, 999_999)


def test_a_held_text_is_read_by_its_author_and_the_community_and_names_nobody(
    asked: Asked, scene: Scene, session: Session
) -> None:
    row = scene.published(scene.member)
    list_id = session.scalars(sa.select(DemandList.id)).one()
    hold(session, row, "text")
    queue = asked.get(scene.secretary, "/text-checks")["items"]
    titles = {
        who: asked.get(getattr(scene, who), f"/demands/{row.id}")["title"]
        for who in ("member", "secretary", "neighbour")
    }
    (listed,) = asked.get(scene.neighbour, f"/demand-lists/{list_id}")["demands"]

    assert titles["member"] == titles["secretary"] == TITLE
    assert titles["neighbour"] == listed["title"] == "内容正在核查，暂不显示。"
    assert [one["author"] for one in queue] == [None]


def test_whose_account_is_closed_is_told_nothing(scene: Scene, session: Session) -> None:
    row = scene.bring()
    session.execute(sa.delete(Account).where(Account.id == scene.resident.account_id))

    assert scene.answer(row, Decision.ACCEPT).status is S.ACCEPTED


def test_a_list_is_the_communitys_duty_in_the_figures_and_in_the_list_of_communities(
    asked: Asked, scene: Scene
) -> None:
    scene.accepted()
    publish(asked, scene.secretary)
    for _ in range(4):
        scene.make.community()
    city = scene.make.officer(Role.CITY_OFFICER, scene.make.city())
    ledger.bind(scene.session, scene.rules)
    path = "/statistics/duties/12f/subjects?area_code=460100"
    rates = asked.get(city, "/statistics/duties?area_code=460100&rule_id=12f")
    listed = asked.get(city, path)["items"]

    assert rates["met"] == 1
    assert rates["bound"] == len(listed) >= 5
    assert [(one["name"], one["verdict"]) for one in listed if one["done"]] == [
        (scene.community.name, "met")
    ]


def test_whoever_brings_many_in_a_day_waits_until_the_next(client: ApiClient, scene: Scene) -> None:
    body = {"community_code": scene.community.code, "title": "楼道没有灯", "draft": True}
    for _ in range(20):
        client.request("POST", "/demands", as_=scene.resident, json=body, expect=201)

    refused = client.request("POST", "/demands", as_=scene.resident, json=body, expect=429)

    assert refused["code"] == "too_many_demands"
    client.request("POST", "/demands", as_=scene.neighbour, json=body, expect=201)
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        client.request("POST", "/demands", as_=scene.resident, json=body, expect=201)
