"""The control plane refuses what makes no sense, and never breaks."""

import pytest

from tests.wechat_sandbox.program import JSON, Sandbox

WRONG: list[tuple[str, JSON]] = [
    ("reset", {"all": True}),
    ("code", {}),
    ("code", {"openid": 7}),
    ("code", {"openid": "o", "user": []}),
    ("code", {"openid": "o", "user": {"blocked": "yes"}}),
    ("phone", {"openid": "o"}),
    ("grant", {"openid": "o"}),
    ("grant", {"openid": "o", "template_id": "t", "n": "x"}),
    ("grant", {"openid": "o", "template_id": "t", "n": 1.5}),
    ("grant", {"openid": "o", "template_id": "t", "n": True}),
    ("skew", {}),
    ("skew", {"seconds": "x"}),
    ("skew", {"seconds": 1e300}),
    ("fault", {}),
    ("fault", {"kind": "fire"}),
    ("fault", {"kind": "err"}),
    ("fault", {"kind": "err", "errcode": "x"}),
    ("fault", {"kind": "slow", "seconds": 61}),
    ("fault", {"kind": "hang", "seconds": -1}),
    ("fault", {"kind": "slow", "times": 0}),
    ("fault", {"kind": "http", "status": 200}),
    ("fault", {"kind": "slow", "path": 5}),
    ("fault", {"kind": "slow", "second": 1}),
    ("set", {"secret": "x"}),
    ("set", {"pages": "pages/index"}),
    ("set", {"pages": [1]}),
    ("set", {"quotas": {"/a": "x"}}),
    ("set", {"templates": {"T": ["thing"]}}),
    ("set", {"templates": {"T": ["what1"]}}),
    ("set", {"next_pushes": [{"delay": 1000}]}),
    ("set", {"next_pushes": [1]}),
    ("push-url", {}),
    ("push-url", {"url": "http://example.com/"}),
    ("push", {"event": "e", "openid": "o"}),
    ("verify-push-url", {}),
    ("popup", {"openid": "o"}),
    ("popup", {"openid": "o", "template_id": "t", "accept": 1}),
    ("user-message", {"openid": "o"}),
    ("nonsense", {}),
]


@pytest.mark.parametrize(("what", "body"), WRONG)
def test_wrong_control_input_is_refused(sandbox: Sandbox, what: str, body: JSON) -> None:
    before = sandbox.state()
    response = sandbox.raw("POST", f"/_ctl/{what}", json=body)
    assert response.status_code == 400
    assert response.json()["error"]
    after = sandbox.state()
    for part in ("subs", "faults", "sent", "pushes"):
        assert after[part] == before[part]


NO_OBJECTS = [b"[1]", b"7", b"{", b"\xff", b'"text"', b"[" * 5000]


@pytest.mark.parametrize("what", ["reset", "code", "set", "fault", "push", "push-url"])
def test_control_needs_a_json_object(sandbox: Sandbox, what: str) -> None:
    for body in NO_OBJECTS:
        response = sandbox.raw("POST", f"/_ctl/{what}", data=body)
        assert (body[:9], response.status_code) == (body[:9], 400)
        assert response.json()["error"]


@pytest.mark.parametrize(
    "flag", [{"as_xml": 1}, {"duplicate": "x"}, {"values": []}, {"copies": 2}, {"delay": 1}]
)
def test_a_push_with_a_wrong_flag_is_refused(sandbox: Sandbox, flag: JSON) -> None:
    sandbox.ctl("push-url", url="http://127.0.0.1:9/")
    body = {"event": "e", "openid": "o", **flag}
    assert sandbox.raw("POST", "/_ctl/push", json=body).status_code == 400


def test_a_push_that_cannot_be_xml_is_refused(sandbox: Sandbox) -> None:
    sandbox.ctl("push-url", url="http://127.0.0.1:9/")
    body = {"event": "e", "openid": "o", "values": {"no element": 1}, "as_xml": True}
    assert sandbox.raw("POST", "/_ctl/push", json=body).status_code == 400


def test_half_a_character_is_refused(sandbox: Sandbox) -> None:
    response = sandbox.raw("POST", "/_ctl/code", data=b'{"openid": "\\ud800"}')
    assert response.status_code == 400


def test_a_wrong_method_is_refused(sandbox: Sandbox) -> None:
    assert sandbox.raw("GET", "/_ctl/reset").status_code == 400
    assert sandbox.raw("GET", "/_ctl/no/such").status_code == 400


def test_wechat_answers_200_to_a_wrong_call_too(sandbox: Sandbox) -> None:
    assert sandbox.get("/wxa/no-such-api")["errcode"] == 40066
    assert sandbox.get("/wxa/generate_urllink")["errcode"] == 43002
    assert sandbox.post("/wxa/checksession")["errcode"] == 43001


@pytest.mark.parametrize(
    "path",
    [
        "/cgi-bin/stable_token",
        "/wxa/business/getuserphonenumber",
        "/cgi-bin/message/subscribe/send",
        "/wxa/getwxacodeunlimit",
        "/wxa/msg_sec_check",
    ],
)
def test_a_body_that_is_no_json_object_is_47001(sandbox: Sandbox, path: str) -> None:
    params = {"access_token": sandbox.stable_token()["access_token"]}
    for body in (b"", *NO_OBJECTS):
        answer = sandbox.json("POST", path, params=params, data=body)
        assert (body[:9], answer["errcode"]) == (body[:9], 47001)


def test_a_reset_forgets_everything_but_the_demo(sandbox: Sandbox) -> None:
    code = sandbox.ctl("code", openid="o-1")["code"]
    sandbox.ctl("grant", openid="o-1", template_id="t")
    sandbox.ctl("fault", kind="err", errcode=-1, times=-1)
    sandbox.ctl("skew", seconds=86400)
    sandbox.ctl("reset")
    state = sandbox.state()
    assert (state["calls"], state["faults"], state["sent"], state["log"]) == ({}, [], [], [])
    assert "o-1" not in state["subs"]
    assert sandbox.login(code)["errcode"] == 40029
    assert sandbox.login("demo-member")["openid"] == "sandbox-openid-demo-member"


def test_the_log_keeps_method_path_and_time(sandbox: Sandbox) -> None:
    sandbox.login("demo-member")
    (entry,) = sandbox.state()["log"]
    assert isinstance(entry.pop("at"), float)
    assert entry == {"method": "GET", "path": "sns/jscode2session"}
