"""WeChat slow, hanging, broken, refusing: sign-in says so in time, the rest goes on."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import requests

from tests.system.city import SECRET, City, eventually

LOGIN, PHONE, TOKEN = (
    "sns/jscode2session",
    "wxa/business/getuserphonenumber",
    "cgi-bin/stable_token",
)


@pytest.fixture(autouse=True)
def _healthy_again(city: City) -> Iterator[None]:
    yield
    city.control("clear-faults")


def try_to_sign_in(city: City, code: str = "demo-member-4") -> tuple[requests.Response, float]:
    began = time.monotonic()
    answer = requests.post(f"{city.api}/sessions", json={"code": code}, timeout=30)
    return answer, time.monotonic() - began


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "hang", "seconds": 20},
        {"kind": "slow", "seconds": 8},
        {"kind": "http", "status": 502},
        {"kind": "badjson"},
        {"kind": "err", "errcode": -1},
        {"kind": "err", "errcode": 45009},
        {"kind": "err", "errcode": 45011},
    ],
    ids=lambda fault: f"{fault['kind']}-{fault.get('errcode', '')}",
)
def test_signing_in_answers_503_within_six_seconds(city: City, fault: dict[str, object]) -> None:
    city.control("fault", path=LOGIN, times=-1, **fault)

    answer, seconds = try_to_sign_in(city)

    assert answer.status_code == 503
    assert answer.json()["code"] == "wechat_unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    assert seconds < 6


@pytest.mark.parametrize("errcode", [40029, 40163])
def test_a_code_that_is_no_good_is_a_401(city: City, errcode: int) -> None:
    city.control("fault", path=LOGIN, kind="err", errcode=errcode, times=1)

    answer, _ = try_to_sign_in(city)

    assert (answer.status_code, answer.json()["code"]) == (401, "wechat_code_invalid")


def test_a_code_works_once(city: City) -> None:
    code = city.control("code", openid="openid-once")["code"]

    assert [try_to_sign_in(city, code)[0].status_code for _ in range(2)] == [201, 401]


def test_signing_in_needs_no_access_token(city: City) -> None:
    city.control("fault", path=TOKEN, kind="hang", seconds=20, times=-1)

    assert try_to_sign_in(city)[0].status_code == 201


@pytest.mark.parametrize("errcode", [40001, 42001])
def test_a_young_token_rejected_for_ever_is_not_taken_from_all_by_force(
    city: City, errcode: int
) -> None:
    stranger = city.sign_in(city.control("code", openid="openid-rejected")["code"])
    stranger.post("/me/member-link", {"phone_code": "any"}, expect=422)
    city.control("revoke")
    city.control("fault", path=PHONE, kind="err", errcode=errcode, times=-1)
    before = city.state()["calls"].get(PHONE, 0)

    # The first one is refused with the revoked token and with the new one, the second one with
    # that alone: it is not 30 s old.
    for _ in range(2):
        answer = stranger.post("/me/member-link", {"phone_code": "any"}, expect=503)
        assert answer["code"] == "wechat_unavailable"

    assert city.state()["calls"][PHONE] - before == 3


def test_a_token_another_server_replaced_is_renewed_once(city: City) -> None:
    stranger = city.sign_in(city.control("code", openid="openid-renewed")["code"])
    phone = city.control("phone", openid="openid-renewed", phone="10000008888")["code"]
    city.control("revoke")

    answer = stranger.post("/me/member-link", {"phone_code": phone}, expect=404)

    assert answer["code"] == "roster_no_match"


def test_with_twenty_hanging_sign_ins_the_others_are_served(city: City) -> None:
    member = city.sign_in("demo-member-5")
    city.control("fault", path=LOGIN, kind="hang", seconds=20, times=-1)
    begun = threading.Barrier(21)

    def hang() -> tuple[int, float]:
        begun.wait()
        answer, seconds = try_to_sign_in(city)
        return answer.status_code, seconds

    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(hang) for _ in range(20)]
        begun.wait()
        served = 0
        while not all(future.done() for future in waiting):
            assert member.get("/me/duties")["items"]
            served += 1
        outcomes = [future.result() for future in waiting]

    assert {status for status, _ in outcomes} == {503}
    assert max(seconds for _, seconds in outcomes) < 6.5
    assert served >= 20


def test_a_refused_or_unreachable_wechat_takes_nothing_from_the_inbox(city: City) -> None:
    secretary = city.sign_in("demo-community-secretary")
    community = secretary.get("/me")["appointments"][0]["area_code"]
    faults = ({"kind": "err", "errcode": 43101}, {"kind": "http", "status": 502})
    for number, fault in zip((6, 7), faults, strict=True):
        member = city.sign_in(f"demo-member-{number}")
        city.control("fault", path="cgi-bin/message/subscribe/send", times=1, **fault)
        row = member.post("/registrations", {"community_code": community}, expect=201)
        began = time.monotonic()
        secretary.post(f"/registrations/{row['id']}/return", {"reason": "请补充可服务时间"})
        assert time.monotonic() - began < 3
        kinds = [entry["kind"] for entry in member.get("/me/notifications")["items"]]
        assert kinds.count("registrations.returned") == 1
        wanted = "refused" if number == 6 else "unknown"
        eventually(partial(has_message, city, wanted))


def has_message(city: City, status: str) -> bool:
    query = f"SELECT 1 FROM subscription_message WHERE status = '{status}'"
    return bool(city.rows(query))


def test_no_secret_token_or_identity_stands_in_any_log(city: City) -> None:
    city.sign_in("demo-member-8")
    stranger = city.sign_in(city.control("code", openid="openid-logged")["code"])
    stranger.post("/me/member-link", {"phone_code": "any"}, expect=422)
    text = city.logs()

    tokens = [row[0] for row in city.rows("SELECT token_encrypted FROM wechat_token")]
    assert tokens
    for forbidden in (
        SECRET,
        "sandbox-openid",
        "demo-member-8",
        "Bearer ",
        "js_code",
        "access_token",
    ):
        assert forbidden not in text, forbidden
    assert "1000000" not in text  # the beginning of every made-up number
