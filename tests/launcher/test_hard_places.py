"""The embedded PostgreSQL and `make run` where the machine is not as one would wish."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from launcher import places, supervisor
from launcher.places import NOBODY, places_for
from launcher.postgres import Server, running
from tests.folders import open_folder
from tests.system import template
from tests.system.city import eventually, free_port

USE = "import sys; from pathlib import Path; from launcher.postgres import running\n"
USE += "with running(Path(sys.argv[1])): print('running', flush=True); sys.stdin.read()"


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def execute(server: Server, query: str) -> None:
    with psycopg.connect(server.owner_url.replace("+psycopg", "")) as connection:
        connection.execute(query.encode())


def test_of_two_starts_at_once_one_starts_and_both_run(folder: Path, root: Path) -> None:
    command = [sys.executable, "-c", USE, str(folder / "data")]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe) for _ in range(2)]

    said = [process.stdout.readline() for process in both if process.stdout]

    for process in both:
        process.communicate(timeout=60)
    assert said == [b"running\n"] * 2
    assert [process.returncode for process in both] == [0, 0]


def test_the_number_of_another_clusters_server_is_stale_too(folder: Path) -> None:
    with running(folder / "first"):
        lines = (folder / "first" / "postmaster.pid").read_text(encoding="utf-8").split("\n")
    with running(folder / "second", durable=False) as other:
        pid_file = folder / "first" / "postmaster.pid"
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]), encoding="utf-8")
        if os.geteuid() == 0:
            os.chown(pid_file, NOBODY, NOBODY)
        with running(folder / "first") as again:
            assert again.pid != other.pid


def test_neither_umask_nor_a_copy_made_by_root_shuts_the_server_out(folder: Path) -> None:
    before = os.umask(0o077)
    try:
        with running(folder / ".data" / "postgres", durable=False) as server:
            execute(server, "CREATE TABLE kept ()")
    finally:
        os.umask(before)
    if os.geteuid() == 0:
        for path in (folder / ".data" / "postgres").rglob("*"):
            os.chown(path, 0, 0)
        os.chown(folder / ".data" / "postgres", 0, 0)
    with running(folder / ".data" / "postgres", durable=False) as server:
        execute(server, "SELECT FROM kept")


@pytest.mark.parametrize("kind", ["link", "open to others"])
def test_what_somebody_else_put_in_its_place_is_refused(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ELSEWHERE", folder / "elsewhere")
    closed, victim = folder / "closed", folder / "victim"
    for path in (closed, victim, folder / "elsewhere"):
        path.mkdir(mode=0o700)
    if os.geteuid() != 0:
        assert places_for(closed / "data").data == closed / "data"
        return
    home = places_for(closed / "data").data.parent
    home.rmdir()
    if kind == "link":
        home.symlink_to(victim)
    else:
        home.mkdir()
        home.chmod(0o777)

    with pytest.raises(RuntimeError, match="somebody else"):
        places_for(closed / "data")

    assert victim.stat().st_uid == 0


def test_the_servers_messages_hold_no_rows(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with running(folder / "data", durable=False) as server:
        execute(server, "CREATE TABLE person (phone text CHECK (phone = ''))")
        with pytest.raises(psycopg.errors.CheckViolation):
            execute(server, "INSERT INTO person VALUES ('13800000000')")
    told = capfd.readouterr().err
    assert "ready to accept connections" in told
    assert "check constraint" not in told
    assert "13800000000" not in told


def test_worker_and_gunicorn_stop_side_by_side(tmp_path: Path) -> None:
    programs = [supervisor.POSTGRES, supervisor.sandbox(1, 2), supervisor.WORKER, supervisor.WEB]
    text = supervisor.configuration(programs, home=tmp_path, directory=tmp_path, user="root")
    assert "programs=worker,web\n" in text


@pytest.mark.xdist_group("run")  # it loads a city too: not at the same time as the other
def test_a_reader_behind_a_socket_hears_it_and_a_killed_one_leaves_nobody(
    root: Path, folder: Path
) -> None:
    template.copy(folder)
    ours, its = socket.socketpair()
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    environment |= {"PORT": str(free_port()), "DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "launcher.run"]
    run = subprocess.Popen(
        command, cwd=root, env=environment, stdout=its.fileno(), stderr=its.fileno()
    )
    its.close()
    ours.settimeout(1)
    heard = b""

    def hears(words: bytes) -> bool:
        nonlocal heard
        with suppress(TimeoutError):
            heard += ours.recv(65536)
        return words in heard

    eventually(lambda: hears(b"Ctrl-C stops it"), seconds=110)
    family = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGKILL)
    run.wait()
    ours.close()

    end = time.monotonic() + 40
    assert psutil.wait_procs(family, timeout=end - time.monotonic())[1] == []
