"""Folders the server's user can reach: pytest's own are closed to others."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder everybody may enter; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="party test "))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
