"""Every fault of the stand-in against messages and pushes: the inbox is complete, nothing goes out
twice, nothing leaks."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.system.city import SECRET, City, eventually

SEND = "cgi-bin/message/subscribe/send"
TEMPLATE = "TPL-SERVICE-RESULT"
MEMBER = "demo-member-2"
OPENID = f"sandbox-openid-{MEMBER}"


@pytest.fixture(autouse=True)
def _healthy_again(city: City) -> Iterator[None]:
    city.control("grant", openid=OPENID, template_id=TEMPLATE, n=1)
    yield
    city.control("clear-faults")
    city.control("set", next_pushes=[])


def returned_record(city: City) -> int:
    """Have a service logged and returned, of which WeChat is to tell the member; return its id."""
    secretary, member = city.sign_in("demo-community-secretary"), city.sign_in(MEMBER)
    community = secretary.get("/me")["appointments"][0]["area_code"]
    begin = datetime.now(UTC) - timedelta(days=2)
    body = {
        "community_code": community,
        "category": "care",
        "content": "看望独居老人",
        "started_at": begin.isoformat(),
        "ended_at": (begin + timedelta(hours=1)).isoformat(),
    }
    record = member.post("/service-records", body, expect=201)
    secretary.post(f"/service-records/{record['id']}/return", {"reason": "请补充地点"})
    return int(record["id"])


def message(city: City, record: int) -> tuple[str, str | None, int]:
    """Return status, problem and tries of the message about a record."""
    query = (
        "SELECT status, problem, tries FROM subscription_message "
        f"WHERE business_id LIKE 'volunteering.record_returned:{record}:%'"
    )
    rows = city.rows(query)
    assert len(rows) == 1
    status, problem, tries = rows[0]
    return status, problem, tries


def settled(city: City, record: int, wanted: str) -> bool:
    status, problem, _ = message(city, record)
    assert status in ("queued", "sending", "unknown", wanted), problem
    return status == wanted


def sent_to_member(city: City) -> int:
    found = (m for m in city.state()["sent"] if m["touser"] == OPENID)
    return sum(m["template_id"] == TEMPLATE for m in found)


def told_in_the_app(city: City, record: int) -> int:
    inbox = city.sign_in(MEMBER).get("/me/notifications?limit=100")["items"]
    about = [entry for entry in inbox if entry["subject"] == f"service_record:{record}"]
    return [entry["kind"] for entry in about].count("volunteering.record_returned")


FAULTS = [
    # What went wrong, what became of the message, how often it arrived.
    pytest.param({"kind": "err", "errcode": -1}, "unknown", 0, id="busy"),
    pytest.param({"kind": "err", "errcode": 40001}, "sent", 1, id="another token was taken"),
    pytest.param({"kind": "err", "errcode": 40001, "times": 2}, "sent", 1, id="twice refused"),
    pytest.param({"kind": "err", "errcode": 42001}, "sent", 1, id="token expired"),
    pytest.param({"kind": "err", "errcode": 40014}, "sent", 1, id="token malformed"),
    pytest.param({"kind": "err", "errcode": 45009}, "sent", 1, id="quota of the day"),
    pytest.param({"kind": "err", "errcode": 45011}, "sent", 1, id="quota of the minute"),
    pytest.param({"kind": "err", "errcode": 47003}, "refused", 0, id="field refused"),
    pytest.param({"kind": "err", "errcode": 40003}, "refused", 0, id="openid refused"),
    pytest.param({"kind": "err", "errcode": 40037}, "refused", 0, id="template refused"),
    pytest.param({"kind": "err", "errcode": 41030}, "refused", 0, id="page refused"),
    pytest.param({"kind": "err", "errcode": 61010}, "refused", 0, id="not visited"),
    pytest.param({"kind": "http", "status": 502}, "unknown", 0, id="bad gateway"),
    pytest.param({"kind": "http", "status": 404}, "unknown", 0, id="not found"),
    pytest.param({"kind": "badjson"}, "unknown", 0, id="half an answer"),
    pytest.param({"kind": "hang", "seconds": 7}, "unknown", 0, id="hangs"),
    pytest.param({"kind": "slow", "seconds": 2}, "sent", 1, id="slow"),
]


@pytest.mark.parametrize(("fault", "status", "arrived"), FAULTS)
def test_whatever_wechat_does_to_a_message_the_inbox_has_it_and_it_goes_out_once_at_most(
    city: City, fault: dict[str, Any], status: str, arrived: int
) -> None:
    before = sent_to_member(city)
    city.control("fault", **{"path": SEND, "times": 1} | fault)

    record = returned_record(city)

    assert told_in_the_app(city, record) == 1
    eventually(lambda: settled(city, record, status), seconds=40)
    assert sent_to_member(city) - before == arrived


def test_a_message_of_which_we_lost_track_is_found_again_by_the_push_about_it(city: City) -> None:
    """The answer comes after the deadline: the message had arrived, and is not sent again."""
    before = sent_to_member(city)
    city.control("fault", path=SEND, kind="slow", seconds=7, times=1)

    record = returned_record(city)

    eventually(lambda: settled(city, record, "unknown"), seconds=20)
    eventually(lambda: settled(city, record, "sent"), seconds=20)
    assert sent_to_member(city) - before == 1


def test_a_token_that_cannot_be_had_delays_a_message_and_loses_none(city: City) -> None:
    before = sent_to_member(city)
    city.control("revoke")
    city.control("fault", path="cgi-bin/stable_token", kind="http", status=502, times=4)

    record = returned_record(city)

    eventually(lambda: settled(city, record, "sent"), seconds=40)
    assert sent_to_member(city) - before == 1
    assert message(city, record)[2] >= 2


def test_who_accepts_no_more_is_not_asked_again_until_they_do(city: City) -> None:
    city.control("fault", path=SEND, kind="err", errcode=43101, times=1)
    first = returned_record(city)
    eventually(lambda: settled(city, first, "refused"))
    calls = city.state()["calls"][SEND]

    second = returned_record(city)
    eventually(lambda: settled(city, second, "refused"))
    assert city.state()["calls"][SEND] == calls
    assert told_in_the_app(city, second) == 1

    member = city.sign_in(MEMBER)
    granted = member.post(
        "/me/message-grants", {"answers": [{"template": "service_result", "answer": "accept"}]}
    )
    assert balance(granted) >= 1
    answer_question(city, {})  # WeChat's half of the same answer
    assert balance(member.get("/me/message-grants")) == balance(granted)
    third = returned_record(city)
    eventually(lambda: settled(city, third, "sent"))


def balance(page: Any) -> int:
    entry = next(item for item in page["items"] if item["template"] == "service_result")
    return int(entry["balance"])


def answer_question(city: City, delivery: dict[str, Any]) -> list[int]:
    """Accept a message at WeChat; return how the push about it was answered at each try."""
    time.sleep(1.1)  # pushes tell seconds: two answers within one would be the same push
    city.control("set", next_pushes=[delivery])
    pushes = len(city.state()["pushes"])
    city.control("popup", openid=OPENID, template_id=TEMPLATE)
    eventually(lambda: len(city.state()["pushes"]) > pushes)
    statuses: list[int] = city.state()["pushes"][-1]["statuses"]
    return statuses


@pytest.mark.parametrize(
    "delivery",
    [{}, {"as_xml": True}, {"duplicate": True}, {"duplicate": True, "as_xml": True}],
    ids=["json", "xml", "twice", "twice in xml"],
)
def test_an_answer_pushed_by_wechat_counts_once(city: City, delivery: dict[str, Any]) -> None:
    member = city.sign_in(MEMBER)
    before = balance(member.get("/me/message-grants"))

    answer_question(city, delivery)

    assert balance(member.get("/me/message-grants")) == before + 1


def test_a_push_with_a_wrong_signature_is_refused_each_time(city: City) -> None:
    member = city.sign_in(MEMBER)
    before = balance(member.get("/me/message-grants"))

    statuses = answer_question(city, {"bad_signature": True})

    assert statuses == [403, 403, 403]
    assert balance(member.get("/me/message-grants")) == before


def test_wechat_can_verify_the_address(city: City) -> None:
    assert city.control("verify-push-url")["verified"] is True


def test_whoever_leaves_at_wechat_is_signed_out_and_leaves_no_number(city: City) -> None:
    openid = "openid-of-one-who-leaves"
    leaving = city.sign_in(city.control("code", openid=openid)["code"])
    phone = city.control("phone", openid=openid, phone="10000007766")["code"]
    branch = city.sign_in("demo-branch-secretary")
    own = branch.get("/me")["branch"]["id"]
    asked = {"phone_code": phone, "name": "来客", "organization_id": own}
    leaving.post("/me/member-link", asked, expect=404)

    def waiting() -> list[str]:
        applications = branch.get("/link-applications?status=submitted")["items"]
        return [row["phone_tail"] for row in applications]

    assert "7766" in waiting()

    values = {"OpenID": openid, "RevokeInfo": "0"}
    event = "user_authorization_cancellation"
    city.control("push", event=event, openid="gh_platform", values=values)

    leaving.get("/me", expect=401)
    assert "7766" not in waiting()


def test_nothing_of_it_stands_in_any_log(city: City) -> None:
    text = city.logs()
    for forbidden in (SECRET, "push-token-that-never-shows", "pushkeythatnever", OPENID):
        assert forbidden not in text, forbidden
    for query in ("msg_signature", "echostr", "access_token"):
        assert query not in text, query
    answer = requests.get(f"{city.root}/wechat/push?signature=x&echostr=leak", timeout=5)
    assert answer.status_code == 403
    assert "leak" not in answer.text
