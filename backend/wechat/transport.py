"""HTTP to WeChat: one host, one total deadline, one kind of failure."""

import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from backend.core.settings import REAL_WECHAT
from backend.wechat.errors import WechatNotAsked, WechatUnavailable

LARGEST_ANSWER = 1024 * 1024

# They write whole URLs, which hold the secret and the token, at DEBUG and (a malformed header) at
# WARNING. A filter stays whatever level somebody sets later.
for _name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(lambda _record: False)


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock by which one whole operation must be over."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds left; raises WechatUnavailable when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise WechatUnavailable("deadline")
        return left


class OneHost(HTTPAdapter):
    """Sends what is addressed to WeChat to `base`, and nothing anywhere else."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        url = request.url or ""
        if not url.startswith(REAL_WECHAT + "/"):
            raise requests.exceptions.InvalidURL("not an address of WeChat")
        request.url = self._base + url[len(REAL_WECHAT) :]
        return super().send(request, *args, **kwargs)


class Transport:
    """Sends from threads of its own: the caller goes on at the deadline, whatever still hangs.

    The time-outs of requests are for one address and one read; a slow name server, several silent
    addresses or an answer that comes byte by byte outlast any of them.
    """

    def __init__(self, base: str, *, threads: int) -> None:
        self._base = base or REAL_WECHAT
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="wechat")
        self._local = threading.local()

    def exchange(self, method: str, url: str, deadline: Deadline, **request: Any) -> dict[str, Any]:
        """Return WeChat's JSON object, whatever its errcode. Raises WechatUnavailable."""
        sending = self._pool.submit(self._send, method, url, deadline, request)
        try:
            status, body = sending.result(timeout=deadline.left())
        except TimeoutError:
            if sending.cancel():  # it was still waiting for a thread, and will not be sent later
                raise WechatNotAsked("deadline") from None
            raise WechatUnavailable("deadline") from None
        if status != 200:
            raise WechatUnavailable(f"http {status}")
        return _parse(body)

    def _send(
        self, method: str, url: str, deadline: Deadline, request: dict[str, Any]
    ) -> tuple[int, bytes]:
        try:
            with self._session().request(
                method,
                url,
                timeout=(min(3.05, deadline.left()), deadline.left()),
                stream=True,
                allow_redirects=False,
                **request,
            ) as response:
                return response.status_code, _read(response, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            problem = type(error).__name__
        # Out here, so that the original, whose text holds the URL, does not come along as context.
        raise WechatUnavailable(problem)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:  # a thread's own: sessions are not made for sharing
            session = requests.Session()
            session.trust_env = False  # neither proxies nor .netrc of the machine
            for prefix in ("https://", "http://"):
                session.mount(prefix, OneHost(self._base))
            self._local.session = session
        return session


def _read(response: requests.Response, deadline: Deadline) -> bytes:
    body = b""
    # `read1` returns what has come; other reads wait for a full part, however slowly it comes.
    while part := response.raw.read1(16 * 1024, decode_content=True):
        body += part
        deadline.left()
        if len(body) > LARGEST_ANSWER:
            raise WechatUnavailable("answer too large")
    return body


def _parse(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
        if isinstance(answer, dict):
            int(answer.get("errcode") or 0)
            return answer
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass
    raise WechatUnavailable("malformed answer")
