"""What the app asks besides the flows: rules, preferences, who answers for the service."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.ledger.rulepack import RulePack
from tests import ledger
from tests.factories import Make
from tests.http_client import ApiClient


class Asked:
    """One person at the app."""

    def __init__(self, client: ApiClient, actor: Actor | None) -> None:
        self._client, self._actor = client, actor

    def get(self, path: str, expect: int = 200) -> Any:
        return self._client.request("GET", path, as_=self._actor, expect=expect)

    def put(self, path: str, json: Any) -> Any:
        return self._client.request("PUT", path, as_=self._actor, expect=200, json=json)


# What is computed today, of all the rules there are.
ALIVE = [
    *("1a", "1c", "1d", "1f", "2a", "2e", "2h", "2i", "2j", "2k", "3a", "5a", "5b", "5c"),
    *("6a", "6b", "7a", "7b", "7c", "8a", "8b", "8c", "8d", "8e", "9c", "9d", "12a", "12c"),
    *("12d", "12f", "12g", "13a", "13b", "14a", "17b", "19a", "19b", "19c", "19e", "20a"),
]
SHOWN_ONLY = ["5d", "9e", "16c"]


@pytest.fixture
def member(client: ApiClient, make: Make) -> Asked:
    return Asked(client, make.actor(make.member()))


def test_the_rules_are_listed_with_their_arithmetic_and_source(member: Asked) -> None:
    rules = member.get("/duty-rules?limit=100")["items"]

    assert len(rules) == 93
    assert [rule["rule_id"] for rule in rules if rule["computed"]] == ALIVE
    assert [rule["rule_id"] for rule in rules if rule["shown"]] == SHOWN_ONLY
    assert all(rule["arithmetic"] and rule["source"] for rule in rules)
    (shown,) = [rule for rule in rules if rule["rule_id"] == "2k"]
    assert member.get("/duty-rules/2k") == shown
    assert member.get("/duty-rules/99", 404)["code"] == "rule_not_found"


def test_what_is_in_memory_pages_like_every_list(member: Asked) -> None:
    seen, cursor = [], ""
    for _ in range(5):
        page = member.get(f"/duty-rules?limit=20&with_total=true{cursor}")
        assert page["total"] == 93
        seen += [rule["rule_id"] for rule in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
        if page["next_cursor"] is None:
            break

    assert len({*seen}) == len(seen) == 93
    assert member.get("/duty-rules?cursor=OTk5")["items"] == []
    assert "cursor" in member.get("/duty-rules?cursor=x", 422)["fields"]


def test_large_type_follows_the_account(member: Asked) -> None:
    assert member.get("/me")["large_type"] is False

    assert member.put("/me/preferences", {"large_type": True}) == {"large_type": True}
    assert member.get("/me")["large_type"] is True


def test_an_appointment_names_its_place(client: ApiClient, make: Make) -> None:
    branch = make.branch(make.unit(make.community()))
    secretary = Asked(client, make.branch_secretary(branch))

    assert [one["place"] for one in secretary.get("/me")["appointments"]] == [branch.name]


def test_anybody_may_see_who_runs_the_service(client: ApiClient) -> None:
    assert set(Asked(client, None).get("/about")) == {"operator", "filing_number", "complaints"}


def test_officers_open_a_figure_down_to_organisations(
    client: ApiClient, session: Session, rules: RulePack, make: Make
) -> None:
    branch = make.branch(make.unit(make.community()))
    officer = Asked(client, make.officer(Role.CITY_OFFICER, make.city()))
    listed = "/statistics/duties/{}/subjects?area_code=460100&limit=100"

    ledger.bind(session, rules)

    figures = officer.get("/statistics/areas/460100")

    assert len(figures["duties"]) == 93
    assert [duty["rule_id"] for duty in figures["duties"] if duty["computed"]] == ALIVE
    assert branch.name in [one["name"] for one in officer.get(listed.format("1a"))["items"]]
    assert officer.get(listed.format("2k"), 403)["code"] == "subjects_not_listed"


def test_meetings_are_found_by_the_moments_they_begin_within(client: ApiClient, make: Make) -> None:
    branch = make.branch(make.unit(make.community()))
    secretary = Asked(client, make.branch_secretary(branch))
    meeting = make.meeting(branch)
    now = clock.now()

    def found(name: str, moment: datetime) -> list[int]:
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return [one["id"] for one in secretary.get(f"/meetings?{name}={stamp}")["items"]]

    earlier, later = (now.astimezone(UTC) + timedelta(days=days) for days in (-1, 1))
    assert found("from", earlier) == found("to", later) == [meeting.id]
    assert found("from", later) == found("to", earlier) == []
