"""Projects over HTTP: drawn up, reviewed, opened, and how each of them ends."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.demands.models import DemandKind, DemandStatus
from backend.community.projects.models import ServiceProject
from backend.core import clock
from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import MONDAY, RESULT, Yard
from tests.factories import Make
from tests.http_client import ApiClient

REASON = {"reason": "场地另有安排"}
RISKY = {"risk": "medium", "insurance_note": "社区已投保志愿服务意外险"}


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def draft(yard: Yard, **changed: Any) -> dict[str, Any]:
    return yard.ask("POST", "/projects", yard.secretary, 201, yard.plan(**changed))


def step(
    yard: Yard, project: dict[str, Any] | ServiceProject, name: str, expect: int = 200,
    who: Any = None, body: Any = None,
) -> dict[str, Any]:  # fmt: skip
    id_ = project["id"] if isinstance(project, dict) else project.id
    return yard.ask("POST", f"/projects/{id_}/{name}", who or yard.secretary, expect, body)


def test_a_draft_is_written_anew_and_opened(yard: Yard) -> None:
    made = draft(yard)
    plan = yard.plan(title="整理两处自行车棚", places=3)
    del plan["community_code"]
    amended = yard.ask("PUT", f"/projects/{made['id']}", yard.secretary, 200, plan)
    opened = step(yard, made, "opening")

    assert (made["status"], amended["status"], opened["status"]) == ("draft", "draft", "open")
    assert (opened["title"], opened["places"]) == ("整理两处自行车棚", 3)
    assert step(yard, made, "opening") == opened


def test_a_draft_exists_for_its_community_alone(yard: Yard) -> None:
    made = draft(yard)
    for who in (yard.first, yard.contact, yard.officer):
        yard.ask("GET", f"/projects/{made['id']}", who, 404)
    assert yard.ask("GET", f"/projects/{made['id']}", yard.secretary)["id"] == made["id"]


def test_only_the_communitys_secretary_draws_up_projects(yard: Yard) -> None:
    other = yard.make.community_secretary(yard.make.community())
    for who in (yard.first, yard.officer, other):
        answer = yard.ask("POST", "/projects", who, 403, yard.plan())
        assert answer["code"] == "not_your_community"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_on": "2026-01-01"}, "ends_on"),
        ({"claim_deadline": "2099-01-01T00:00:00+08:00"}, "claim_deadline"),
        ({"places": 0}, "places"),
        ({"risk": "none"}, "risk"),
        ({"title": ""}, "title"),
    ],
)
def test_a_plan_that_is_not_right_is_told_by_field(
    yard: Yard, changed: dict[str, Any], field: str
) -> None:
    assert (
        field in yard.ask("POST", "/projects", yard.secretary, 422, yard.plan(**changed))["fields"]
    )


@pytest.mark.parametrize("why", [RISKY, {"funded": True}])
def test_what_is_risky_or_funded_the_street_reviews(yard: Yard, why: dict[str, Any]) -> None:
    made = draft(yard, **why)
    asked = step(yard, made, "opening")
    waiting = yard.ask("GET", "/projects?decidable=true", yard.officer)["items"]
    yard.ask("GET", f"/projects/{made['id']}", yard.first, 404)
    approved = step(yard, made, "approval", who=yard.officer)

    assert (asked["status"], approved["status"]) == ("review", "open")
    assert (asked["decidable"], waiting[0]["decidable"], approved["decidable"]) == (
        False,
        True,
        False,
    )
    assert [one["id"] for one in waiting] == [made["id"]]
    assert step(yard, made, "approval", who=yard.officer) == approved
    assert yard.news(yard.officer) == ["projects.review_requested"]
    assert yard.news(yard.secretary) == ["projects.approved"]


def test_the_street_sends_a_project_back_and_is_asked_again(yard: Yard) -> None:
    made = draft(yard, funded=True)
    step(yard, made, "opening")
    returned = step(yard, made, "return", who=yard.officer, body=REASON)
    same = step(yard, made, "return", who=yard.officer, body=REASON)
    again = step(yard, made, "opening")

    assert (returned["status"], returned["return_reason"]) == ("draft", "场地另有安排")
    assert same == returned
    assert again["status"] == "review"
    assert yard.news(yard.officer) == ["projects.review_requested"] * 2
    assert yard.news(yard.secretary) == ["projects.returned"]


def test_other_words_on_a_second_tap_are_refused_by_name(yard: Yard) -> None:
    made = draft(yard, funded=True)
    step(yard, made, "opening")
    for name, who in (("return", yard.officer), ("cancellation", yard.secretary)):
        step(yard, made, name, who=who, body=REASON)
        answer = step(yard, made, name, 409, who, {"reason": "改由他人实施"})
        assert answer["code"] == "project_done_otherwise"


def test_the_street_of_elsewhere_has_no_say(yard: Yard) -> None:
    made = draft(yard, funded=True)
    step(yard, made, "opening")
    step(yard, made, "approval", 403)
    elsewhere = yard.make.community(yard.make.township())
    assert elsewhere.township_id is not None
    other = yard.make.officer(
        yard.officer.grants[0].role, yard.session.get_one(type(yard.street), elsewhere.township_id)
    )
    step(yard, made, "approval", 404, other)


def test_a_risk_is_insured_before_it_is_reviewed(yard: Yard) -> None:
    answer = step(yard, draft(yard, risk="high"), "opening", 409)
    assert answer["code"] == "insurance_required"


def test_what_can_be_claimed_no_more_is_not_opened(yard: Yard) -> None:
    with yard.day(MONDAY):
        plain, funded = draft(yard), draft(yard, funded=True)
        step(yard, funded, "opening")
    with yard.day(date(2026, 11, 20)):
        for made, name, who in (
            (plain, "opening", yard.secretary),
            (funded, "approval", yard.officer),
        ):
            answer = step(yard, made, name, 409, who)
            assert answer["code"] == "claim_deadline_passed"


def test_a_project_is_for_a_demand_on_the_communitys_own_list(yard: Yard) -> None:
    demand = yard.demand()
    made = draft(yard, demand_id=demand.id)
    step(yard, made, "opening")
    yard.session.refresh(demand)
    listed = yard.ask("GET", f"/projects?demand_id={demand.id}", yard.first)["items"]

    assert (made["demand_id"], demand.status) == (demand.id, "matched")
    assert [one["id"] for one in listed] == [made["id"]]
    waiting = yard.demand(status=DemandStatus.SUBMITTED, published_on=None, expires_on=None)
    refused = yard.ask("POST", "/projects", yard.secretary, 409, yard.plan(demand_id=waiting.id))
    assert refused["code"] == "demand_not_open"
    elsewhere = yard.demand(community_id=yard.make.community().id)
    answer = yard.ask("POST", "/projects", yard.secretary, 422, yard.plan(demand_id=elsewhere.id))
    assert "demand_id" in answer["fields"]
    yard.ask("POST", "/projects", yard.secretary, 404, yard.plan(demand_id=10**9))


def test_what_was_accepted_is_matched_before_the_next_list_and_stands_on_it_then(
    yard: Yard,
) -> None:
    unlisted = {"status": DemandStatus.ACCEPTED, "published_on": None, "expires_on": None}
    taken_up, given_up = yard.demand(**unlisted), yard.demand(**unlisted)
    for demand in (taken_up, given_up):
        step(yard, draft(yard, demand_id=demand.id), "opening")
    (project,) = yard.ask("GET", f"/projects?demand_id={given_up.id}", yard.first)["items"]
    step(yard, project, "cancellation")
    yard.session.expire_all()
    states = [demand.status for demand in (taken_up, given_up)]
    body = {"area_code": yard.community.code}
    listed = yard.ask("POST", "/demand-lists", yard.secretary, 201, body)

    assert states == ["matched", "accepted"]
    assert {one["id"]: one["status"] for one in listed["demands"]} == {
        taken_up.id: "matched",
        given_up.id: "published",
    }
    refused = yard.ask("POST", "/demand-lists", yard.secretary, 409, body)
    assert refused["code"] == "nothing_to_publish"


def test_a_micro_wish_has_one_claimant(yard: Yard) -> None:
    wish = yard.demand(kind=DemandKind.MICRO_WISH, beneficiary_code="W7K2")
    plan = yard.plan(demand_id=wish.id, places=2)
    assert "places" in yard.ask("POST", "/projects", yard.secretary, 422, plan)["fields"]
    assert draft(yard, demand_id=wish.id, places=1)["places"] == 1


def test_cancelling_ends_all_claims_without_consequence(yard: Yard) -> None:
    demand = yard.demand()
    made = draft(yard, places=1, demand_id=demand.id)
    step(yard, made, "opening")
    claim = yard.begin(made["id"], yard.first)
    waiting = yard.claim(made["id"], yard.second, wait=True)
    cancelled = step(yard, made, "cancellation", body=REASON)
    yard.session.refresh(demand)

    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "场地另有安排")
    assert step(yard, made, "cancellation", body=REASON) == cancelled
    for one in (claim, waiting):
        row = yard.row(one)
        assert (row.status, row.release_reason) == ("released", "project_cancelled")
    assert demand.status == "published"
    assert yard.news(yard.second) == ["claims.released"]


def test_a_project_is_cancelled_without_a_reason_as_well(yard: Yard) -> None:
    assert step(yard, draft(yard), "cancellation")["cancel_reason"] == ""


def test_what_was_delivered_is_taken_over_before_anything_is_cancelled(yard: Yard) -> None:
    project = yard.project()
    yard.deliver(yard.begin(project, yard.first), yard.first)
    answer = step(yard, project, "cancellation", 409, body=REASON)
    assert answer["code"] == "work_was_delivered"


def test_with_the_first_start_the_project_is_under_way_and_others_still_claim(yard: Yard) -> None:
    project = yard.project(places=2)
    yard.begin(project, yard.first)
    assert yard.state(project) == "in_progress"
    yard.claim(project, yard.second)
    assert yard.claim(project, yard.third, 409)["code"] == "project_full"
    assert yard.claim(project, yard.third, wait=True)["waiting_position"] == 1


def test_a_project_is_done_when_nothing_is_under_way_and_nobody_can_come(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=2, claim_deadline=at(6))
        claim = yard.carry_out(project, yard.first)
        assert yard.state(project) == "in_progress"
        yard.turn()
        assert yard.state(project) == "in_progress"
    with yard.day(date(2026, 11, 7)):
        yard.turn()
    assert yard.state(project) == "done"
    assert yard.row(claim).project.done_on == date(2026, 11, 7)
    assert yard.news(yard.first)[-1] == "claims.done"


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 18, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize("solved", [True, False])
def test_a_demand_is_solved_by_a_project_that_solved_it(yard: Yard, *, solved: bool) -> None:
    demand = yard.demand()
    made = draft(yard, places=1, demand_id=demand.id)
    step(yard, made, "opening")
    claim = yard.begin(made["id"], yard.first)
    yard.deliver(claim, yard.first)
    yard.step(claim, "completion", yard.secretary, body=RESULT | {"solved": solved})
    yard.session.refresh(demand)

    assert yard.state(made["id"]) == "done"
    assert demand.status == ("solved" if solved else "published")


def test_what_nobody_claimed_expires_with_the_deadline(yard: Yard) -> None:
    demand = yard.demand()
    with yard.day(MONDAY):
        made = draft(yard, demand_id=demand.id, claim_deadline=at(6).isoformat())
        step(yard, made, "opening")
        yard.turn()
    with yard.day(date(2026, 11, 7)):
        yard.turn()
    yard.session.refresh(demand)
    assert (yard.state(made["id"]), demand.status) == ("expired", "published")
    # The secretary entered the demand as well.
    assert yard.news(yard.secretary)[-2:] == ["projects.expired", "demands.progress"]


def test_with_the_last_day_whoever_has_not_begun_is_released(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=2, ends_on=date(2026, 11, 9), claim_deadline=at(9))
        accepted = yard.claim(project, yard.first)
        yard.step(accepted, "acceptance", yard.secretary)
        begun = yard.begin(project, yard.second)
        waiting = yard.claim(project, yard.third, wait=True)
    with yard.day(date(2026, 11, 10)):
        yard.turn()
        for one in (accepted, waiting):
            row = yard.row(one)
            assert (row.status, row.release_reason) == ("released", "project_over")
        assert (yard.row(begun).status, yard.state(project)) == ("in_progress", "in_progress")
        yard.step(begun, "failure", yard.secretary, body={"reason": "未能开展"})
        assert yard.state(project) == "expired"


def test_projects_are_listed_by_community_and_state(yard: Yard) -> None:
    open_, full = yard.project(), yard.project(places=1)
    yard.claim(full, yard.first)
    yard.make.project(yard.make.community())
    path = f"/projects?community_code={yard.community.code}"
    listed = yard.ask("GET", f"{path}&status=open", yard.second)["items"]

    assert [one["id"] for one in listed] == [open_.id]
    assert len(yard.ask("GET", path, yard.second)["items"]) == 2


def test_the_same_key_draws_up_one_project(yard: Yard) -> None:
    plan = yard.plan()
    headers = {"Idempotency-Key": "6f1f2f8e-5d0a-4c57-9d3f-000000000001"}
    both = [
        yard.client.request(
            "POST", "/projects", as_=yard.secretary, json=plan, headers=headers, expect=201
        )
        for _ in range(2)
    ]
    assert both[0] == both[1]
    assert timedelta(0) < datetime.fromisoformat(both[0]["claim_deadline"]) - clock.now()


def test_a_demand_waits_again_when_only_a_project_in_review_is_left(yard: Yard) -> None:
    demand = yard.demand()
    made = draft(yard, demand_id=demand.id)
    step(yard, made, "opening")
    step(yard, draft(yard, demand_id=demand.id, funded=True), "opening")
    step(yard, made, "cancellation", body=REASON)
    yard.session.refresh(demand)

    assert demand.status == "published"
