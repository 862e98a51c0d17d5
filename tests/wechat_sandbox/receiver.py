"""The product's end of the message push: keeps what arrives, opened by wechatpy."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from tests.wechat_sandbox.program import APPID, PUSH_KEY, PUSH_TOKEN


@dataclass
class Arrived:
    query: dict[str, str]
    body: str

    def opened(self) -> dict[str, Any]:
        """Return the message. Raises InvalidSignatureException."""
        crypto = WeChatCrypto(PUSH_TOKEN, PUSH_KEY, APPID)
        as_json = self.body.startswith("{")
        plain = crypto.decrypt_message(
            json.loads(self.body) if as_json else self.body,
            self.query["msg_signature"],
            self.query["timestamp"],
            self.query["nonce"],
        )
        message = json.loads(plain) if as_json else _content(ElementTree.fromstring(plain))
        assert isinstance(message, dict)
        return message


@dataclass
class Receiver:
    """`statuses` are given to the next pushes, in order; afterwards 200."""

    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """Return the messages, once so many have arrived."""
        until = time.monotonic() + 5
        while len(self.arrived) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.arrived) == count
        return [arrived.opened() for arrived in self.arrived]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = _query(self.path)
            check_signature(PUSH_TOKEN, query["signature"], query["timestamp"], query["nonce"])
            self._answer(200, query["echostr"].encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.arrived.append(Arrived(_query(self.path), body))
            self._answer(receiver.statuses.pop(0) if receiver.statuses else 200, b"success")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status == 302:
                self.send_header("Location", "http://example.invalid/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/wechat/push"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield receiver
        server.shutdown()


def _content(element: ElementTree.Element) -> Any:
    """Return an element as JSON would have it: repeated children become a list."""
    if not len(element):
        return element.text or ""
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(child.tag, []).append(_content(child))
    return {tag: values if len(values) > 1 else values[0] for tag, values in found.items()}


def _query(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
