"""The terms of a claim over HTTP: to answer, to try again, to start (spec 5.1)."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import MONDAY, Yard
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def test_the_community_answers_within_three_working_days_or_the_place_is_kept(
    yard: Yard,
) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=1)
        claim = yard.claim(project, yard.first)
        waiting = yard.claim(project, yard.second, wait=True)
    assert claim["answer_due_on"] == "2026-11-05"
    with yard.day(date(2026, 11, 5), 23):
        yard.turn()
        assert yard.row(claim).status == "submitted"
    with yard.day(date(2026, 11, 6)):
        yard.turn()
        kept = yard.row(claim)
        assert (kept.status, kept.retry_until) == ("lapsed", date(2026, 11, 11))
        assert yard.row(waiting).status == "waiting"
        assert yard.claim(project, yard.third, 409)["code"] == "project_full"
        again = yard.claim(project, yard.first)
    assert again["id"] == claim["id"]
    assert (again["status"], again["answer_due_on"]) == ("submitted", "2026-11-11")
    assert yard.news(yard.first) == ["claims.lapsed"]
    assert yard.news(yard.secretary) == [
        "claims.submitted",
        "claims.lapsed",
        "claims.submitted",
    ]


def test_an_answer_after_the_term_comes_too_late(yard: Yard) -> None:
    """Nobody waited for the job: the step itself finds that the term has passed."""
    with yard.day(MONDAY):
        claim = yard.claim(yard.project(), yard.first)
    with yard.day(date(2026, 11, 6)):
        answer = yard.step(claim, "acceptance", yard.secretary, 409)
    assert answer["code"] == "claim_state_forbids"


def test_a_place_that_was_kept_in_vain_goes_to_who_waits(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=1)
        claim = yard.claim(project, yard.first)
        waiting = yard.claim(project, yard.second, wait=True)
    for day in (date(2026, 11, 6), date(2026, 11, 11)):
        with yard.day(day):
            yard.turn()
            assert yard.row(claim).status == "lapsed"
    with yard.day(date(2026, 11, 12)):
        yard.turn()
        released = yard.row(claim)
        assert (released.status, released.release_reason) == ("released", "not_retried")
        assert yard.row(waiting).status == "submitted"
        assert yard.claim(project, yard.first, wait=True)["status"] == "waiting"


def test_fourteen_days_without_a_start_release_the_place(yard: Yard) -> None:
    with yard.day(MONDAY):
        project = yard.project(places=1, starts_on=date(2026, 11, 9))
        claim = yard.claim(project, yard.first)
        accepted = yard.step(claim, "acceptance", yard.secretary)
    assert accepted["start_due_on"] == "2026-11-23"
    with yard.day(date(2026, 11, 23)):
        yard.turn()
        assert yard.row(claim).status == "accepted"
    with yard.day(date(2026, 11, 24)):
        assert yard.step(claim, "start", yard.first, 409)["code"] == "claim_state_forbids"
        yard.turn()
        released = yard.row(claim)
        assert (released.status, released.release_reason) == ("released", "not_started")
        assert yard.state(project) == "open"
        assert yard.claim(project, yard.first)["status"] == "submitted"
    assert yard.news(yard.first) == ["claims.accepted", "claims.released"]


def test_an_answer_after_the_beginning_leaves_a_whole_term_to_start(yard: Yard) -> None:
    with yard.day(MONDAY):
        claim = yard.claim(yard.project(starts_on=date(2026, 10, 1)), yard.first)
        accepted = yard.step(claim, "acceptance", yard.secretary)
    assert accepted["start_due_on"] == "2026-11-16"
