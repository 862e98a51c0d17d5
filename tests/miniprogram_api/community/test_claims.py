"""Claims over HTTP: from the first tap, or the end of the queue, to both sides' view."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands.models import DemandSource, DemandStatus
from backend.community.projects.models import ClaimantKind, ProjectStatus, ServiceProject
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import MONDAY, RESULT, Yard
from tests.factories import Make
from tests.http_client import ApiClient

LONG_AGO = datetime.combine(MONDAY, time(12), clock.SHANGHAI) - timedelta(days=365)


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def test_a_claim_goes_from_the_tap_to_the_credit(yard: Yard) -> None:
    project = yard.project(places=1)
    claim = yard.claim(project, yard.contact, unit_id=yard.unit_id, note="周末可以来")
    waiting = yard.ask("GET", "/claims?decidable=true&status=submitted", yard.secretary)
    accepted = yard.step(claim, "acceptance", yard.secretary)
    started = yard.step(claim, "start", yard.contact)
    delivered = yard.deliver(claim, yard.contact)
    before = done_of_12g(yard)
    completed = yard.step(claim, "completion", yard.secretary, body=RESULT)

    states = [one["status"] for one in (claim, accepted, started, delivered, completed)]
    assert states == ["submitted", "accepted", "in_progress", "delivered", "completed"]
    assert [one["id"] for one in waiting["items"]] == [claim["id"]]
    assert (completed["solved"], completed["comment"]) == (True, "居民都说好")
    assert (before, done_of_12g(yard)) == (0, 1)
    assert yard.differences() == []


def done_of_12g(yard: Yard) -> int:
    duties = yard.ask("GET", "/me/duties", yard.contact)["items"]
    return next(int(one["done"]) for one in duties if one["rule_id"] == "12g")


def test_the_same_step_by_the_same_person_changes_nothing(yard: Yard) -> None:
    claim = yard.claim(yard.project(), yard.first)
    for step, who in (("acceptance", yard.secretary), ("start", yard.first)):
        assert yard.step(claim, step, who) == yard.step(claim, step, who)
    assert yard.deliver(claim, yard.first) == yard.deliver(claim, yard.first)
    first = yard.step(claim, "completion", yard.secretary, body=RESULT)
    assert first == yard.step(claim, "completion", yard.secretary, body=RESULT)
    assert yard.news(yard.secretary) == ["claims.submitted", "claims.delivered"]


def test_a_second_claim_of_the_same_claimant_is_refused(yard: Yard) -> None:
    project = yard.project()
    yard.claim(project, yard.first)

    assert yard.claim(project, yard.first, 409)["code"] == "already_claimed"


def test_the_unit_and_its_contact_are_two_claimants(yard: Yard) -> None:
    project, member = yard.project(), yard.make.session_member(yard.contact)
    member.community_id = yard.community.id
    yard.session.flush()

    yard.claim(project, yard.contact, unit_id=yard.unit_id)
    assert yard.claim(project, yard.contact)["unit"] is None


@pytest.mark.parametrize(
    ("given", "to_member", "to_contact"),
    [
        pytest.param({}, ["member"], ["member", "unit"], id="everybody"),
        pytest.param({"claimants": ClaimantKind.MEMBERS}, ["member"], ["member"], id="members"),
        pytest.param({"claimants": ClaimantKind.UNITS}, [], ["unit"], id="units"),
        pytest.param({"status": ProjectStatus.REVIEW}, [], [], id="not open yet"),
        pytest.param({"claim_deadline": LONG_AGO}, [], [], id="too late"),
    ],
)
def test_as_whom_one_may_claim_is_what_is_answered(
    yard: Yard,
    connection: sa.Connection,
    given: dict[str, Any],
    to_member: list[str],
    to_contact: list[str],
) -> None:
    register_contact(yard)
    project = yard.project(**given)

    assert offered(yard, connection, project, yard.first) == to_member
    assert offered(yard, connection, project, yard.contact) == to_contact


def test_where_no_place_is_left_one_may_still_ask_for_one(
    yard: Yard, connection: sa.Connection
) -> None:
    register_contact(yard)
    project = yard.project(places=1)
    yard.claim(project, yard.second)

    assert offered(yard, connection, project, yard.contact, wait=True) == ["member", "unit"]
    assert offered(yard, connection, project, yard.second, wait=True) == []


def test_what_the_unit_asked_for_its_contact_may_claim_as_a_member(
    yard: Yard, connection: sa.Connection
) -> None:
    register_contact(yard)
    own = yard.demand(unit_id=yard.unit_id, source=DemandSource.UNIT)
    shown = yard.demand(source=DemandSource.COMMUNITY)
    own.status, own.merged_into_id = DemandStatus.MERGED, shown.id
    project = yard.project(demand_id=shown.id)

    assert offered(yard, connection, project, yard.contact) == ["member"]


def register_contact(yard: Yard) -> None:
    yard.make.session_member(yard.contact).community_id = yard.community.id
    yard.session.flush()


def offered(
    yard: Yard, connection: sa.Connection, project: ServiceProject, who: Actor, **said: Any
) -> list[str]:
    """Return as whom one is told to be able to claim, once every way has been tried."""
    path = f"/projects/{project.id}"
    told: list[str] = yard.client.answer("GET", path, as_=who).get_json().get("claimable_as", [])
    for as_, body in (("member", said), ("unit", said | {"unit_id": yard.unit_id})):
        with connection.begin_nested() as tried:
            answer = yard.client.answer("POST", f"{path}/claims", as_=who, json=body)
            assert (answer.status_code == 201) == (as_ in told), (as_, answer.get_json())
            if answer.status_code == 201:
                assert as_ not in answer.get_json()["project"]["claimable_as"]
            tried.rollback()
        yard.session.expire_all()
    return told


def test_a_full_project_refuses_and_offers_the_queue(yard: Yard) -> None:
    project = yard.project(places=1)
    yard.claim(project, yard.first)

    assert yard.claim(project, yard.second, 409)["code"] == "project_full"
    second = yard.claim(project, yard.second, wait=True)
    third = yard.claim(project, yard.third, wait=True)
    assert [second["status"], second["waiting_position"]] == ["waiting", 1]
    assert third["waiting_position"] == 2
    assert yard.ask("GET", f"/projects/{project.id}", yard.first)["waiting"] == 2


def test_nobody_queues_for_a_place_that_is_free_nor_twice(yard: Yard) -> None:
    project = yard.project(places=1)
    assert yard.claim(project, yard.first, 409, wait=True)["code"] == "place_is_free"
    yard.claim(project, yard.first)
    yard.claim(project, yard.second, wait=True)
    assert yard.claim(project, yard.second, 409, wait=True)["code"] == "already_claimed"


def test_who_waits_moves_up_in_the_order_of_asking(yard: Yard) -> None:
    project = yard.project(places=1)
    held = yard.claim(project, yard.first)
    second = yard.claim(project, yard.second, wait=True)
    third = yard.claim(project, yard.third, wait=True)

    yard.step(held, "withdrawal", yard.first)

    assert (yard.row(second).status, yard.row(third).status) == ("submitted", "waiting")
    assert yard.state(project) == "full"
    assert yard.news(yard.second) == ["claims.moved_up"]
    assert yard.news(yard.third) == []
    assert yard.row(second).answer_due_on is not None


@pytest.mark.parametrize("step", ["declining", "failure"])
def test_a_place_that_the_community_frees_goes_to_who_waits(yard: Yard, step: str) -> None:
    project = yard.project(places=1)
    claim = yard.claim(project, yard.first)
    waiting = yard.claim(project, yard.second, wait=True)
    if step == "failure":
        yard.step(claim, "acceptance", yard.secretary)
        yard.step(claim, "start", yard.first)

    yard.step(claim, step, yard.secretary, body={"reason": "人手已够"})

    assert yard.row(waiting).status == "submitted"


def test_who_leaves_the_queue_frees_nothing(yard: Yard) -> None:
    project = yard.project(places=1)
    yard.claim(project, yard.first)
    waiting = yard.claim(project, yard.second, wait=True)

    yard.step(waiting, "withdrawal", yard.second)

    assert yard.state(project) == "full"
    assert yard.session.get_one(type(project), project.id).claimed == 1


def test_after_the_deadline_or_the_end_nobody_claims(yard: Yard) -> None:
    late = yard.project(claim_deadline=clock.now() - timedelta(minutes=1))
    assert yard.claim(late, yard.first, 409)["code"] == "claim_closed"
    today = clock.today()
    for given in (
        {"status": "expired"},
        {"status": "cancelled", "cancel_reason": "另有安排"},
        {"status": "done", "done_on": today, "evaluation_due_on": today},
        {"status": "evaluated", "done_on": today, "evaluation_due_on": today},
    ):
        answer = yard.claim(yard.project(**given), yard.first, 409)
        assert answer["code"] == "claim_closed"


@pytest.mark.parametrize("status", ["draft", "review"])
def test_what_is_not_opened_yet_does_not_exist_for_claimants(yard: Yard, status: str) -> None:
    assert yard.claim(yard.project(status=status), yard.first, 404)["code"] == "project_not_found"


def test_who_is_not_registered_is_sent_to_register_first(yard: Yard) -> None:
    stranger = yard.make.actor(yard.make.member())
    assert yard.claim(yard.project(), stranger, 403)["code"] == "registration_required"


def test_a_unit_claims_when_it_is_registered_or_in_a_coordination_body(yard: Yard) -> None:
    branch = yard.make.branch(yard.make.unit(yard.community))
    contact = yard.make.unit_contact(branch)
    project = yard.project()
    refused = yard.claim(project, contact, 403, unit_id=branch.unit_id)
    body: dict[str, object] = {
        "unit_id": branch.unit_id,
        "receiver_code": yard.community.code,
        "plan": "每季度开展一次义诊",
        "resources": [],
    }
    sent = yard.ask("POST", "/unit-registrations", contact, 201, body)
    yard.claim(project, contact, 403, unit_id=branch.unit_id)
    yard.ask("POST", f"/unit-registrations/{sent['id']}/acceptance", yard.secretary)

    assert refused["code"] == "unit_not_registered"
    assert yard.claim(project, contact, unit_id=branch.unit_id)["status"] == "submitted"


def test_only_its_contact_claims_for_a_unit(yard: Yard) -> None:
    answer = yard.claim(yard.project(), yard.first, 422, unit_id=yard.unit_id)
    assert "unit_id" in answer["fields"]


@pytest.mark.parametrize("claimants", ["members", "units"])
def test_a_project_for_the_others_refuses(yard: Yard, claimants: str) -> None:
    project = yard.project(claimants=claimants)
    who = yard.first if claimants == "units" else yard.contact
    unit_id = None if claimants == "units" else yard.unit_id
    assert yard.claim(project, who, 409, unit_id=unit_id)["code"] == "claimant_not_allowed"


def test_a_units_own_demand_is_not_its_claim_even_where_it_was_merged(yard: Yard) -> None:
    own = yard.demand(source=DemandSource.UNIT, unit_id=yard.unit_id)
    others = yard.demand()
    merged = {"status": "merged", "merged_into_id": others.id, "published_on": None}
    yard.demand(source=DemandSource.UNIT, unit_id=yard.unit_id, expires_on=None, **merged)

    for demand in (own, others):
        project = yard.project(demand_id=demand.id)
        answer = yard.claim(project, yard.contact, 409, unit_id=yard.unit_id)
        assert answer["code"] == "own_demand"
        assert yard.claim(project, yard.first)["status"] == "submitted"


def test_a_demand_split_into_two_projects_counts_once(yard: Yard) -> None:
    demand = yard.demand()
    claims = [
        yard.carry_out(yard.project(demand_id=demand.id), yard.contact, unit_id=yard.unit_id)
        for _ in range(2)
    ]
    evidence = yard.ask("GET", "/me/duties/12g/evidence", yard.contact)

    assert done_of_12g(yard) == 1
    assert [one["source_id"] for one in evidence["counted"]] == [claims[0]["id"]]
    assert [one["source_id"] for one in evidence["not_counted"]] == [claims[1]["id"]]
    assert evidence["not_counted"][0]["reason"] == "同一需求拆分的项目只计一次，已计入另一次认领。"
    assert yard.differences() == []


@pytest.mark.parametrize("state", ["waiting", "submitted", "lapsed", "accepted"])
def test_before_the_start_one_withdraws_without_consequence(yard: Yard, state: str) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=1)
        if state == "waiting":
            yard.claim(project, yard.second)
        claim = yard.claim(project, yard.first, wait=state == "waiting")
        if state == "accepted":
            yard.step(claim, "acceptance", yard.secretary)
    with yard.day(date(2026, 11, 6) if state == "lapsed" else MONDAY):
        yard.turn()
        assert yard.row(claim).status == state
        again = yard.step(claim, "withdrawal", yard.first)
        assert again == yard.step(claim, "withdrawal", yard.first)
    assert again["status"] == "withdrawn"
    assert yard.differences() == []


def test_other_words_on_a_second_tap_are_refused_by_name(yard: Yard) -> None:
    project = yard.project(places=3)
    declined = yard.claim(project, yard.first)
    failed, completed = (yard.begin(project, who) for who in (yard.second, yard.third))
    yard.deliver(completed, yard.third)
    for claim, step, body, other in (
        (declined, "declining", {"reason": "人手已够"}, {"reason": "另有安排"}),
        (failed, "failure", {"reason": "未能开展"}, {"reason": "另有安排"}),
        (completed, "completion", RESULT, RESULT | {"solved": False}),
    ):
        done = yard.step(claim, step, yard.secretary, body=body)
        assert yard.step(claim, step, yard.secretary, body=body) == done
        answer = yard.step(claim, step, yard.secretary, 409, other)
        assert answer["code"] == "claim_done_otherwise"


def test_who_withdrew_claims_again(yard: Yard) -> None:
    project = yard.project(places=1)
    yard.step(yard.claim(project, yard.first), "withdrawal", yard.first)
    assert yard.claim(project, yard.first)["status"] == "submitted"


def test_the_community_asks_for_more_before_it_takes_over(yard: Yard) -> None:
    claim = yard.begin(yard.project(places=1), yard.first)
    yard.deliver(claim, yard.first)
    returned = yard.step(claim, "return", yard.secretary, body={"reason": "还差北侧车棚"})
    same = yard.step(claim, "return", yard.secretary, body={"reason": "还差北侧车棚"})
    [task] = yard.ask("GET", "/me/tasks?kind=claims.delivery", yard.first)["items"]
    yard.deliver(claim, yard.first, "北侧也已整理")
    completed = yard.step(claim, "completion", yard.secretary, body=RESULT)

    assert (returned["status"], returned["return_reason"]) == ("in_progress", "还差北侧车棚")
    assert same == returned
    assert task["lines"][1:] == ["社区请您补充：还差北侧车棚。"]
    assert (completed["status"], completed["summary"]) == ("completed", "北侧也已整理")
    assert yard.news(yard.secretary) == [
        "claims.submitted",
        "claims.delivered",
        "claims.delivered",
    ]


def test_a_delivery_is_of_a_day_of_the_project_up_to_today(yard: Yard) -> None:
    project = yard.project()
    claim = yard.begin(project, yard.first)
    for day in (project.starts_on - timedelta(days=1), clock.today() + timedelta(days=1)):
        body = {"summary": "已完成", "delivered_on": str(day)}
        answer = yard.step(claim, "delivery", yard.first, 422, body)
        assert "delivered_on" in answer["fields"]


def test_both_sides_say_how_it_went_and_the_project_is_evaluated(yard: Yard) -> None:
    project = yard.project(places=1)
    claim = yard.carry_out(project, yard.first)
    assert yard.state(project) == "done"
    view = {"solved": True, "satisfied": False, "comment": "工具可以再多备一些"}
    said = yard.step(claim, "evaluation", yard.first, body=view)

    assert said["claimant_satisfied"] is False
    assert said["claimant_comment"] == "工具可以再多备一些"
    assert said["project"]["status"] == "evaluated"
    assert said == yard.step(claim, "evaluation", yard.first, body=view)
    other = view | {"satisfied": True}
    assert yard.step(claim, "evaluation", yard.first, 409, other)["code"] == "already_evaluated"
    assert yard.news(yard.secretary)[-1] == "claims.evaluated"


def test_after_fourteen_days_the_project_is_evaluated_without_the_claimant(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=1)
        claim = yard.carry_out(project, yard.first)
    assert claim["project"]["evaluation_due_on"] == "2026-11-16"
    with yard.day(date(2026, 11, 16)):
        yard.turn()
        assert yard.state(project) == "done"
    with yard.day(date(2026, 11, 17)):
        yard.turn()
        assert yard.state(project) == "evaluated"
        answer = yard.step(claim, "evaluation", yard.first, 409, RESULT)
    assert answer["code"] == "evaluation_closed"
