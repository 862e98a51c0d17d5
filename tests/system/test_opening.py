"""A real city opens: docs/opening.md, command by command, from an empty server on."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import postgres
from tests import opening_city
from tests.folders import open_folder
from tests.system.city import ROOT, City, answers, eventually

# OPENING_MEMBERS=20000 opens a whole city, in some minutes.
MEMBERS = int(os.environ.get("OPENING_MEMBERS", "300"))
STEP = re.compile(r"```sh\n(.*?)```(?:\n```\n(.*?)```)?", re.DOTALL)
START = "start_programs\n"
CUT = "=== next ==="
# What the page takes for granted: how the program is called, and somebody's phone.
GIVEN = r"""
flask() { "$PYTHON" -m flask --app wsgi "$@"; }
minted() {
  curl -sf "$SANDBOX/_ctl/$1" -H 'Content-Type: application/json' -d "$2" | field "['code']"
}
on_the_phone() {
  local code=$(minted code "{\"openid\": \"of-$1\"}")
  local proof=$(minted phone "{\"openid\": \"of-$1\", \"phone\": \"$1\"}")
  local token=$(curl -s --fail-with-body $API/sessions -H 'Content-Type: application/json' \
    -d "{\"code\": \"$code\"}" | field "['token']")
  agree $token
  call POST /me/member-link $token "{\"phone_code\": \"$proof\"}" >&2
  echo $token
}
"""


@pytest.fixture
def empty() -> Iterator[City]:
    """Nothing but a server without a table, and the settings of a city."""
    with open_folder() as folder, postgres.running(folder / "data", durable=False) as server:
        city = City.of(server, folder)
        city.server = server
        city.environment["APP_ENV"] = "test"  # a real city, but for its WeChat
        try:
            yield city
        finally:
            city.stop()


def walk(city: City, steps: list[tuple[str, str]], **given: str) -> list[str]:
    """Run these commands in one shell; return what each printed."""
    script = f"echo '{CUT}'\n".join(commands for commands, _ in steps)
    known = {"PYTHON": sys.executable, "API": city.api, "SANDBOX": city.sandbox}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", GIVEN + script],
        env=city.environment | known | given,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split(f"{CUT}\n")


def compare(steps: list[tuple[str, str]], seen: list[str]) -> None:
    """Insist on what the page prints; … stands for whatever differs."""
    for (_, printed), said in zip(steps, seen, strict=True):
        pattern = "\n".join(re.escape(line).replace("…", ".*") for line in printed.splitlines())
        assert not printed or re.fullmatch(pattern, said.strip()), said


def test_a_city_opens_as_the_page_says(empty: City) -> None:
    page = (ROOT / "docs" / "opening.md").read_text(encoding="utf-8")
    steps = STEP.findall(page)
    at = next(place for place, (commands, _) in enumerate(steps) if commands == START)
    lists = Path(empty.folder, "lists")
    lists.mkdir()
    opening_city.write(lists, MEMBERS)
    names = "陈一\nanquan\n林二\nxitong\n"
    seen = walk(empty, steps[:at], LISTS=str(lists), ADMINISTRATORS=names)
    compare(steps[:at], seen)
    once = re.findall(r"登录名 (\w+)，一次性密码 ([\w-]+)", "".join(seen))
    passwords = {f"{name.upper()}_ONCE": password for name, password in once}

    empty.start_sandbox()
    empty.start_worker()
    empty.start_web()
    eventually(lambda: answers(f"{empty.root}/ready"), seconds=60)
    branches = max(3, MEMBERS // opening_city.PER_BRANCH)
    # Both of an organ of the city, whose members are to register.
    secretary, member = (opening_city.person(number, branches) for number in (0, 2))
    people = {
        "LISTS": str(lists),
        "SECRETARY_NAME": secretary.name,
        "SECRETARY_PHONE": secretary.phone,
        "MEMBER_PHONE": member.phone,
    }
    compare(steps[at + 1 :], walk(empty, steps[at + 1 :], **passwords, **people))
    assert empty.rows("SELECT count(*) FROM member WHERE active")[0][0] == MEMBERS
    waiting = empty.rows("SELECT count(*) FROM appointment WHERE status = 'proposed'")
    assert waiting[0][0] == branches
    assert empty.flask("ledger-check").returncode == 0
    logs = empty.logs()
    assert not [secret for secret in (*passwords.values(), member.phone) if secret in logs]
