"""What was done for a demand is told to whoever brought it, and stands on one timeline."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims import ending
from backend.community.claims import service as claims
from backend.community.claims.models import ProjectClaim
from backend.community.demands import service as demands
from backend.community.demands.models import Demand
from backend.community.demands.triage import Decision, Outcome
from backend.community.projects import service
from backend.community.projects.models import ServiceProject
from backend.core import clock
from backend.core.actor import Actor
from backend.flows.steps import Reason
from backend.ledger.rulepack import RulePack
from backend.people.members.models import Appointment
from tests.backend.community.demands.scene import Scene
from tests.factories import Make
from tests.http_client import ApiClient
from tests.miniprogram_api.community.test_demands import Asked

Steps = list[tuple[str, str]]


@pytest.fixture
def scene(session: Session, rules: RulePack, make: Make) -> Scene:
    return Scene(session, rules, make)


@pytest.fixture
def asked(client: ApiClient, scene: Scene) -> Asked:
    return Asked(client, scene)


def opened(scene: Scene, demand: Demand) -> ServiceProject:
    """A project for a demand that takes claims."""
    today = clock.today()
    project = service.publish(
        scene.session,
        actor=scene.secretary,
        plan=service.Plan(
            community_code=scene.community.code,
            demand_id=demand.id,
            title="修好路灯",
            content="",
            places=2,
            starts_on=today,
            ends_on=today + timedelta(days=30),
            claim_deadline=clock.now() + timedelta(days=7),
        ),
    )
    return service.open_for_claims(scene.session, actor=scene.secretary, project_id=project.id)


def registered(scene: Scene) -> Actor:
    return scene.make.actor(scene.make.member(community_id=scene.community.id))


def claimed(scene: Scene, project: ServiceProject, who: Actor) -> ProjectClaim:
    row = claims.claim(
        scene.session, scene.rules, actor=who, project_id=project.id, said=claims.Claiming()
    )
    return claims.accept(scene.session, scene.rules, actor=scene.secretary, claim_id=row.id)


def deliver(scene: Scene, claim: ProjectClaim, who: Actor) -> None:
    given: dict[str, Any] = {"actor": who, "claim_id": claim.id}
    claims.start(scene.session, scene.rules, **given)
    claims.deliver(
        scene.session, scene.rules, **given, summary="已换灯", delivered_on=clock.today()
    )


def complete(scene: Scene, claim: ProjectClaim) -> None:
    claims.complete(
        scene.session,
        scene.rules,
        actor=scene.secretary,
        claim_id=claim.id,
        solved=True,
        satisfied=True,
        comment="",
    )


def steps(asked: Asked, who: Actor, demand: Demand) -> Steps:
    found = asked.get(who, f"/demands/{demand.id}")["timeline"]
    return [(one["label"], one["state"]) for one in found]


def test_a_demand_is_followed_from_sending_it_to_the_end(asked: Asked, scene: Scene) -> None:
    demand = scene.bring()
    seen = [steps(asked, scene.resident, demand)]
    scene.answer(demand, Decision.ACCEPT)
    scene.publish()
    seen.append(steps(asked, scene.resident, demand))
    project, who = opened(scene, demand), registered(scene)
    claim = claimed(scene, project, who)
    seen.append(steps(asked, scene.resident, demand))
    deliver(scene, claim, who)
    complete(scene, claim)
    with clock.at(clock.now() + timedelta(days=8)):
        ending.settle(scene.session, scene.rules, project)
        whole = asked.get(scene.resident, f"/demands/{demand.id}")["timeline"]

    labels = ("提交", "受理", "公布", "认领", "完成")
    for states, found in zip(
        (
            ("done", "now", "to_come", "to_come", "to_come"),
            ("done", "done", "done", "now", "to_come"),
            ("done", "done", "done", "done", "now"),
        ),
        seen,
        strict=True,
    ):
        assert found == list(zip(labels, states, strict=True))
    assert [(one["step"], one["state"], bool(one["at"])) for one in whole] == [
        (step, "done", True)
        for step in ("submitted", "accepted", "published", "claimed", "completed")
    ]
    assert [row.kind for row in scene.told(scene.resident)] == [
        "demands.decided",
        "demands.published",
        "demands.matched",
        "demands.progress",
        "demands.progress",
        "demands.closed",
    ]
    told = [row.title for row in scene.told(scene.resident, "demands.progress")]
    assert told == ["需求有人认领了", "需求正在验收"]


def test_whose_demand_was_merged_follows_the_other_and_learns_which(
    asked: Asked, scene: Scene
) -> None:
    target, merged = scene.accepted(title="小区照明不足"), scene.bring(scene.neighbour)
    scene.answer(merged, Decision.MERGE, merged_into_id=target.id)
    before = steps(asked, scene.neighbour, merged)
    # Not published yet: still the neighbour reads on what became of it, and nobody else does.
    asked.get(scene.neighbour, f"/demands/{target.id}")
    asked.get(scene.member, f"/demands/{target.id}", 404)
    scene.publish()
    claimed(scene, opened(scene, target), registered(scene))
    after = steps(asked, scene.neighbour, merged)

    assert before == [
        ("提交", "done"),
        ("合并办理", "done"),
        ("公布", "now"),
        ("认领", "to_come"),
        ("完成", "to_come"),
    ]
    assert after[2:] == [("公布", "done"), ("认领", "done"), ("完成", "now")]
    (decided,) = scene.told(scene.neighbour, "demands.decided")
    assert "与“小区照明不足”合并办理" in decided.body
    assert len(scene.told(scene.neighbour, "demands.progress")) == 1


@pytest.mark.parametrize(
    ("decision", "label"), [(Decision.REFER, "已转办"), (Decision.DECLINE, "未予受理")]
)
def test_what_is_not_taken_on_promises_no_more_steps(
    asked: Asked, scene: Scene, decision: Decision, label: str
) -> None:
    demand = scene.answer(scene.bring(), decision, reason="请联系供电所")
    assert steps(asked, scene.resident, demand) == [("提交", "done"), (label, "stopped")]
    (told,) = scene.told(scene.resident, "demands.decided")
    assert "请联系供电所" in told.body


def test_what_was_written_anew_is_told(scene: Scene) -> None:
    scene.answer(scene.bring(), Decision.ACCEPT, title="三号楼二单元照明")
    (told,) = scene.told(scene.resident, "demands.decided")
    assert "改写" in told.body


def test_a_project_that_comes_to_nothing_is_told_and_the_claim_forgotten(
    asked: Asked, scene: Scene
) -> None:
    demand = scene.published()
    project = opened(scene, demand)
    claimed(scene, project, registered(scene))
    claims.cancel(
        scene.session,
        actor=scene.secretary,
        project_id=project.id,
        said=Reason(reason="场地另有安排"),
    )
    assert steps(asked, scene.resident, demand)[3:] == [("认领", "now"), ("完成", "to_come")]
    assert scene.told(scene.resident)[-1].title == "需求继续等待认领"


def test_a_timeline_says_to_nobody_who_brought_it_or_who_does_it(
    asked: Asked, scene: Scene
) -> None:
    demand = scene.published(scene.member)
    who = registered(scene)
    claimed(scene, opened(scene, demand), who)
    names = [scene.make.session_member(one).name for one in (scene.member, who)]
    for reader in (scene.member, scene.neighbour, scene.officer, scene.secretary, who):
        answer = asked.get(reader, f"/demands/{demand.id}")
        assert {key for step in answer["timeline"] for key in step} == {
            "step",
            "label",
            "at",
            "state",
        }
        assert not any(name in str(answer) for name in names)
    for told in scene.told(scene.member):
        assert names[1] not in told.body


def test_a_claim_is_followed_to_the_communitys_taking_over(asked: Asked, scene: Scene) -> None:
    project, who = scene.make.project(scene.community), registered(scene)

    def seen() -> Steps:
        (one,) = asked.get(who, "/me/claims")["items"]
        return [(step["label"], step["state"]) for step in one["timeline"]]

    claim = claimed(scene, project, who)
    assert seen()[:3] == [("提交", "done"), ("受理", "done"), ("开始", "now")]
    deliver(scene, claim, who)
    assert seen()[2:] == [("开始", "done"), ("完成", "done"), ("验收", "now")]
    given: dict[str, Any] = {"actor": scene.secretary, "claim_id": claim.id}
    claims.send_back(scene.session, scene.rules, **given, reason="请写明地点")
    assert seen()[2:] == [("开始", "done"), ("完成", "now"), ("验收", "to_come")]
    claims.fail(scene.session, scene.rules, **given, reason="没有开展")
    assert seen() == [
        ("提交", "done"),
        ("受理", "done"),
        ("开始", "done"),
        ("未能完成", "stopped"),
    ]


# Who entered something does not decide about it.


def test_a_secretary_decides_nothing_about_what_the_same_person_entered(
    asked: Asked, scene: Scene
) -> None:
    own = scene.bring(scene.secretary)
    answer = asked.post(scene.secretary, own.id, "triage", 403, decision="accept")
    seen = {
        who: asked.get(getattr(scene, who), f"/demands/{own.id}")["decidable"]
        for who in ("secretary", "deputy", "officer", "grid_worker")
    }
    waiting = {who: asked.ids(getattr(scene, who), "/demands?decidable=true") for who in seen}

    assert answer["code"] == "not_your_decision"
    assert seen == {"secretary": False, "deputy": True, "officer": True, "grid_worker": False}
    assert waiting == {who: [own.id] if may else [] for who, may in seen.items()}
    told = {who: len(scene.told(getattr(scene, who), "demands.submitted")) for who in seen}
    assert told == {"secretary": 0, "deputy": 1, "officer": 1, "grid_worker": 0}
    asked.post(scene.officer, own.id, "triage", decision="accept")
    for actor, expect in ((scene.secretary, 403), (scene.officer, 200)):
        body = {"outcome": "solved", "reason": "已修好"}
        asked.post(actor, own.id, "closing", expect, **body)


def test_the_street_has_no_say_in_what_others_brought(asked: Asked, scene: Scene) -> None:
    row = scene.bring()
    asked.post(scene.officer, row.id, "triage", 403, decision="accept")
    assert asked.ids(scene.officer, "/demands?decidable=true") == []


def test_whose_office_ended_is_a_submitter_like_any_other(scene: Scene, asked: Asked) -> None:
    """The community's own demand, entered by somebody who holds the office no more."""
    row = scene.bring(scene.secretary)
    with clock.at(clock.now() + timedelta(days=1)):
        held = Appointment.member_id == scene.secretary.member_id
        yesterday = clock.today() - timedelta(days=1)
        scene.session.execute(sa.update(Appointment).where(held).values(ends_on=yesterday))
        assert asked.ids(scene.officer, "/demands?decidable=true") == []
        assert asked.ids(scene.deputy, "/demands?decidable=true") == [row.id]


def test_a_close_by_the_secretary_who_entered_it_is_refused_without_a_deputy_too(
    scene: Scene,
) -> None:
    row = scene.bring(scene.secretary)
    with pytest.raises(Exception, match="not_your_decision"):
        demands.close(
            scene.session,
            actor=scene.secretary,
            demand_id=row.id,
            said=demands.Closing(outcome=Outcome.SOLVED, reason="已修好"),
        )


# Lists.


def test_what_waits_for_a_decision_stands_in_the_order_of_sending(
    asked: Asked, scene: Scene
) -> None:
    drafted = scene.bring(draft=True)
    with clock.at(clock.now() + timedelta(hours=1)):
        first = scene.bring(scene.neighbour)
    with clock.at(clock.now() + timedelta(hours=2)):
        asked.post(scene.resident, drafted.id, "submission")
    assert asked.ids(scene.secretary, "/demands?decidable=true&limit=1") == [first.id]
    assert asked.ids(scene.secretary, "/demands?decidable=true") == [first.id, drafted.id]
    assert asked.ids(scene.secretary, "/demands") == [drafted.id, first.id]


def test_what_was_published_stands_in_the_order_of_its_day(asked: Asked, scene: Scene) -> None:
    early = scene.accepted()
    late = scene.published(scene.neighbour)
    with clock.at(clock.now() + timedelta(days=3)):
        newest = scene.accepted(scene.member)
        scene.publish()
    early.published_on = clock.today() - timedelta(days=30)
    scene.session.flush()
    path = "/demands?status=published&limit=1"
    page = asked.get(scene.neighbour, path)
    found = [one["id"] for one in page["items"]]
    while page["next_cursor"]:
        page = asked.get(scene.neighbour, f"{path}&cursor={page['next_cursor']}")
        found += [one["id"] for one in page["items"]]
    assert found == [newest.id, late.id, early.id]


def test_all_that_ended_stands_on_one_list(asked: Asked, scene: Scene) -> None:
    open_, declined = scene.bring(), scene.bring(scene.neighbour)
    scene.answer(declined, Decision.DECLINE, reason="请联系供电所")
    closed = scene.published(scene.member)
    asked.post(scene.secretary, closed.id, "closing", outcome="solved", reason="已修好")

    assert set(asked.ids(scene.secretary, "/demands?ended=true")) == {declined.id, closed.id}
    assert open_.id in asked.ids(scene.secretary, "/demands")
