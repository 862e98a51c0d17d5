"""`make run`: the demo city on this machine, everything started, watched and stopped together."""

import fcntl
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from launcher import bound, environment, postgres
from launcher.places import places_for
from launcher.supervisor import POSTGRES, WEB, WORKER, configuration, sandbox

READY_SECONDS = 120


class CannotStart(Exception):
    """Said in one line to the person at the terminal."""


def main() -> int:
    # Until the programs run there is nothing to stop in order but what `finally` stops.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        port = _number("PORT", 8000)
        _refuse_taken(port)
        with _only_one(environment.data_dir()):
            return _run(port)
    except CannotStart as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


def _run(port: int) -> int:
    sandbox_port = _number("SANDBOX_PORT", _free_port())
    with _socket_dir() as home:
        variables, people = _prepare(home, sandbox_port)
        programs = [sandbox(sandbox_port, port), WORKER, WEB]
        if "DATABASE_URL" not in os.environ:
            programs.insert(0, POSTGRES)
        file = home / "supervisord.conf"
        text = configuration(
            programs, home=home, directory=environment.project(), user=getpass.getuser()
        )
        file.write_text(text, encoding="utf-8")
        command = bound.command("supervisor.supervisord", "-n", "-c", str(file))
        # A session of its own: Ctrl-C reaches us alone, and we stop the others in order.
        # A pipe, because supervisord opens its output again by name: a socket refuses that
        # (systemd's and Node's are sockets).
        process = subprocess.Popen(
            command,
            env={**variables, "PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=_pass_on, args=(process,)).start()
        return _watch(process, port, people)


def _pass_on(process: subprocess.Popen[bytes]) -> None:
    """Print what the programs print, until the last of them has ended."""
    with suppress(OSError):  # whoever read us has gone: then they need not be heard, but emptied
        for line in process.stdout or ():
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
    for _line in process.stdout or ():
        pass


def _prepare(home: Path, sandbox_port: int) -> tuple[dict[str, str], str]:
    """Migrate and load once; return the environment of the programs and who can sign in."""
    if "DATABASE_URL" in os.environ:
        url = os.environ["DATABASE_URL"]
        owner_url = os.environ.get("MIGRATION_DATABASE_URL", url)
        variables = environment.demo(url, owner_url, sandbox_port=sandbox_port)
        return variables, _load(variables)
    data = environment.data_dir() / "postgres"
    print(f"DATABASE_URL is not set: PostgreSQL of our own, in {data}", flush=True)
    os.environ[postgres.SOCKET_DIR] = str(home)
    with postgres.running(data, socket_dir=home) as server:
        variables = environment.demo(server.app_url, server.owner_url, sandbox_port=sandbox_port)
        return variables, _load(variables)


def _load(variables: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "flask", "open-demo"]
    done = subprocess.run(
        command, env=dict(variables), cwd=environment.project(), stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise CannotStart("make run stops: `flask open-demo` failed, see above.")
    return done.stdout


def _watch(process: subprocess.Popen[bytes], port: int, people: str) -> int:
    """Say when the city is open, and stay until we are told to stop."""
    stopping = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            process.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if _wait_until_ready(process, port, lambda: stopping):
        _welcome(port, people)
    code = process.wait()
    return 0 if stopping else code or 1


def _wait_until_ready(
    process: subprocess.Popen[bytes], port: int, stopping: Callable[[], bool]
) -> bool:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None and not stopping():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    return False


def _welcome(port: int, people: str) -> None:
    lines = "".join(f"  {line}\n" for line in people.splitlines())
    print(
        f"\n演示城市已就绪 The demo city is open: http://127.0.0.1:{port}/\n"
        f"可登录的演示人员（登录码、姓名、身份）:\n{lines}按 Ctrl-C 停止 Ctrl-C stops it.\n",
        flush=True,
    )


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(
                f"端口 {port} 已被占用 Port {port} is taken; choose another: make run PORT=8001"
            ) from None


def _number(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise CannotStart(f"{variable} 不是端口号 {variable} is no port number: {text}")
    return int(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Let one `make run` at a time use a data directory."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(
                f"make run 已在此目录运行 make run is already running on {data}"
            ) from None
        yield


@contextmanager
def _socket_dir() -> Iterator[Path]:
    """Give the server's socket one place for the whole run, so that it survives a restart."""
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if os.geteuid() == 0:
        os.chown(home, *([places_for(environment.data_dir() / "postgres").user or 0] * 2))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
