"""A loaded demo city, made once and copied for each run of the programs that needs one.

Loading a year of the city's life takes most of a minute; copying its files takes none. The city
lives relative to today, so what it is made from is the code and the day.
`python -m tests.system.template FOLDER` fills the data directory of a `make run`.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from launcher.places import places_for
from launcher.postgres import DATABASE, OWNER, Server, running
from tests.folders import open_folder
from tests.system.city import KEYS, ROOT, City, load

HOME = ROOT / ".cities"
MADE_FROM = ("backend", "launcher", "migrations", "miniprogram_api", "tests/system")
CLUSTER, SECRETS = "postgres", "secrets.env"
# What a city looked like when it was loaded, beside the database it lives in.
PRISTINE = "pristine"


def copy(target: Path) -> None:
    """Put a loaded city into a folder: its cluster, and the keys of its rows."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    with kept(HOME, f"{today}-{digest(ROOT)}", _make) as city:
        _copy(city / CLUSTER, places_for(target / CLUSTER).data)
        shutil.copy(city / SECRETS, target)


@contextmanager
def kept(home: Path, name: str, make: Callable[[Path], None]) -> Iterator[Path]:
    """Yield the folder of that name below `home`, made first where it is not there.

    One at a time makes or copies. The last step is a rename, so that half of one is none. What
    has another name is half made, or made from what is no more, and goes.
    """
    home.mkdir(exist_ok=True)
    found, building = home / name, home / "building"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            for old in (path for path in home.iterdir() if path.is_dir()):
                shutil.rmtree(old)
            building.mkdir()
            make(building)
            building.rename(found)
        yield found


def digest(root: Path) -> str:
    """Return what stands for all files a city is made from."""
    files = [root / "requirements.txt"]
    for folder in MADE_FROM:
        files += (path for path in (root / folder).rglob("*") if path.suffix != ".pyc")
    made_from = hashlib.sha256()
    for file in sorted(path for path in files if path.is_file()):
        made_from.update(f"{file.relative_to(root)}\0".encode())
        made_from.update(hashlib.sha256(file.read_bytes()).digest())
    return made_from.hexdigest()[:16]


def _make(building: Path) -> None:
    # Beside the copies nobody's server can start: their folder may be closed to its user.
    with open_folder() as folder:
        with running(folder / CLUSTER, durable=False) as server:
            load(City.of(server, folder))
            _keep(server)
        _copy(places_for(folder / CLUSTER).data, building / CLUSTER)
    secrets = building / SECRETS
    secrets.touch(mode=0o600)
    secrets.write_text("".join(f"{name}={value}\n" for name, value in KEYS.items()))


def _keep(server: Server) -> None:
    url = server.url("postgres", "postgres").replace("+psycopg", "")
    names = map(sql.Identifier, (PRISTINE, OWNER, DATABASE))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*names))


def _copy(cluster: Path, target: Path) -> None:
    """Copy a stopped server's data with its owner, as `shutil` does not."""
    subprocess.run(["cp", "-pR", str(cluster), str(target)], check=True)


if __name__ == "__main__":
    copy(Path(sys.argv[1]))
