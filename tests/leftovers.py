"""Ends what a run of tests has started and could not stop, because it was killed itself.

Servers are started in sessions of their own, so no signal reaches them with their parent. They
all carry a mark in their environment, and a watcher waits for the run's end on a pipe: whatever
ends the run closes it. `python -m tests.leftovers MARK` is the watcher.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psutil

NAME = "PARTY_TEST_RUN"
ROOT = Path(__file__).parents[1]


@contextmanager
def watched() -> Iterator[str]:
    """Mark everything started from here on; it does not outlive this process."""
    mark = uuid4().hex
    os.environ[NAME] = mark
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.leftovers", mark],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield mark
    finally:
        watcher.kill()
        watcher.communicate()
        del os.environ[NAME]


def end(mark: str) -> None:
    """Stop every process of the mark: PostgreSQL in order, and its files go; others at once."""
    stop([process for process in psutil.process_iter() if _is_of(process, mark)])


def stop(left: Sequence[psutil.Process]) -> None:
    """Stop these; what has ended by itself holds up nothing."""
    folders = [folder for process in left if (folder := _data(process)) is not None]
    for process in left:
        with suppress(psutil.Error):  # it has ended meanwhile
            process.send_signal(signal.SIGINT if _data(process) else signal.SIGKILL)
    psutil.wait_procs(left, timeout=30)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _is_of(process: psutil.Process, mark: str) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(NAME) == mark
    except psutil.Error:
        return False


def _data(process: psutil.Process) -> Path | None:
    """Return where a PostgreSQL of tests keeps its data."""
    try:
        program, *arguments = process.cmdline() or [""]
    except psutil.Error:  # what has ended and is not fetched yet says nothing of itself
        return None
    if Path(program).name != "postgres" or "-D" not in arguments:
        return None
    return Path(arguments[arguments.index("-D") + 1])


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the run, and that ends this
    sys.stdin.buffer.read()
    end(sys.argv[1])
