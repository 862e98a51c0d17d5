"""`python -m tests.system.recycle FOLDER PID`: give a running city its first day back.

The city's database is made anew from the copy that was kept when it was loaded, and the programs
that hold something of it in memory are started again: much less work than opening another city.
`PID` is that of its `launcher.run`, whose supervisor starts again what was ended.
"""

import sys
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from launcher.places import places_for
from launcher.postgres import DATABASE, OWNER, Server, find_running
from tests.system.template import CLUSTER, PRISTINE

REMEMBER = ("backend.jobs", "wechat_sandbox")


def main(folder: Path, run: int) -> None:
    server = find_running(places_for(folder / CLUSTER))
    assert server is not None, "the city does not run"
    renew(server)
    for process in psutil.Process(run).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has ended by itself
            if set(REMEMBER) & set(process.cmdline()):
                process.kill()


def renew(server: Server) -> None:
    names = {
        "city": sql.Identifier(DATABASE),
        "owner": sql.Identifier(OWNER),
        "kept": sql.Identifier(PRISTINE),
    }
    url = server.url("postgres", "postgres").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {city} WITH (FORCE)").format(**names))
        made = sql.SQL("CREATE DATABASE {city} OWNER {owner} TEMPLATE {kept} STRATEGY FILE_COPY")
        connection.execute(made.format(**names))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
