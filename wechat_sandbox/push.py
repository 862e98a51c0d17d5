"""WeChat's message push: encrypted, signed, three tries of five seconds each."""

import json
import secrets
import threading
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from wechat_sandbox import push_events
from wechat_sandbox.push_crypto import encrypt, sign
from wechat_sandbox.push_events import ACCOUNT, Message
from wechat_sandbox.state import LOCK, Delivery, state

TRIES, SECONDS = 3, 5
NOBODY = 0


def later(message: Message) -> None:
    """Push in the background, as the next of `next_pushes` says; without a push URL do nothing."""
    with LOCK:
        now = state()
        if not now.push_url:
            return
        delivery = now.next_pushes.pop(0) if now.next_pushes else Delivery()

    def push_unless_reset() -> None:
        if state() is now:
            deliver(message, delivery)

    timer = threading.Timer(delivery.delay, push_unless_reset)
    timer.daemon = True
    timer.start()


def deliver(message: Message, delivery: Delivery) -> list[int]:
    """Push; return the status of every try, 0 where nobody answered. Raises Wrong."""
    if delivery.without_result:
        message = {**message, "detail": [], "errcode": 43104}
        message.pop("result", None)
    sealed = _sealed(message, delivery)
    query = _query(sealed, str(message["FromUserName"]), delivery)
    statuses = _until_taken(query, sealed, delivery)
    if delivery.duplicate:
        statuses += _until_taken(query, sealed, delivery)
    with LOCK:
        name = message.get("Event", message["MsgType"])
        state().pushes.append({"event": name, "statuses": statuses})
    return statuses


def _sealed(message: Message, delivery: Delivery) -> str:
    plain = push_events.as_xml(message) if delivery.as_xml else _json(message)
    return encrypt(plain.encode(errors="replace"), state().push_key, state().appid)


def _query(sealed: str, openid: str, delivery: Delivery) -> str:
    token, stamp, nonce = state().push_token, str(int(state().now())), str(secrets.randbits(31))
    wrong = "0" * 40
    values = {
        "signature": sign(token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": wrong if delivery.bad_signature else sign(token, stamp, nonce, sealed),
    }
    return urlencode(values)


def _until_taken(query: str, sealed: str, delivery: Delivery) -> list[int]:
    if delivery.as_xml:
        kind = "text/xml"
        body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    else:
        kind, body = "application/json", _json({"ToUserName": ACCOUNT, "Encrypt": sealed})
    statuses: list[int] = []
    while len(statuses) < TRIES and not any(200 <= status < 300 for status in statuses):
        statuses.append(exchange("POST", query, body.encode(), kind)[0])
    return statuses


def exchange(method: str, query: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
    """Return status and body of one call to the push URL; 0 where nobody answered.

    A bare connection follows no redirect and knows no proxy: nothing leaves this machine.
    """
    url = urlsplit(state().push_url)
    connection = HTTPConnection(url.hostname or "", url.port or 80, timeout=SECONDS)
    try:
        headers = {"Content-Type": kind} if kind else {}
        connection.request(method, f"{url.path or '/'}?{query}", body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(1024)
    except (OSError, HTTPException):
        return NOBODY, b""
    finally:
        connection.close()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
