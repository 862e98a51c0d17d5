"""Who decides about a claim, and who sees which."""

import pytest
from sqlalchemy.orm import Session

from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import Yard
from tests.factories import Make
from tests.http_client import ApiClient


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def test_nobody_decides_about_the_own_claim_and_the_street_does_for_the_secretary(
    yard: Yard,
) -> None:
    secretary = yard.registered_secretary()
    claim = yard.claim(yard.project(), secretary)
    of_somebody = yard.claim(yard.project(), yard.first)
    waiting = yard.ask("GET", "/claims?decidable=true", yard.officer)["items"]

    assert yard.step(claim, "acceptance", secretary, 403)["code"] == "not_your_decision"
    assert [one["id"] for one in waiting] == [claim["id"]]
    assert waiting[0]["member"]["id"] == secretary.member_id
    assert yard.step(claim, "acceptance", yard.officer)["status"] == "accepted"
    yard.step(of_somebody, "acceptance", yard.officer, 404)
    assert yard.news(yard.officer) == ["claims.submitted"]


def test_officers_see_units_claims_and_nobody_behind_them(yard: Yard) -> None:
    of_unit = yard.claim(yard.project(), yard.contact, unit_id=yard.unit_id, note="联系王工")
    yard.claim(yard.project(), yard.first)
    seen = yard.ask("GET", "/claims", yard.officer)["items"]

    assert [one["id"] for one in seen] == [of_unit["id"]]
    assert (seen[0]["member"], seen[0]["note"]) == (None, None)
    assert seen[0]["unit"]["name"] == "城市服务局"


def test_claims_are_listed_by_project_for_its_community(yard: Yard) -> None:
    project = yard.project()
    claims = [yard.claim(project, who) for who in (yard.first, yard.second)]
    yard.claim(yard.project(), yard.first)
    path = f"/claims?project_id={project.id}&with_total=true"
    found = yard.ask("GET", path, yard.secretary)

    assert [one["id"] for one in found["items"]] == [one["id"] for one in claims]
    assert found["total"] == 2
    assert [one["id"] for one in yard.ask("GET", path, yard.first)["items"]] == [claims[0]["id"]]
