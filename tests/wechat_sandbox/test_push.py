"""The message push, opened by wechatpy as the product opens it."""

import base64
import json

import pytest
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

from tests.wechat_sandbox.program import PUSH_TOKEN, Sandbox, free_port
from tests.wechat_sandbox.receiver import Receiver

EVENT = {"event": "user_authorization_revoke", "openid": "o-1"}


def test_a_json_push_opens(sandbox: Sandbox, receiver: Receiver) -> None:
    answer = sandbox.ctl("push", **EVENT, values={"RevokeInfo": "8", "OpenID": "o-1"})
    (event,) = receiver.wait_for(1)
    assert answer["statuses"] == [200]
    assert (event["Event"], event["FromUserName"]) == ("user_authorization_revoke", "o-1")
    assert (event["RevokeInfo"], event["MsgType"]) == ("8", "event")
    query = receiver.arrived[0].query
    assert query["encrypt_type"] == "aes"
    check_signature(PUSH_TOKEN, query["signature"], query["timestamp"], query["nonce"])


def test_an_xml_push_opens(sandbox: Sandbox, receiver: Receiver) -> None:
    values = {"Note": "a<b&c", "List": [{"A": "1"}, {"A": "2"}]}
    sandbox.ctl("push", **EVENT, values=values, as_xml=True)
    (event,) = receiver.wait_for(1)
    assert receiver.arrived[0].body.startswith("<xml>")
    assert event["Note"] == "a<b&c"
    assert event["List"] == [{"A": "1"}, {"A": "2"}]


def test_a_duplicate_is_the_same_push_again(sandbox: Sandbox, receiver: Receiver) -> None:
    assert sandbox.ctl("push", **EVENT, duplicate=True)["statuses"] == [200, 200]
    first, second = receiver.arrived
    assert first == second


def test_messages_are_padded_to_blocks_of_32(sandbox: Sandbox, receiver: Receiver) -> None:
    for length in (1, 9, 17, 25):
        sandbox.ctl("push", **EVENT, values={"Note": "x" * length})
    sealed = [base64.b64decode(json.loads(a.body)["Encrypt"]) for a in receiver.arrived]
    assert [len(text) % 32 for text in sealed] == [0, 0, 0, 0]


def test_a_bad_signature_does_not_open(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.ctl("push", **EVENT, bad_signature=True)
    (arrived,) = receiver.arrived
    with pytest.raises(InvalidSignatureException):
        arrived.opened()
    query = arrived.query
    check_signature(PUSH_TOKEN, query["signature"], query["timestamp"], query["nonce"])


def test_a_push_is_tried_three_times(sandbox: Sandbox, receiver: Receiver) -> None:
    receiver.statuses = [500, 302, 503, 200]
    assert sandbox.ctl("push", **EVENT)["statuses"] == [500, 302, 503]
    assert len({arrived.body for arrived in receiver.arrived}) == 1
    pushes = sandbox.state()["pushes"]
    assert pushes == [{"event": EVENT["event"], "statuses": [500, 302, 503]}]


def test_a_push_ends_with_the_first_try_that_is_taken(sandbox: Sandbox, receiver: Receiver) -> None:
    receiver.statuses = [500]
    assert sandbox.ctl("push", **EVENT)["statuses"] == [500, 200]


def test_nobody_at_home_is_status_0(sandbox: Sandbox) -> None:
    sandbox.ctl("push-url", url=f"http://127.0.0.1:{free_port()}/push")
    assert sandbox.ctl("push", **EVENT)["statuses"] == [0, 0, 0]
    assert sandbox.ctl("verify-push-url")["verified"] is False


def test_the_url_is_verified_by_its_echo(sandbox: Sandbox, receiver: Receiver) -> None:
    assert receiver.url
    assert sandbox.ctl("verify-push-url") == {"ok": True, "status": 200, "verified": True}


def test_a_reset_keeps_the_url(sandbox: Sandbox, receiver: Receiver) -> None:
    sandbox.ctl("reset")
    assert sandbox.ctl("push", **EVENT)["statuses"] == [200]
    assert len(receiver.arrived) == 1
