"""`python -m launcher.command flask ledger-check`: one command in the right environment.

Where DATABASE_URL is set the environment is the operator's own. Where it is not, it is the demo's,
and its PostgreSQL is used if it runs, else started for as long as the command takes.
`--offline` is for commands that open no connection.
"""

import os
import subprocess
import sys

from launcher import environment
from launcher.postgres import running


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--offline"]:
        return _run(arguments[1:], environment.offline())
    if "DATABASE_URL" in os.environ:
        return _run(arguments, dict(os.environ))
    with running(environment.data_dir() / "postgres") as server:
        return _run(arguments, environment.demo(server.app_url, server.owner_url))


def _run(arguments: list[str], variables: dict[str, str]) -> int:
    command = [sys.executable, "-m", *arguments]
    variables = {"FLASK_APP": "wsgi", **variables}
    return subprocess.run(command, env=variables, cwd=environment.project()).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
