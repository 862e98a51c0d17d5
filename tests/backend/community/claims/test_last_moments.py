"""The last moment of each term of demands, projects and claims, and the first after it. Days are
Shanghai's, also where a year ends while it is still the old one in Greenwich."""

from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backend.community.claims import queries
from backend.community.demands import expiry, matching
from backend.community.demands import queries as demands
from backend.community.projects.models import ServiceProject
from backend.core import clock
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import RESULT, Yard
from tests.factories import Make
from tests.http_client import ApiClient

SECOND = timedelta(seconds=1)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.SHANGHAI)
LAST_DAY = date(2026, 12, 31)
BEGIN = datetime(2026, 12, 28, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def last() -> AbstractContextManager[None]:
    """In the last second of the last day of 2026 in Shanghai."""
    return clock.at(NEW_YEAR - SECOND)


def after() -> AbstractContextManager[None]:
    """At Shanghai's midnight; in Greenwich it is four in the afternoon of the old year."""
    return clock.at(NEW_YEAR.astimezone(UTC))


def old_years(yard: Yard, **given: object) -> ServiceProject:
    """A project whose last day is the last of the year; it takes claims to the very end of it."""
    terms = {"starts_on": BEGIN.date(), "ends_on": LAST_DAY, "claim_deadline": NEW_YEAR - SECOND}
    return yard.project(**terms | given)


def test_a_claim_is_taken_until_the_deadline_itself(yard: Yard) -> None:
    project = old_years(yard)
    with clock.at(NEW_YEAR - SECOND):
        assert yard.claim(project, yard.first)["status"] == "submitted"
    with clock.at(NEW_YEAR - SECOND + timedelta(microseconds=1)):
        assert yard.claim(project, yard.second, 409)["code"] == "claim_closed"
    with after():
        assert yard.claim(project, yard.third, 409)["code"] == "claim_closed"


def test_a_project_without_claims_ends_after_its_deadline_not_at_it(yard: Yard) -> None:
    project = old_years(yard)
    with last():
        assert yard.session.scalars(queries.due()).all() == []
        yard.turn()
        assert yard.state(project) == "open"
    with after():
        yard.turn()
        assert yard.state(project) == "expired"


def test_a_draft_is_opened_until_just_before_its_deadline(yard: Yard) -> None:
    with clock.at(BEGIN):
        plan = yard.plan(
            ends_on=str(LAST_DAY), starts_on=str(BEGIN.date()), claim_deadline=NEW_YEAR.isoformat()
        )
        plan["claim_deadline"] = (NEW_YEAR - SECOND).isoformat()
        one, other = (yard.ask("POST", "/projects", yard.secretary, 201, plan) for _ in range(2))
    with clock.at(NEW_YEAR - 2 * SECOND):
        yard.ask("POST", f"/projects/{one['id']}/opening", yard.secretary)
    with last():
        late = yard.ask("POST", f"/projects/{other['id']}/opening", yard.secretary, 409)
        assert late["code"] == "claim_deadline_passed"


def test_the_deadline_lies_on_the_last_day_at_the_latest(yard: Yard) -> None:
    with clock.at(BEGIN):
        plan = yard.plan(starts_on=str(LAST_DAY), ends_on=str(LAST_DAY))
        inside = (NEW_YEAR - SECOND).astimezone(UTC).isoformat()
        yard.ask("POST", "/projects", yard.secretary, 201, plan | {"claim_deadline": inside})
        outside = NEW_YEAR.astimezone(UTC).isoformat()
        wrong = plan | {"claim_deadline": outside}
        found = yard.ask("POST", "/projects", yard.secretary, 422, wrong)
    assert list(found["fields"]) == ["claim_deadline"]


def test_on_its_last_day_a_project_still_takes_answers_and_who_waits_moves_up(yard: Yard) -> None:
    project = old_years(yard, places=1)
    with clock.at(BEGIN):
        held = yard.claim(project, yard.first)
        waits = yard.claim(project, yard.second, wait=True)
    with last():
        yard.turn()
        assert yard.row(held).status == "submitted"
        yard.step(held, "declining", yard.secretary, body={"reason": "另有安排"})
        assert yard.row(waits).status == "submitted"
        yard.step(waits, "acceptance", yard.secretary)
        assert yard.step(waits, "start", yard.second)["status"] == "in_progress"


@pytest.mark.parametrize("stage", ["waiting", "submitted", "accepted"])
def test_what_has_not_begun_by_the_last_day_falls_away_with_the_next(
    yard: Yard, stage: str
) -> None:
    project = old_years(yard, places=1)
    with clock.at(NEW_YEAR - timedelta(days=1)):
        if stage == "waiting":
            yard.begin(project, yard.second)
        claim = yard.claim(project, yard.first, wait=stage == "waiting")
        if stage == "accepted":
            yard.step(claim, "acceptance", yard.secretary)
    with last():
        yard.turn()
        assert yard.row(claim).status == stage
    with after():
        yard.turn()
        fallen = yard.row(claim)
        assert (fallen.status, fallen.release_reason) == ("released", "project_over")


@pytest.mark.parametrize(
    ("stage", "becomes"),
    [("submitted", ("lapsed", None)), ("accepted", ("released", "not_started"))],
)
def test_on_the_last_day_itself_a_claim_passes_by_its_own_term(
    yard: Yard, stage: str, becomes: tuple[str, str | None]
) -> None:
    project = old_years(yard, starts_on=date(2026, 12, 1))
    with clock.at(NEW_YEAR - timedelta(days=30)):
        claim = yard.claim(project, yard.first)
        if stage == "accepted":
            yard.step(claim, "acceptance", yard.secretary)
    with last():
        yard.turn()
        passed = yard.row(claim)
        assert (passed.status, passed.release_reason) == becomes


def test_what_was_begun_is_delivered_after_the_last_day_too(yard: Yard) -> None:
    project = old_years(yard)
    with last():
        claim = yard.begin(project, yard.first)
    with after():
        yard.turn()
        early = {"summary": "已完成", "delivered_on": str(BEGIN.date() - timedelta(days=1))}
        late = {"summary": "已完成", "delivered_on": str(NEW_YEAR.date() + timedelta(days=1))}
        for body in (early, late):
            wrong = yard.step(claim, "delivery", yard.first, 422, body)
            assert list(wrong["fields"]) == ["delivered_on"]
        body = {"summary": "已完成", "delivered_on": str(BEGIN.date())}
        assert yard.step(claim, "delivery", yard.first, body=body)["status"] == "delivered"
        body["delivered_on"] = str(NEW_YEAR.date())
        yard.step(claim, "return", yard.secretary, body={"reason": "请写明日期"})
        assert yard.step(claim, "delivery", yard.first, body=body)["delivered_on"] == "2027-01-01"


def test_the_own_view_is_said_on_the_last_day_for_it(yard: Yard) -> None:
    project = old_years(yard, places=1)
    with clock.at(NEW_YEAR - timedelta(days=1)):
        claim = yard.carry_out(project, yard.first)
    assert yard.state(project) == "done"
    due = yard.session.get_one(ServiceProject, project.id).evaluation_due_on
    assert due is not None
    end = datetime.combine(due + timedelta(days=1), datetime.min.time(), clock.SHANGHAI)
    with clock.at(end - SECOND):
        yard.turn()
        assert yard.state(project) == "done"
    with clock.at(end):
        assert yard.step(claim, "evaluation", yard.first, 409, RESULT)["code"] == (
            "evaluation_closed"
        )
        yard.turn()
        assert yard.state(project) == "evaluated"


def test_a_demand_stands_on_the_list_until_its_last_day_is_over(yard: Yard) -> None:
    demand = yard.demand(expires_on=LAST_DAY)
    with last():
        assert matching.open_demand(yard.session, yard.secretary, demand.id) is demand
        listed = demands.listable(yard.community, clock.today())
        assert yard.session.scalars(listed).all() == [demand]
        assert expiry.expire_due(yard.session) == 0
    with after():
        listed = demands.listable(yard.community, clock.today())
        assert yard.session.scalars(listed).all() == []
        with pytest.raises(Conflict, match="demand_not_open"):
            matching.open_demand(yard.session, yard.secretary, demand.id)
        assert expiry.expire_due(yard.session) == 1


def test_a_demand_is_needed_today_at_the_earliest(yard: Yard) -> None:
    body = {"community_code": yard.community.code, "title": "楼道没有灯"}
    with after():
        yard.ask("POST", "/demands", yard.first, 201, body | {"needed_by": "2027-01-01"})
        old = yard.ask("POST", "/demands", yard.first, 422, body | {"needed_by": "2026-12-31"})
    assert list(old["fields"]) == ["needed_by"]


def test_a_demand_that_waits_with_a_project_for_the_street_does_not_expire(yard: Yard) -> None:
    demand = yard.demand(expires_on=LAST_DAY)
    with clock.at(BEGIN):
        plan = yard.plan(demand_id=demand.id, funded=True)
        made = yard.ask("POST", "/projects", yard.secretary, 201, plan)
        yard.ask("POST", f"/projects/{made['id']}/opening", yard.secretary)
    with after():
        assert expiry.expire_due(yard.session) == 0
        yard.ask("POST", f"/projects/{made['id']}/approval", yard.officer)
        yard.session.refresh(demand)
        assert demand.status == "matched"


def test_the_street_is_told_what_to_do_where_the_demand_was_withdrawn(yard: Yard) -> None:
    demand = yard.demand()
    made = yard.ask("POST", "/projects", yard.secretary, 201, yard.plan(
        demand_id=demand.id, funded=True
    ))  # fmt: skip
    yard.ask("POST", f"/projects/{made['id']}/opening", yard.secretary)
    yard.ask("POST", f"/demands/{demand.id}/withdrawal", yard.secretary)
    answer = yard.ask("POST", f"/projects/{made['id']}/approval", yard.officer, 409)
    assert (answer["code"], "退回社区" in answer["message"]) == ("demand_not_open", True)
