"""Drives the stand-in as its own process, over HTTP, as the product would."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

APPID, SECRET = "wx0000000000test02", "a-secret-of-the-tests"
PUSH_TOKEN, PUSH_KEY = "pushtoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TEMPLATE = "TPL-OF-THE-TESTS"
JSON = dict[str, Any]


class Sandbox:
    """The running stand-in: `ctl` is its control plane, `get` and `post` carry a valid token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        self.access_token = ""

    def get(self, path: str, /, **params: Any) -> JSON:
        return self.json("GET", path, params={"access_token": self._token(), **params})

    def post(self, path: str, /, **body: Any) -> JSON:
        return self.json("POST", path, params={"access_token": self._token()}, json=body)

    def json(self, method: str, path: str, **request: Any) -> JSON:
        response = self.raw(method, path, **request)
        assert response.status_code == 200
        found: JSON = response.json()
        return found

    def raw(self, method: str, path: str, **request: Any) -> requests.Response:
        return self.http.request(method, self.url + path, timeout=5, **request)

    def ctl(self, what: str, /, **body: Any) -> JSON:
        return self.json("POST", f"/_ctl/{what}", json=body)

    def state(self) -> JSON:
        return self.json("GET", "/_ctl/state")

    def login(self, code: str) -> JSON:
        return self.json("GET", "/sns/jscode2session", params=login_params(js_code=code))

    def plain_token(self) -> str:
        return str(self.json("GET", "/cgi-bin/token", params=credentials())["access_token"])

    def stable_token(self, *, force: bool = False) -> JSON:
        body = {**credentials(), "force_refresh": force}
        return self.json("POST", "/cgi-bin/stable_token", json=body)

    def errcode_with(self, token: str) -> int:
        """Return what WeChat says to that token; 0 for a good one."""
        answer = self.json("GET", "/wxaapi/newtmpl/gettemplate", params={"access_token": token})
        return int(answer["errcode"])

    def _token(self) -> str:
        if not self.access_token:
            self.access_token = self.stable_token()["access_token"]
        return self.access_token


def credentials(**changes: str) -> JSON:
    return {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, **changes}


def login_params(**changes: str) -> JSON:
    return credentials(grant_type="authorization_code") | changes


@contextmanager
def running() -> Iterator[Sandbox]:
    port = free_port()
    process = start("--port", str(port))
    sandbox = Sandbox(f"http://127.0.0.1:{port}")
    try:
        wait_for(sandbox, process)
        yield sandbox
    finally:
        sandbox.http.close()
        process.terminate()
        process.communicate(timeout=5)


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the program. A proxy in its environment must not get to see its pushes."""
    settings = {
        "WECHAT_APPID": APPID,
        "WECHAT_SECRET": SECRET,
        "WECHAT_TEMPLATE_REGISTRATION_RESULT": TEMPLATE,
        "WECHAT_PUSH_TOKEN": PUSH_TOKEN,
        "WECHAT_PUSH_AES_KEY": PUSH_KEY,
        "http_proxy": "http://127.0.0.1:9",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "wechat_sandbox", *arguments],
        env=os.environ | settings | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(sandbox: Sandbox, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until and process.poll() is None:
        try:
            sandbox.state()
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the stand-in did not start")
