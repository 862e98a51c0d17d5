"""Access tokens: their two kinds, their ends, what is said to a wrong one."""

import pytest

from tests.wechat_sandbox.program import Sandbox, credentials


def test_every_plain_token_replaces_the_one_before_after_five_minutes(sandbox: Sandbox) -> None:
    first, second = sandbox.plain_token(), sandbox.plain_token()
    assert first != second
    assert (sandbox.errcode_with(first), sandbox.errcode_with(second)) == (0, 0)
    sandbox.ctl("skew", seconds=301)
    assert (sandbox.errcode_with(first), sandbox.errcode_with(second)) == (40001, 0)


def test_the_stable_token_stays_until_its_last_five_minutes(sandbox: Sandbox) -> None:
    first = sandbox.stable_token()
    sandbox.ctl("skew", seconds=6890)
    same = sandbox.stable_token()
    assert same["access_token"] == first["access_token"]
    assert 300 <= same["expires_in"] <= 310
    sandbox.ctl("skew", seconds=20)
    renewed = sandbox.stable_token()
    assert renewed["access_token"] != first["access_token"]
    assert renewed["expires_in"] == 7200
    assert sandbox.errcode_with(first["access_token"]) == 0


def test_the_two_kinds_do_not_touch_each_other(sandbox: Sandbox) -> None:
    stable = sandbox.stable_token()["access_token"]
    for _ in range(3):
        sandbox.plain_token()
    sandbox.ctl("skew", seconds=400)
    assert sandbox.errcode_with(stable) == 0
    assert sandbox.stable_token()["access_token"] == stable


def test_a_forced_refresh_works_once_in_thirty_seconds(sandbox: Sandbox) -> None:
    first = sandbox.stable_token()["access_token"]
    second = sandbox.stable_token(force=True)["access_token"]
    assert second != first
    assert sandbox.stable_token(force=True)["access_token"] == second
    sandbox.ctl("skew", seconds=31)
    third = sandbox.stable_token(force=True)["access_token"]
    assert third != second
    assert [sandbox.errcode_with(token) for token in (first, second, third)] == [40001, 0, 0]


def test_the_twenty_first_forced_refresh_of_a_day_is_refused(sandbox: Sandbox) -> None:
    for _ in range(20):
        assert "access_token" in sandbox.stable_token(force=True)
        sandbox.ctl("skew", seconds=31)
    assert sandbox.stable_token(force=True)["errcode"] == 45009
    sandbox.ctl("skew", seconds=86400)
    assert "access_token" in sandbox.stable_token(force=True)


def test_an_expired_token_is_42001(sandbox: Sandbox) -> None:
    token = sandbox.stable_token()["access_token"]
    sandbox.ctl("skew", seconds=7201)
    assert sandbox.errcode_with(token) == 42001


def test_a_revoked_token_is_40001_and_the_next_one_works(sandbox: Sandbox) -> None:
    replaced, plain = sandbox.plain_token(), sandbox.plain_token()
    tokens = replaced, plain, sandbox.stable_token()["access_token"]
    assert [sandbox.errcode_with(token) for token in tokens] == [0, 0, 0]
    sandbox.ctl("revoke")
    assert [sandbox.errcode_with(token) for token in tokens] == [40001, 40001, 40001]
    assert sandbox.errcode_with(sandbox.stable_token()["access_token"]) == 0


@pytest.mark.parametrize(
    ("token", "errcode"), [("", 41001), ("no token", 40014), ("x" * 64, 40001)]
)
def test_a_token_never_given_out_is_refused(sandbox: Sandbox, token: str, errcode: int) -> None:
    assert sandbox.errcode_with(token) == errcode


@pytest.mark.parametrize(
    ("change", "plain", "stable"),
    [
        ({"grant_type": "password"}, 40002, 40002),
        ({"appid": ""}, 41002, 41002),
        ({"appid": "wx1"}, 40013, 40013),
        ({"secret": ""}, 41004, 41004),
        ({"secret": "guess"}, 40001, 40125),
    ],
)
def test_wrong_credentials_get_no_token(
    sandbox: Sandbox, change: dict[str, str], plain: int, stable: int
) -> None:
    mine = credentials(**change)
    assert sandbox.json("GET", "/cgi-bin/token", params=mine)["errcode"] == plain
    assert sandbox.json("POST", "/cgi-bin/stable_token", json=mine)["errcode"] == stable
