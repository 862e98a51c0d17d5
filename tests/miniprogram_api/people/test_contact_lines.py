"""The office number of a community stands wherever somebody is to come."""

from typing import Any

import pytest

from backend.core.actor import Actor
from backend.people.areas.models import Area
from tests.factories import Make
from tests.http_client import ApiClient

OFFICE = {"contact_phone": "0898-66221234", "contact_hours": "工作日 8:30—17:30"}


@pytest.fixture
def community(make: Make) -> Area:
    return make.community()


def put(client: ApiClient, area: Area, actor: Actor, expect: int, **given: Any) -> Any:
    path = f"/areas/{area.code}/contact"
    return client.request("PUT", path, as_=actor, json=OFFICE | given, expect=expect)


def test_it_stands_on_activities_projects_and_the_community(
    client: ApiClient, make: Make, community: Area
) -> None:
    put(client, community, make.community_secretary(community), 200)
    reader = make.actor(make.member())
    activity, project = make.activity(community), make.project(community)
    for path in (f"/activities/{activity.id}", f"/projects/{project.id}"):
        shown = client.request("GET", path, as_=reader, expect=200)["community"]
        assert OFFICE.items() <= shown.items()
    area = client.request("GET", f"/areas/{community.code}", as_=reader, expect=200)
    assert OFFICE.items() <= area.items()


@pytest.mark.parametrize(
    "number",
    ["0898-66221234", "089866221234", "66221234", "0898-66221234-801", "12345", "400-800-1234"],
)
def test_office_numbers_are_taken(
    client: ApiClient, make: Make, community: Area, number: str
) -> None:
    put(client, community, make.community_secretary(community), 200, contact_phone=number)


@pytest.mark.parametrize(
    "number",
    [
        "13876543210",
        "+8613876543210",
        "138 7654 3210",
        "0898",
        "请打电话",
        "",
        "46010619900101123X",
    ],
)
def test_a_persons_own_number_is_refused(
    client: ApiClient, make: Make, community: Area, number: str
) -> None:
    secretary = make.community_secretary(community)
    answer = put(client, community, secretary, 422, contact_phone=number)
    assert "固定电话" in str(answer["fields"]["contact_phone"])


def test_only_the_communitys_secretary_writes_it_and_may_take_it_away(
    client: ApiClient, make: Make, community: Area
) -> None:
    put(client, community, make.community_secretary(make.community()), 403)
    put(client, community, make.actor(make.member()), 403)
    secretary = make.community_secretary(community)
    put(client, community, secretary, 200)
    gone = put(client, community, secretary, 200, contact_phone=None)
    assert (gone["contact_phone"], gone["contact_hours"]) == (None, None)


def test_hours_that_are_left_out_stay(client: ApiClient, make: Make, community: Area) -> None:
    secretary = make.community_secretary(community)
    put(client, community, secretary, 200)
    path, number = f"/areas/{community.code}/contact", {"contact_phone": "12345"}
    kept = client.request("PUT", path, as_=secretary, json=number, expect=200)
    assert kept["contact_hours"] == OFFICE["contact_hours"]

    gone = put(client, community, secretary, 200, contact_hours=None)
    assert gone["contact_hours"] is None


def test_hours_that_cannot_be_are_refused_and_others_written_in_one_way(
    client: ApiClient, make: Make, community: Area
) -> None:
    secretary = make.community_secretary(community)
    refused = put(client, community, secretary, 422, contact_hours="工作日 17:30—8:30")
    assert "接听时间" in str(refused["fields"]["contact_hours"])
    kept = put(client, community, secretary, 200, contact_hours="工作日8：30-17：30")
    assert kept["contact_hours"] == OFFICE["contact_hours"]
