"""`python -m tests.system.unproven FOLDER`: let every sign-in of a running city be old, so that who
sits there must be proven anew before rights are given."""

import sys
from pathlib import Path

import psycopg

from launcher.places import places_for
from launcher.postgres import OWNER, find_running
from tests.system.template import CLUSTER

AGED = "UPDATE login_session SET proven_at = proven_at - interval '11 minutes'"


def main(folder: Path) -> None:
    server = find_running(places_for(folder / CLUSTER))
    assert server is not None, "the city does not run"
    url = server.url(OWNER).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute(AGED)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
