"""HTTP to WeChat: one host, one total deadline, one kind of failure."""

import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from backend.core.settings import REAL_WECHAT
from backend.wechat.errors import WechatUnavailable

LARGEST_ANSWER = 1024 * 1024

# At DEBUG this one writes whole URLs, which hold the secret and the token.
logging.getLogger("urllib3").setLevel(logging.WARNING)


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
    """A session a thread (requests' sessions are not made for sharing)."""

    def __init__(self, base: str) -> None:
        self._base = base or REAL_WECHAT
        self._threads = threading.local()

    def exchange(self, method: str, url: str, deadline: Deadline, **request: Any) -> dict[str, Any]:
        """Return WeChat's JSON object, whatever its errcode. Raises WechatUnavailable."""
        try:
            with self._session().request(
                method,
                url,
                timeout=(min(3.05, deadline.left()), deadline.left()),
                stream=True,
                allow_redirects=False,
                **request,
            ) as response:
                body = _read(response, deadline)
                status = response.status_code
        except requests.RequestException as error:
            # `from None`: the original's text holds the URL.
            raise WechatUnavailable(type(error).__name__) from None
        if status != 200:
            raise WechatUnavailable(f"http {status}")
        return _parse(body)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False  # neither proxies nor .netrc of the machine
            for prefix in ("https://", "http://"):
                session.mount(prefix, OneHost(self._base))
            self._threads.session = session
        return session


def _read(response: requests.Response, deadline: Deadline) -> bytes:
    body = b""
    for part in response.iter_content(16 * 1024):
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
    except (ValueError, TypeError, RecursionError):
        pass
    raise WechatUnavailable("malformed answer")
