"""The client against the real stand-in: one token for all, few calls, one kind of failure."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
import sqlalchemy as sa
from pydantic import SecretStr

from backend.core import clock
from backend.core.crypto import Crypto
from backend.core.db import Database
from backend.core.errors import Invalid, Unauthenticated
from backend.core.settings import REAL_WECHAT, Settings
from backend.wechat.client import Outcome, WechatClient
from backend.wechat.errors import WechatUnavailable
from backend.wechat.models import WechatToken
from backend.wechat.transport import Deadline, Transport
from tests.wechat_sandbox.program import APPID, SECRET, TEMPLATE, Sandbox, running

PHONE, TOKEN = "wxa/business/getuserphonenumber", "cgi-bin/stable_token"
DATA = {"thing1": "国贸社区", "phrase2": "已接收", "time3": "2026-11-24 10:00", "thing4": "请查看"}


@pytest.fixture(scope="module")
def process() -> Iterator[Sandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: Sandbox) -> Sandbox:
    process.ctl("reset")
    return process


@pytest.fixture
def there(settings: Settings, sandbox: Sandbox) -> Settings:
    changed: dict[str, object] = {
        "wechat_api_base": sandbox.url,
        "wechat_appid": APPID,
        "wechat_secret": SecretStr(SECRET),
        "wechat_deadline_seconds": 1.0,
    }
    return settings.model_copy(update=changed)


@pytest.fixture
def client(there: Settings, committed: Database, keys: Crypto) -> WechatClient:
    return WechatClient(there, committed, keys)


def phone_code(sandbox: Sandbox, openid: str = "someone") -> str:
    return str(sandbox.ctl("phone", openid=openid, phone="10000007777")["code"])


def test_a_phone_number_takes_one_token_and_one_call(
    client: WechatClient, sandbox: Sandbox
) -> None:
    assert client.phone_number(phone_code(sandbox), "someone") == "10000007777"

    assert sandbox.state()["calls"] == {PHONE: 1, TOKEN: 1}


def test_eight_cold_threads_and_two_processes_fetch_one_token(
    there: Settings,
    committed: Database,
    keys: Crypto,
    sandbox: Sandbox,
) -> None:
    """A second client stands for a second process: they share nothing but the database."""
    roomy = there.model_copy(update={"wechat_concurrency": 8, "wechat_deadline_seconds": 5.0})
    clients = [WechatClient(roomy, committed, keys) for _ in range(2)]
    codes = [phone_code(sandbox) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        numbers = list(
            pool.map(lambda i: clients[i % 2].phone_number(codes[i], "someone"), range(8))
        )

    assert numbers == ["10000007777"] * 8
    assert sandbox.state()["calls"][TOKEN] == 1


def test_an_expiring_token_is_renewed(client: WechatClient, sandbox: Sandbox) -> None:
    client.phone_number(phone_code(sandbox), "someone")
    sandbox.ctl("skew", seconds=8000)

    assert client.phone_number(phone_code(sandbox), "someone") == "10000007777"


def test_a_refusal_of_the_token_is_the_service_s_trouble_not_the_user_s(
    client: WechatClient, sandbox: Sandbox
) -> None:
    sandbox.ctl("fault", path=TOKEN, kind="err", errcode=40013, times=-1)

    with pytest.raises(WechatUnavailable) as failure:
        client.phone_number(phone_code(sandbox), "someone")
    assert failure.value.problem == "token errcode 40013"


def test_a_token_is_not_taken_from_all_by_force_twice_within_30_seconds(
    client: WechatClient, sandbox: Sandbox
) -> None:
    client.phone_number(phone_code(sandbox), "someone")
    sandbox.ctl("fault", path=PHONE, kind="err", errcode=40001, times=-1)

    for _ in range(2):
        with pytest.raises(WechatUnavailable):
            client.phone_number(phone_code(sandbox), "someone")

    # The first one, and for each refusal one question whether somebody else has a newer one.
    assert sandbox.state()["calls"][TOKEN] == 3


def test_beyond_the_allowed_number_the_answer_comes_at_once(
    there: Settings, committed: Database, keys: Crypto, sandbox: Sandbox
) -> None:
    client = WechatClient(there.model_copy(update={"wechat_concurrency": 1}), committed, keys)
    sandbox.ctl("fault", path="sns/jscode2session", kind="hang", seconds=2, times=-1)

    with ThreadPoolExecutor(4) as pool:
        errors = [
            future.exception()
            for future in [pool.submit(client.code_to_session, "x") for _ in range(4)]
        ]

    problems = [error.problem for error in errors if isinstance(error, WechatUnavailable)]
    assert len(problems) == 4
    assert problems.count("too many calls at once") == 3


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, Outcome.SENT),
        ({"kind": "err", "errcode": 43101}, Outcome.NO_GRANT),
        ({"kind": "err", "errcode": 47003}, Outcome.REFUSED),
        ({"kind": "err", "errcode": 45009}, Outcome.NOT_SENT),
        ({"kind": "err", "errcode": 45011}, Outcome.NOT_SENT),
        ({"kind": "err", "errcode": -1}, Outcome.UNKNOWN),
        ({"kind": "http", "status": 502}, Outcome.UNKNOWN),
        ({"kind": "badjson"}, Outcome.UNKNOWN),
        ({"kind": "hang", "seconds": 2}, Outcome.UNKNOWN),
    ],
)
def test_a_message_is_tried_once_and_what_is_unclear_is_unknown(
    client: WechatClient,
    sandbox: Sandbox,
    fault: dict[str, object] | None,
    outcome: Outcome,
) -> None:
    sandbox.ctl("grant", openid="someone", template_id=TEMPLATE, n=3)
    path = "cgi-bin/message/subscribe/send"
    if fault:
        sandbox.ctl("fault", path=path, times=-1, **fault)

    sent = client.send_subscription("someone", TEMPLATE, DATA)

    assert sent.outcome is outcome
    assert (sent.msgid is not None) == (outcome is Outcome.SENT)
    assert sandbox.state()["calls"][path] == 1


def test_a_message_for_which_no_token_could_be_had_was_certainly_not_sent(
    client: WechatClient, sandbox: Sandbox
) -> None:
    sandbox.ctl("grant", openid="someone", template_id=TEMPLATE)
    sandbox.ctl("fault", path=TOKEN, kind="http", status=502, times=1)

    assert client.send_subscription("someone", TEMPLATE, DATA).outcome is Outcome.NOT_SENT
    assert client.send_subscription("someone", TEMPLATE, DATA).outcome is Outcome.SENT


def test_a_message_with_a_token_rejected_for_ever_was_certainly_not_sent(
    client: WechatClient, sandbox: Sandbox
) -> None:
    path = "cgi-bin/message/subscribe/send"
    sandbox.ctl("grant", openid="someone", template_id=TEMPLATE)
    sandbox.ctl("fault", path=path, kind="err", errcode=40001, times=-1)

    assert client.send_subscription("someone", TEMPLATE, DATA).outcome is Outcome.NOT_SENT
    assert sandbox.state()["calls"][path] <= 2


def test_a_used_code_is_told_from_a_broken_service(client: WechatClient, sandbox: Sandbox) -> None:
    with pytest.raises(Unauthenticated):
        client.code_to_session("never-minted")
    with pytest.raises(Invalid):
        client.phone_number("never-minted", "someone")
    sandbox.ctl("fault", path="*", kind="http", status=502, times=-1)
    with pytest.raises(WechatUnavailable):
        client.code_to_session("any")


def test_no_other_host_is_ever_asked(sandbox: Sandbox) -> None:
    transport = Transport(sandbox.url, threads=1)

    with pytest.raises(WechatUnavailable):
        transport.exchange("GET", "http://127.0.0.1:9/", Deadline.within(1))
    assert sandbox.state()["calls"] == {}
    assert transport.exchange("GET", f"{REAL_WECHAT}/sns/jscode2session", Deadline.within(1))


def test_neither_errors_nor_logs_hold_a_secret(
    client: WechatClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sandbox.ctl("fault", path="sns/jscode2session", kind="hang", seconds=2, times=-1)

    with pytest.raises(WechatUnavailable) as failure:
        client.code_to_session("a-code-that-is-secret-too")

    text = caplog.text + repr(failure.value) + str(failure.getrepr(chain=True))
    assert failure.value.__cause__ is None
    assert not isinstance(failure.value.__context__, requests.RequestException)
    assert SECRET not in text
    assert "js_code=" not in text


def test_an_old_token_that_is_refused_is_replaced_by_force_and_tried_once_more(
    client: WechatClient, committed: Database, sandbox: Sandbox
) -> None:
    client.phone_number(phone_code(sandbox), "someone")
    with committed.transaction() as session:
        session.execute(sa.update(WechatToken).values(updated_at=clock.now() - timedelta(hours=1)))
    sandbox.ctl("fault", path=PHONE, kind="err", errcode=40001, times=-1)
    before = sandbox.state()["calls"]

    with pytest.raises(WechatUnavailable):
        client.phone_number(phone_code(sandbox), "someone")

    # WeChat's own limit is counted from its clock: the stand-in, never forced before, agrees.
    calls = sandbox.state()["calls"]
    assert calls[PHONE] - before[PHONE] == 2
    assert calls[TOKEN] - before[TOKEN] == 2
