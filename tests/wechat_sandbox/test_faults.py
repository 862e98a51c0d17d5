"""Every kind of fault, and that one caller's trouble is not another's."""

import threading
import time

import pytest

from tests.wechat_sandbox.program import Sandbox, login_params

LINK = "/wxa/generate_urllink"


def test_a_slow_call_is_answered_late(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path="/sns/jscode2session", kind="slow", seconds=0.3)
    started = time.monotonic()
    assert sandbox.login("demo-member")["openid"]
    assert time.monotonic() - started >= 0.3


def test_a_hang_ends_without_answer_and_holds_up_nobody(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path="/sns/jscode2session", kind="hang", seconds=1)
    bodies: list[bytes] = []

    def hang() -> None:
        params = login_params(js_code="demo-member")
        bodies.append(sandbox.raw("GET", "/sns/jscode2session", params=params).content)

    hanging = threading.Thread(target=hang)
    started = time.monotonic()
    hanging.start()
    while sandbox.state()["calls"].get("sns/jscode2session") != 1:
        time.sleep(0.01)
    assert sandbox.login("demo-member-2")["openid"]
    assert bodies == []
    hanging.join(timeout=5)
    assert bodies == [b""]
    assert time.monotonic() - started >= 1


def test_a_gateway_may_answer_instead(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path=LINK, kind="http", status=502)
    response = sandbox.raw("POST", LINK, json={})
    assert response.status_code == 502
    assert response.headers["Content-Type"].startswith("text/html")


def test_json_may_break_off(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path=LINK, kind="badjson")
    response = sandbox.raw("POST", LINK, json={})
    assert response.status_code == 200
    with pytest.raises(ValueError, match="Unterminated"):
        response.json()


CODES = [-1, 40001, 42001, 40029, 40163, 45009, 45011, 43101, 47003, 61010]


@pytest.mark.parametrize("errcode", CODES)
def test_an_error_strikes_once_with_wechats_words(sandbox: Sandbox, errcode: int) -> None:
    sandbox.ctl("fault", path=LINK, kind="err", errcode=errcode)
    answer = sandbox.post(LINK)
    assert answer["errcode"] == errcode
    assert not answer["errmsg"].startswith(" ")
    assert sandbox.post(LINK)["errcode"] == 0


def test_an_error_may_have_words_of_its_own(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path=LINK, kind="err", errcode=45009, errmsg="enough")
    assert sandbox.post(LINK)["errmsg"].startswith("enough rid: ")


def test_a_token_may_be_refused_for_ever(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path=LINK, kind="err", errcode=40001, times=-1)
    for _ in range(3):
        assert sandbox.post(LINK)["errcode"] == 40001
        sandbox.access_token = sandbox.plain_token()
    sandbox.ctl("clear-faults")
    assert sandbox.post(LINK)["errcode"] == 0


def test_a_fault_strikes_so_many_times_and_its_own_path(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path=LINK, kind="err", errcode=-1, times=2)
    assert sandbox.login("demo-member")["openid"]
    assert [sandbox.post(LINK)["errcode"] for _ in range(3)] == [-1, -1, 0]


def test_a_fault_without_path_strikes_every_call(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", kind="err", errcode=-1, times=2)
    assert sandbox.stable_token()["errcode"] == -1
    assert sandbox.login("demo-member")["errcode"] == -1


def test_faults_strike_one_after_the_other(sandbox: Sandbox) -> None:
    sandbox.ctl("fault", path=LINK, kind="err", errcode=-1)
    sandbox.ctl("fault", path=LINK, kind="err", errcode=45011)
    assert [sandbox.post(LINK)["errcode"] for _ in range(3)] == [-1, 45011, 0]
