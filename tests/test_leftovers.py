"""A run of tests that is killed leaves no server behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests import leftovers

START = """
import sys, time
from pathlib import Path
from launcher import postgres
from tests.folders import open_folder
from tests.leftovers import watched
with watched(), open_folder() as folder, postgres.running(folder / "data", durable=False) as server:
    print(server.pid, flush=True)
    time.sleep(60)
"""


def test_what_ended_by_itself_holds_up_nothing() -> None:
    """A process that nobody has fetched says nothing of itself, and once ended the watcher."""
    marked = os.environ | {leftovers.NAME: "ended"}
    with subprocess.Popen(["sleep", "0"], env=marked) as gone:
        until = time.monotonic() + 10
        while psutil.Process(gone.pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until
            time.sleep(0.05)
        with subprocess.Popen(["sleep", "60"], env=marked) as left:
            found = [psutil.Process(one.pid) for one in (gone, left)]
            leftovers.stop(found)
            assert not found[1].is_running()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_leaves_no_postgresql_behind(root: Path, how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", START], cwd=root, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        server = psutil.Process(int(run.stdout.readline()))
        data = Path(server.cmdline()[server.cmdline().index("-D") + 1])
        assert data.exists()
        run.send_signal(how)

    server.wait(20)
    until = time.monotonic() + 10
    while data.exists():
        assert time.monotonic() < until
        time.sleep(0.1)
