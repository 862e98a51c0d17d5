"""The real thing on free ports: PostgreSQL, stand-in, worker and gunicorn, over real HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests

from launcher import postgres
from launcher.environment import TEMPLATES
from launcher.places import Places
from launcher.postgres import Server

ROOT = Path(__file__).parents[2]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
# What the rows are encrypted with and found by.
KEYS = {"FIELD_KEYS": f"k1:{KEY}", "LOOKUP_KEY": KEY}
SECRET = "secret-that-must-never-show-4711"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class City:
    """A running demo city. Every program's output is kept, for tests that search it."""

    environment: dict[str, str]
    api: str
    sandbox: str
    folder: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    places: Places | None = None
    server: Server | None = None
    postmaster: "subprocess.Popen[bytes] | None" = None

    @classmethod
    def of(cls, server: Server, folder: Path) -> "City":
        """Return the city of a server's database, on free ports; nothing of it runs yet."""
        port, sandbox_port = free_port(), free_port()
        environment = {
            **os.environ,
            "APP_ENV": "demo",
            "DATABASE_URL": server.app_url,
            "MIGRATION_DATABASE_URL": server.owner_url,
            **KEYS,
            "WECHAT_APPID": "wx0000000000test01",
            "WECHAT_SECRET": SECRET,
            "WECHAT_API_BASE": f"http://127.0.0.1:{sandbox_port}",
            **TEMPLATES,
            "WECHAT_PUSH_TOKEN": "push-token-that-never-shows",
            "WECHAT_PUSH_AES_KEY": "pushkeythatnevershows0123456789ABCDEFGHIJKL",
            "WECHAT_RETRY_SECONDS": "1",
            "JOB_STALLED_SECONDS": "4",
            "PORT": str(port),
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
            "ATTACHMENT_STORE": str(folder / "attachments"),
        }
        api, sandbox = f"http://127.0.0.1:{port}/api/v1", f"http://127.0.0.1:{sandbox_port}"
        return cls(environment, api, sandbox, folder)

    def start(self, name: str, *module: str, **settings: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *module],
                env=self.environment | settings,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_worker(self, **settings: str) -> None:
        self.start("worker", "backend.jobs", **settings)

    def start_web(self) -> None:
        self.start("web", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")

    def start_sandbox(self) -> None:
        port, push_url = self.sandbox.rsplit(":", 1)[1], f"{self.root}/wechat/push"
        self.start("sandbox", "wechat_sandbox", "--port", port, "--push-url", push_url)

    @property
    def root(self) -> str:
        """The address of the program itself, above the API."""
        return self.api.removesuffix("/api/v1")

    def kill(self, name: str) -> None:
        """Kill a program with all its children, as a power cut would."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def crash_postgres(self) -> None:
        """Kill every process of the server and start it again where it was."""
        assert self.server is not None
        assert self.places is not None
        postmaster = psutil.Process(self.server.pid)
        for process in (postmaster, *postmaster.children()):
            process.kill()
        psutil.wait_procs([postmaster], timeout=10)
        time.sleep(0.5)
        self.postmaster, self.server = postgres.start(
            self.places, socket_dir=self.server.socket_dir
        )

    def rows(self, query: str) -> list[Any]:
        """Ask the database directly, as its administrator."""
        assert self.server is not None
        with psycopg.connect(self.server.admin_url.replace("+psycopg", "")) as connection:
            return connection.execute(query.encode()).fetchall()

    def flask(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *command],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(40)

    def logs(self) -> str:
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)

    def control(self, action: str, **given: object) -> Any:
        answer = requests.post(f"{self.sandbox}/_ctl/{action}", json=given, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self) -> Any:
        return requests.get(f"{self.sandbox}/_ctl/state", timeout=10).json()

    def sign_in(self, code: str, *, consent: bool = True) -> "Person":
        answer = requests.post(f"{self.api}/sessions", json={"code": code}, timeout=20)
        assert answer.status_code == 201, answer.text
        person = Person(self, answer.json()["token"])
        me = person.get("/me")
        if consent and me["consent"]["required"]:
            purposes = ["core_service", "subscription_messages"]
            version = me["consent"]["notice_version"]
            person.post(
                "/me/consents", {"notice_version": version, "purposes": purposes}, expect=201
            )
        return person


@dataclass
class Person:
    city: City
    token: str

    def get(self, path: str, *, expect: int = 200) -> Any:
        return self.call("GET", path, None, expect=expect)

    def post(
        self, path: str, body: object = None, *, expect: int = 200, key: str | None = None
    ) -> Any:
        return self.call("POST", path, body, expect=expect, key=key)

    def call(
        self, method: str, path: str, body: object, *, expect: int, key: str | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        headers |= {"Idempotency-Key": key} if key else {}
        answer = requests.request(
            method, f"{self.city.api}{path}", json=body, headers=headers, timeout=30
        )
        assert answer.status_code == expect, f"{answer.status_code} {answer.text}"
        return json.loads(answer.content) if answer.content else None

    def upload(self, data: bytes, name: str = "a.jpg", *, expect: int = 201) -> Any:
        """Send one file as `uni.uploadFile` does."""
        answer = requests.post(
            f"{self.city.api}/attachments",
            files={"file": (name, data)},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=30,
        )
        assert answer.status_code == expect, f"{answer.status_code} {answer.text}"
        return answer.json()

    def duty(self, rule_id: str) -> Any:
        items = self.get("/me/duties")["items"]
        return next(item for item in items if item["rule_id"] == rule_id)


def eventually(condition: Callable[[], Any], *, seconds: float = 30) -> Any:
    """Wait until `condition` is true; return its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "it did not become true"
        time.sleep(0.1)
    return value


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def load(city: City) -> None:
    """Migrate an empty database and load the demo city into it."""
    done = city.flask("open-demo")
    assert done.returncode == 0, done.stderr


@contextmanager
def running_city(server: Server, folder: Path) -> Iterator[City]:
    """Run the city that is loaded in a server; stop it afterwards."""
    city = City.of(server, folder)
    try:
        city.start_sandbox()
        city.start_worker()
        city.start_web()
        eventually(lambda: answers(f"{city.root}/ready"), seconds=60)
        yield city
    finally:
        city.stop()
