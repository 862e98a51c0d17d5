"""`make run` itself: opens the city, restarts what dies, stops everything."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests

from launcher.supervisor import WEB, configuration
from tests.folders import open_folder
from tests.system import template
from tests.system.city import eventually, free_port

# One city, ended by the last test: all in one process of the runner.
pytestmark = pytest.mark.xdist_group("run")


class Run:
    """A `make run` in a data directory of its own."""

    def __init__(self, root: Path, data: Path) -> None:
        self.port, self.output = free_port(), data / "output.txt"
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment |= {"PORT": str(self.port), "DATA_DIR": str(data)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launcher.run"],
                env=environment,
                cwd=root,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, *words: str) -> psutil.Process:
        """Return the oldest of our processes whose command line has all the words."""
        found = [p for p in self.family() if all(w in " ".join(p.cmdline()) for w in words)]
        return min(found, key=lambda process: process.create_time())


@pytest.fixture(scope="module")
def run(root: Path) -> Iterator[Run]:
    with open_folder() as folder:
        # A loaded city as all other tests of the whole use it: loading is tried where it is made.
        template.copy(folder)
        started = Run(root, folder)
        try:
            eventually(lambda: "Ctrl-C stops it" in started.text, seconds=110)
            yield started
        finally:
            started.process.send_signal(signal.SIGINT)
            started.process.wait(60)


def test_it_says_where_to_open_it_and_who_can_sign_in(run: Run) -> None:
    assert f"http://127.0.0.1:{run.port}/\n" in run.text
    assert "demo-city-officer" in run.text
    assert "PostgreSQL of our own" in run.text


STEP = re.compile(r"```sh\n(.*?)```(?:\n```\n(.*?)```)?", re.DOTALL)
CUT = "=== next ==="
# What differs from run to run: numbers of papers and hashes, numbers, verdicts, what is left out.
VARIES = re.compile(r"(?=\w*\d)[0-9A-Za-z]{6,}|\d+|\b(?:met|on_track|at_risk|overdue)$|…")


def _as_printed(line: str) -> str:
    """Return the pattern of what a line of the tour stands for."""
    kept = [re.escape(part) for part in VARIES.split(line)]
    varying = [".*" if found == "…" else r"[\w-]+" for found in VARIES.findall(line)]
    return "".join(part for pair in zip(kept, [*varying, ""], strict=True) for part in pair)


def test_the_tour_of_the_api_goes_as_it_is_printed(run: Run, root: Path) -> None:
    tour = (root / "docs" / "tour.md").read_text(encoding="utf-8")
    steps = STEP.findall(tour.replace("127.0.0.1:8000", f"127.0.0.1:{run.port}"))
    script = f"echo '{CUT}'\n".join(commands for commands, _ in steps)
    walked = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=120
    )

    assert walked.returncode == 0, walked.stderr
    for (_, printed), seen in zip(steps, walked.stdout.split(f"{CUT}\n"), strict=True):
        pattern = "\n".join(map(_as_printed, printed.splitlines()))
        assert not printed or re.fullmatch(pattern, seen.strip()), seen
    for met in ("2i 到居住地社区报到 1/1项 met", "12g 成员单位每年认领服务项目 1/1个 met"):
        assert met in seen.splitlines()


@pytest.mark.parametrize(
    "words", [("backend.jobs",), ("gunicorn",), ("wechat_sandbox",), ("bin/postgres", "-D")]
)
def test_what_dies_is_started_again(run: Run, words: tuple[str, ...]) -> None:
    victim = run.find(*words)
    for process in (victim, *victim.children(recursive=True)):
        process.kill()

    def back() -> bool:
        return run.find(*words).pid != victim.pid and run.ready()

    eventually(lambda: _tried(back), seconds=90)


def _tried(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (ValueError, psutil.Error):  # it is not there yet, or just gone
        return False


def test_a_second_one_in_the_same_folder_is_refused(run: Run, root: Path) -> None:
    data = str(run.output.parent)
    environment = os.environ | {"PORT": str(free_port()), "DATA_DIR": data}

    second = subprocess.run(
        [sys.executable, "-m", "launcher.run"],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert "already running" in second.stderr


def test_a_taken_port_is_named_before_anything_starts(root: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = os.environ | {"PORT": port, "DATA_DIR": str(tmp_path)}
        refused = subprocess.run(
            [sys.executable, "-m", "launcher.run"],
            env=environment,
            cwd=root,
            capture_output=True,
            text=True,
        )

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_stops_everything_and_leaves_no_process(run: Run) -> None:
    """The last test of the file: it ends what the others used."""
    family = run.family()
    began = time.monotonic()
    run.process.send_signal(signal.SIGINT)

    assert run.process.wait(60) == 0
    assert time.monotonic() - began < 45
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_percent_sign_in_a_path_is_no_expansion(tmp_path: Path) -> None:
    text = configuration([WEB], home=tmp_path, directory=Path("/srv/100% ours"), user="root")

    assert "directory=/srv/100%% ours" in text
