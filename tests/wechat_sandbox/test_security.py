"""Content checks of texts and pictures, and the push with the verdict."""

import pytest

from tests.wechat_sandbox.program import APPID, JSON, Sandbox
from tests.wechat_sandbox.receiver import Receiver

TEXT, MEDIA = "/wxa/msg_sec_check", "/wxa/media_check_async"
MEMBER = "sandbox-openid-demo-member"


def text(**changes: object) -> JSON:
    return {"content": "志愿服务", "version": 2, "scene": 2, "openid": MEMBER, **changes}


def media(name: str, **changes: object) -> JSON:
    asked = {"media_url": f"https://files.invalid/{name}.jpg", "media_type": 2}
    return {**asked, "version": 2, "scene": 2, "openid": MEMBER, **changes}


@pytest.mark.parametrize(
    ("change", "suggest", "label"),
    [
        ({}, "pass", 100),
        ({"content": "有违禁内容"}, "risky", 20001),
        ({"title": "有违禁内容"}, "risky", 20001),
        ({"content": "有待审内容"}, "review", 20001),
    ],
)
def test_a_risky_text_is_no_error(sandbox: Sandbox, change: JSON, suggest: str, label: int) -> None:
    sandbox.login("demo-member")
    answer = sandbox.post(TEXT, **text(**change))
    assert answer["errcode"] == 0
    assert answer["result"] == {"suggest": suggest, "label": label}
    assert answer["detail"][0]["errcode"] == 0
    assert answer["trace_id"]


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"version": 1}, 40129),
        ({"scene": 5}, 40129),
        ({"openid": "nobody"}, 40003),
    ],
)
@pytest.mark.parametrize("path", [TEXT, MEDIA])
def test_a_wrong_check_is_refused(sandbox: Sandbox, path: str, change: JSON, errcode: int) -> None:
    sandbox.login("demo-member")
    asked = text(**change) if path == TEXT else media("a", **change)
    assert sandbox.post(path, **asked)["errcode"] == errcode


@pytest.mark.parametrize("content", ["", "长" * 2501, 7, None])
def test_a_text_has_1_to_2500_characters(sandbox: Sandbox, content: object) -> None:
    sandbox.login("demo-member")
    assert sandbox.post(TEXT, **text(content=content))["errcode"] == 47001


@pytest.mark.parametrize("change", [{"media_url": "file:///a"}, {"media_type": 3}])
def test_a_picture_must_be_one_that_wechat_can_fetch(sandbox: Sandbox, change: JSON) -> None:
    sandbox.login("demo-member")
    assert sandbox.post(MEDIA, **media("a", **change))["errcode"] == 40097


@pytest.mark.parametrize("path", [TEXT, MEDIA])
def test_who_has_not_visited_for_two_hours_is_61010(sandbox: Sandbox, path: str) -> None:
    asked = text() if path == TEXT else media("a")
    assert sandbox.post(path, **asked)["errcode"] == 61010
    sandbox.login("demo-member")
    assert sandbox.post(path, **asked)["errcode"] == 0
    sandbox.ctl("skew", seconds=7201)
    sandbox.access_token = ""
    assert sandbox.post(path, **asked)["errcode"] == 61010


@pytest.mark.parametrize(
    ("name", "suggest", "label"),
    [("fine", "pass", 100), ("risky", "risky", 20002), ("review", "review", 20002)],
)
def test_the_verdict_on_a_picture_is_pushed(
    sandbox: Sandbox, receiver: Receiver, name: str, suggest: str, label: int
) -> None:
    sandbox.login("demo-member")
    trace = sandbox.post(MEDIA, **media(name))["trace_id"]
    (event,) = receiver.wait_for(1)
    assert (event["MsgType"], event["Event"]) == ("event", "wxa_media_check")
    assert (event["appid"], event["trace_id"], event["version"]) == (APPID, trace, 2)
    assert event["FromUserName"] == MEMBER
    assert event["result"] == {"suggest": suggest, "label": label}
    assert event["detail"][0]["suggest"] == suggest


def test_a_picture_that_cannot_be_fetched_has_no_result(
    sandbox: Sandbox, receiver: Receiver
) -> None:
    sandbox.login("demo-member")
    sandbox.post(MEDIA, **media("unreachable"))
    (event,) = receiver.wait_for(1)
    assert (event["errcode"], event["detail"]) == (-1008, [])
    assert "result" not in event


def test_a_verdict_may_come_without_result(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.login("demo-member")
    sandbox.ctl("set", next_pushes=[{"without_result": True}])
    sandbox.post(MEDIA, **media("fine"))
    (event,) = receiver.wait_for(1)
    assert (event["errcode"], event["detail"]) == (43104, [])
    assert "result" not in event


def test_verdicts_may_come_out_of_order(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.login("demo-member")
    sandbox.ctl("set", next_pushes=[{"delay": 0.4}, {"delay": 0}])
    traces = [sandbox.post(MEDIA, **media(name))["trace_id"] for name in ("a", "b")]
    arrived = [event["trace_id"] for event in receiver.wait_for(2)]
    assert arrived == traces[::-1]


def test_without_a_push_url_a_check_is_still_taken(sandbox: Sandbox) -> None:
    sandbox.login("demo-member")
    assert sandbox.post(MEDIA, **media("fine"))["errcode"] == 0
    assert sandbox.state()["pushes"] == []
