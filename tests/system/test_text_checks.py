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


def publish(secretary: Person, title: str) -> Any:
    begins = datetime.now(UTC) + timedelta(days=3)
    shift = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    body = {
        "community_code": secretary.get("/me")["appointments"][0]["area_code"],
        "title": title,
        "category": "environment",
        "content": "清理楼道杂物",
        "place": "3号院",
        "shifts": [shift | {"places": 5}],
    }
    made = secretary.post("/activities", body, expect=201)
    return secretary.post(f"/activities/{made['id']}/publication")


def status(city: City, activity: Any) -> str:
    query = f"SELECT status FROM text_check WHERE subject = 'activity:{activity['id']}'"
    rows = city.rows(query)
    assert len(rows) == 1
    return str(rows[0][0])


@pytest.mark.parametrize("word", ["违禁", "待审"])
def test_a_doubtful_text_waits_for_a_person_and_is_hidden_until_then(city: City, word: str) -> None:
    author, member = city.sign_in("demo-community-secretary"), city.sign_in("demo-member")
    keeper = city.sign_in("demo-street-officer")
    activity = publish(author, f"{word}的学习")
    eventually(lambda: status(city, activity) == "held")

    assert word not in member.get(f"/activities/{activity['id']}")["title"]
    assert author.get(f"/activities/{activity['id']}")["title"] == f"{word}的学习"
    queue = keeper.get("/text-checks?limit=100")["items"]
    mine = next(one for one in queue if one["subject"] == f"activity:{activity['id']}")
    assert word in mine["content"]
    keeper.post(f"/text-checks/{mine['id']}/release")
    assert member.get(f"/activities/{activity['id']}")["title"] == f"{word}的学习"


def test_what_a_branch_writes_for_its_own_people_is_never_sent(city: City) -> None:
    branch, begins = city.sign_in("demo-branch-secretary"), datetime.now(UTC) + timedelta(hours=3)
    body = {
        "organization_id": branch.get("/me")["branch"]["id"],
        "kind": "theme_day",
        "title": "违禁的学习",
        "mode": "in_person",
        "place": "社区党群服务中心二楼",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
    }
    meeting = branch.post("/meetings", body, expect=201)

    member = city.sign_in("demo-member")
    assert member.get(f"/meetings/{meeting['id']}")["title"] == "违禁的学习"
    kept = f"SELECT count(*) FROM text_check WHERE subject = 'meeting:{meeting['id']}'"
    assert city.rows(kept)[0][0] == 0


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
    author, member = city.sign_in("demo-community-secretary"), city.sign_in("demo-member")
    city.control("fault", path=CHECK, times=1, **fault)

    activity = publish(author, "清理楼道")

    assert member.get(f"/activities/{activity['id']}")["title"] == "清理楼道"
    eventually(lambda: status(city, activity) == "passed", seconds=40)


def test_what_people_wrote_stands_in_no_log(city: City) -> None:
    activity = publish(city.sign_in("demo-community-secretary"), "不写进日志的题目")
    eventually(lambda: status(city, activity) == "passed")

    assert "不写进日志的题目" not in city.logs()
