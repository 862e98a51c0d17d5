"""Lists of projects over HTTP: in the order in which they begin, page by page, and what is left
out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.community.demands.models import DemandKind
from backend.community.projects.models import ClaimantKind, ServiceProject
from backend.core import clock
from backend.ledger.rulepack import RulePack
from tests.backend.community.projects.scene import Yard
from tests.factories import Make
from tests.http_client import ApiClient

# Days from today on which projects begin, in the order in which they are drawn up.
BEGINNINGS = (40, 1, 20, 20, 3, -5, 20)


@pytest.fixture
def yard(client: ApiClient, session: Session, rules: RulePack, make: Make) -> Yard:
    return Yard(client, session, rules, make)


def beginning(yard: Yard, days: int, **given: Any) -> ServiceProject:
    starts = clock.today() + timedelta(days=days)
    return yard.project(**{"starts_on": starts, "ends_on": starts + timedelta(days=30)} | given)


def pages(yard: Yard, path: str) -> list[list[int]]:
    """The ids on each page, to the last."""
    found, cursor = [], ""
    while True:
        answer = yard.ask("GET", f"{path}{cursor}", yard.first)
        found.append([one["id"] for one in answer["items"]])
        if answer["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer['next_cursor']}"


def listed(yard: Yard, query: str) -> set[int]:
    return {id_ for page in pages(yard, f"/projects?limit=100&{query}") for id_ in page}


def test_what_is_to_come_stands_in_the_order_in_which_it_begins(yard: Yard) -> None:
    rows = [beginning(yard, days) for days in BEGINNINGS]
    found = pages(yard, f"/projects?limit=2&from={clock.today()}")

    in_order = sorted(rows, key=lambda row: (row.starts_on, row.id))
    assert [len(page) for page in found] == [2, 2, 2, 1]
    assert [id_ for page in found for id_ in page] == [row.id for row in in_order]


def test_without_a_day_to_begin_with_the_last_to_begin_comes_first(yard: Yard) -> None:
    rows = [beginning(yard, days) for days in BEGINNINGS]
    found = pages(yard, "/projects?limit=3&status=open")

    in_order = sorted(rows, key=lambda row: (row.starts_on, row.id), reverse=True)
    assert [id_ for page in found for id_ in page] == [row.id for row in in_order]


def test_what_comes_to_the_list_meanwhile_moves_nothing(yard: Yard) -> None:
    rows = [beginning(yard, days) for days in (1, 2, 3, 4)]
    first = yard.ask("GET", f"/projects?limit=2&from={clock.today()}", yard.first)
    beginning(yard, 1)
    path = f"/projects?limit=2&from={clock.today()}&cursor={first['next_cursor']}"
    second = yard.ask("GET", path, yard.first)
    assert [one["id"] for one in second["items"]] == [rows[2].id, rows[3].id]


def test_a_window_holds_what_happens_on_its_days(yard: Yard) -> None:
    today = clock.today()
    row = yard.project(starts_on=today, ends_on=today + timedelta(days=5))
    for since, until, expected in (
        (5, 9, True),
        (6, 9, False),
        (-3, 0, True),
        (-3, -1, False),
        (2, 3, True),
    ):
        query = f"from={today + timedelta(days=since)}&to={today + timedelta(days=until)}"
        assert (row.id in listed(yard, query)) is expected, (since, until)


def test_a_list_is_narrowed_by_kind_claimant_district_and_words(yard: Yard) -> None:
    wish = yard.demand(kind=DemandKind.MICRO_WISH, beneficiary_code="A123")
    plain = yard.project(title="整理50%的自行车棚")
    for_wish = yard.project(demand_id=wish.id, title="送一台收音机")
    for_units = yard.project(claimants=ClaimantKind.UNITS, title="义诊")
    township = yard.make.township(yard.make.district())
    elsewhere = yard.make.project(yard.make.community(township), title="整理书架")
    district = yard.session.get_one(type(yard.street), yard.community.district_id)

    assert listed(yard, "kind=micro_wish") == {for_wish.id}
    assert for_units.id not in listed(yard, "claimable_by=members")
    assert listed(yard, "claimable_by=units") >= {plain.id, for_units.id}
    assert listed(yard, f"district_code={district.code}") == {plain.id, for_wish.id, for_units.id}
    assert listed(yard, "district_code=000000") == set()
    assert listed(yard, "q=整理") == {plain.id, elsewhere.id}
    assert listed(yard, "q=0%25") == {plain.id}
    assert listed(yard, "q=_") == set()


@pytest.mark.parametrize(
    "cursor",
    ["MTU", "MjAyNi0xMS0wMg", "MjAyNi0xMy0wMnwx", "fDE", "MjAyNi0xMS0wMnwtMQ", "%E5%A5%BD", "a|b"],
)
def test_a_cursor_that_no_page_gave_is_refused(yard: Yard, cursor: str) -> None:
    path = f"/projects?from={clock.today()}&cursor={cursor}"
    assert yard.ask("GET", path, yard.first, 422)["fields"] == {
        "cursor": ["分页标记无效，请从第一页重新加载。"]
    }
