"""Who sends slowly, or nothing, keeps nobody else waiting; over real sockets on gunicorn."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path

import psutil
import pytest
import requests

from backend.core.settings import Settings
from miniprogram_api.serving import ARRIVAL
from tests.system.city import eventually
from tests.system.web import dial, hear, serving

HEAD = b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n"
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"
MANY = 40
# Two cores may be at other work; a thread that is held is held for ten seconds and more.
FAST = 3


@pytest.fixture(scope="module")
def port(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(settings, tmp_path_factory.mktemp("web")) as port:
        yield port


@contextmanager
def dripping(lines: list[socket.socket], drop: bytes) -> Iterator[None]:
    """Say a little on each line, again and again."""
    ended = threading.Event()

    def drip() -> None:
        while not ended.wait(0.3):
            for line in lines:
                try:
                    line.sendall(drop)
                except OSError:
                    continue  # sent away, as it should be

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def slowest(port: int, *, seconds: float) -> float:
    """Ask again and again, each time anew; return how long the slowest answer took."""
    end, found = time.monotonic() + seconds, 0.0
    while (began := time.monotonic()) < end:
        answer = requests.get(f"http://127.0.0.1:{port}/api/v1/me", timeout=20)
        assert answer.status_code == 401
        found = max(found, time.monotonic() - began)
    return found


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /api/v1/me HTTP/1.1\r\nX-Slow: ",
        HEAD + LENGTH % 20_000,
        HEAD + CHUNKS + b"4000\r\n",
        HEAD + LENGTH % 900_000,
    ],
    ids=["head", "body", "chunks", "large"],
)
def test_silent_and_dripping_connections_keep_nobody_waiting(port: int, beginning: bytes) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(dial(port)) for _ in range(MANY)]
        slow = [stack.enter_context(dial(port, beginning)) for _ in range(MANY)]
        with dripping(slow, b"a"):
            assert slowest(port, seconds=ARRIVAL + 3) < FAST
        assert all(b" 408 " in hear(line)[:20] for line in chain(silent, slow))


def test_large_bodies_that_stop_take_a_quarter_of_the_threads(port: int) -> None:
    beginning = HEAD + LENGTH % 900_000 + b"a" * 40_000
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(dial(port, beginning))
        assert slowest(port, seconds=3) < FAST
        small = requests.post(f"http://127.0.0.1:{port}/api/v1/sessions", json={}, timeout=20)
        assert small.status_code == 422


def test_who_is_too_slow_is_told_so_in_the_api_s_shape(port: int) -> None:
    began = time.monotonic()
    with dial(port, HEAD + LENGTH % 10 + b"{") as line:
        head, _, body = hear(line).partition(b"\r\n\r\n")

    assert ARRIVAL - 1 < time.monotonic() - began < ARRIVAL + 5
    assert head.startswith(b"HTTP/1.1 408 ")
    assert b"\r\nConnection: close" in head
    assert b"\r\nX-Request-Id: " in head
    assert json.loads(body)["code"] == "request_timeout"


def test_a_head_without_end_is_refused(port: int) -> None:
    with dial(port, b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 40_000) as line:
        assert hear(line).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "framing",
    [LENGTH % 3_000_000 + b"a" * 40_000, CHUNKS + b"200000\r\n" + b"a" * 40_000],
    ids=["length", "chunks"],
)
def test_an_answer_before_the_end_of_the_body_ends_the_connection(
    port: int, framing: bytes
) -> None:
    with dial(port, HEAD.replace(b"sessions", b"nowhere") + framing) as line:
        head = hear(line).partition(b"\r\n\r\n")[0]
    assert b"\r\nConnection: close" in head


def test_a_short_body_nobody_read_leaves_the_connection_open(port: int) -> None:
    asked = HEAD.replace(b"sessions", b"nowhere") + LENGTH % 2 + b"{}"
    with dial(port, asked + asked) as line:
        line.settimeout(3)
        heard = b""
        while heard.count(b"HTTP/1.1 404 ") < 2:
            heard += line.recv(65536)
    assert b"Connection: close" not in heard


def test_a_client_that_asks_first_is_told_to_send(port: int) -> None:
    with dial(port, HEAD + b"Expect: 100-continue\r\nConnection: close\r\n" + LENGTH % 2) as line:
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"{}")
        assert hear(line).startswith(b"HTTP/1.1 422 ")


def test_who_does_not_hang_up_keeps_nobody_waiting(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(dial(port, b"GET /live HTTP/1.1\r\nConnection: close\r\n\r\n"))
        assert slowest(port, seconds=2) < FAST


def test_a_killed_gunicorn_leaves_its_port_although_somebody_is_silent(
    settings: Settings, tmp_path: Path
) -> None:
    with serving(settings, tmp_path) as port, dial(port, HEAD):
        children = psutil.Process().children()
        (mine,) = [one for one in children if one.environ().get("PORT") == str(port)]
        mine.kill()
        mine.wait()
        eventually(lambda: can_be_bound(port), seconds=ARRIVAL / 2)


def can_be_bound(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
