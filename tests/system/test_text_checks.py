"""What people write goes through WeChat's check: real worker, real stand-in, every fault."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.system.city import City, Person, eventually

CHECK = "wxa/msg_sec_check"


@pytest.fixture(autouse=True)
def _healthy_again(city: City) -> Iterator[None]:
    yield
    city.control("clear-faults")


def convene(branch: Person, title: str) -> Any:
    begins = datetime.now(UTC) + timedelta(hours=3)
    body = {
        "organization_id": branch.get("/me")["branch"]["id"],
        "kind": "theme_day",
        "title": title,
        "mode": "in_person",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
    }
    return branch.post("/meetings", body, expect=201)


def status(city: City, meeting: Any) -> str:
    query = f"SELECT status FROM text_check WHERE subject = 'meeting:{meeting['id']}'"
    rows = city.rows(query)
    assert len(rows) == 1
    return str(rows[0][0])


@pytest.mark.parametrize("word", ["违禁", "待审"])
def test_a_doubtful_text_waits_for_a_person_and_is_hidden_until_then(city: City, word: str) -> None:
    branch, member = city.sign_in("demo-branch-secretary"), city.sign_in("demo-member")
    keeper = city.sign_in("demo-community-secretary")
    meeting = convene(branch, f"{word}的学习")
    eventually(lambda: status(city, meeting) == "held")

    assert word not in member.get(f"/meetings/{meeting['id']}")["title"]
    assert branch.get(f"/meetings/{meeting['id']}")["title"] == f"{word}的学习"
    queue = keeper.get("/text-checks?limit=100")["items"]
    mine = next(one for one in queue if one["subject"] == f"meeting:{meeting['id']}")
    assert word in mine["content"]
    keeper.post(f"/text-checks/{mine['id']}/release")
    assert member.get(f"/meetings/{meeting['id']}")["title"] == f"{word}的学习"


FAULTS = [
    {"kind": "err", "errcode": -1},
    {"kind": "err", "errcode": 40001},
    {"kind": "err", "errcode": 42001},
    {"kind": "err", "errcode": 44991},
    {"kind": "err", "errcode": 45009},
    {"kind": "err", "errcode": 61010},
    {"kind": "err", "errcode": 47001},
    {"kind": "http", "status": 502},
    {"kind": "badjson"},
    {"kind": "hang", "seconds": 6},
    {"kind": "slow", "seconds": 2},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
def test_a_check_that_fails_is_made_again_and_nothing_is_refused_or_hidden_meanwhile(
    city: City, fault: dict[str, Any]
) -> None:
    branch, member = city.sign_in("demo-branch-secretary"), city.sign_in("demo-member")
    city.control("fault", path=CHECK, times=1, **fault)

    meeting = convene(branch, "学习交流")

    assert member.get(f"/meetings/{meeting['id']}")["title"] == "学习交流"
    eventually(lambda: status(city, meeting) == "passed", seconds=40)


def test_what_people_wrote_stands_in_no_log(city: City) -> None:
    meeting = convene(city.sign_in("demo-branch-secretary"), "只给本支部看的题目")
    eventually(lambda: status(city, meeting) == "passed")

    assert "只给本支部看的题目" not in city.logs()
