"""Lists of activities over HTTP: by when they happen, page by page, and narrowed."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from backend.core import clock
from backend.core.actor import Actor
from tests.factories import Make
from tests.http_client import ApiClient

# Hours from now at which they begin, in the order in which they are drawn up.
BEGINNINGS = (400, 24, 100, 100, 30, -48, 100)
HOUR = timedelta(hours=1)


class Town:
    def __init__(self, client: ApiClient, make: Make) -> None:
        self.client, self.make = client, make
        self.community = make.community()
        self.reader = make.actor(make.member(community_id=self.community.id))

    def activity(self, hours: float, **given: Any) -> int:
        return self.make.activity(self.community, (clock.now() + hours * HOUR, 2), **given).id

    def pages(self, path: str, who: Actor | None = None) -> list[list[int]]:
        found, cursor = [], ""
        while True:
            answer = self.client.request(
                "GET", f"{path}{cursor}", as_=who or self.reader, expect=200
            )
            found.append([one["id"] for one in answer["items"]])
            if answer["next_cursor"] is None:
                return found
            cursor = f"&cursor={answer['next_cursor']}"

    def listed(self, query: str) -> list[int]:
        return [id_ for page in self.pages(f"/activities?limit=100&{query}") for id_ in page]


@pytest.fixture
def town(client: ApiClient, make: Make) -> Town:
    return Town(client, make)


def moment(hours: float) -> str:
    found: datetime = clock.now() + hours * HOUR
    return quote(found.isoformat())


def test_what_is_to_come_stands_in_the_order_in_which_it_begins(town: Town) -> None:
    ids = {town.activity(hours): hours for hours in BEGINNINGS}

    found = town.pages(f"/activities?limit=2&from={moment(0)}")

    coming = sorted((hours, id_) for id_, hours in ids.items() if hours > 0)
    assert [len(page) for page in found] == [2, 2, 2]
    assert [id_ for page in found for id_ in page] == [id_ for _, id_ in coming]


def test_without_a_beginning_the_last_to_begin_comes_first(town: Town) -> None:
    ids = {town.activity(hours): hours for hours in BEGINNINGS}

    found = town.pages("/activities?limit=3&status=published")

    coming = sorted(((hours, id_) for id_, hours in ids.items() if hours > 0), reverse=True)
    assert [id_ for page in found for id_ in page] == [id_ for _, id_ in coming]


def test_what_comes_to_the_list_meanwhile_moves_nothing(town: Town) -> None:
    ids = [town.activity(hours) for hours in (10, 20, 30, 40)]
    since = moment(0)
    first = town.client.request(
        "GET", f"/activities?limit=2&from={since}", as_=town.reader, expect=200
    )
    town.activity(5)

    path = f"/activities?limit=2&from={since}&cursor={first['next_cursor']}"
    second = town.client.request("GET", path, as_=town.reader, expect=200)

    assert [one["id"] for one in second["items"]] == ids[2:]


def test_lists_are_narrowed_by_time_kind_district_and_words(town: Town) -> None:
    near = town.activity(24, title="周末清洁家园", category="environment")
    far = town.activity(400, title="看望老人", category="care", place="清洁路1号")
    town.community = town.make.community(town.make.township(town.make.district()))
    other = town.activity(24, title="100%参与", category="care")
    district = town.community.district_id
    assert district is not None

    assert town.listed(f"from={moment(0)}&to={moment(48)}") == [near, other]
    assert town.listed(f"from={moment(0)}&category=care") == [other, far]
    assert town.listed(f"from={moment(0)}&q={quote('清洁')}") == [near, far]
    assert town.listed(f"q={quote('100%')}") == [other]
    assert town.listed(f"q={quote('%')}") == [other]
    assert town.listed(f"district_code={town.community.code[:6]}") == [other]


def test_a_wrong_district_is_named(town: Town) -> None:
    answer = town.client.request("GET", "/activities?district_code=1", as_=town.reader, expect=422)

    assert answer["fields"].keys() == {"district_code"}
