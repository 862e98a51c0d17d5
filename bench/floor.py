"""What the shortest requests cost in CPU, beside a bare Flask route in the same run.

`make bench-floor` prints one JSON object a line: milliseconds of CPU, their ratio to the bare
route, statements, and statements compiled although the process is warm. In process, by WSGI calls:
neither sockets nor gunicorn are in it, nor the work of PostgreSQL itself. `NAMES=duties,me` asks
those alone.
"""

import json
import logging
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, jsonify
from sqlalchemy.sql.compiler import SQLCompiler
from werkzeug.test import EnvironBuilder

from backend.core import crypto, db, migrations
from backend.core import logging as our_logging
from backend.core.actor import Actor
from backend.core.db import Database
from backend.core.settings import DEFAULT_RULE_PACK, Settings
from backend.people.members import service as members
from backend.people.members.models import Account
from launcher.postgres import Server, running
from miniprogram_api import compose
from miniprogram_api.app import create_app
from tests.conftest import KEY
from tests.factories import Make
from tests.folders import open_folder

# Short rounds: what others do on the machine falls on few of them, and the least shows the work.
WARM, ROUNDS, EACH = 40, 30, 15

Wsgi = Callable[..., Any]
Asked = dict[str, tuple[Wsgi, dict[str, Any]]]


def bare() -> Flask:
    """Return an application that answers with JSON and does nothing else."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: jsonify({"items": [], "next_cursor": None}))
    return app


def signed_in(app: Wsgi, path: str, token: str) -> tuple[Wsgi, dict[str, Any]]:
    environ = EnvironBuilder(path=f"/api/v1{path}").get_environ()
    return app, environ | {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def call(app: Wsgi, environ: dict[str, Any]) -> str:
    """Answer one request as a server would; return its status."""
    said: list[str] = []
    answer = app(dict(environ), lambda status, *_: said.append(status))
    b"".join(answer)
    answer.close()
    return said[0]


def populate(database: Database, keys: crypto.Crypto) -> tuple[str, str]:
    """Make a branch in a community with twenty projects; return the tokens of a member there and
    of somebody who has nothing."""
    with database.transaction() as session:
        make = Make(session, keys)
        community = make.community()
        branch = make.branch(make.unit(community))
        member = make.actor(make.member(branch, community_id=community.id))
        other = make.actor(make.member(branch))
        for _ in range(24):
            make.project(community)
        return _token(session, member), _token(session, other)


def _token(session: Any, actor: Actor) -> str:
    account = session.get_one(Account, actor.account_id)
    return members.open_session(session, account).token


def settings_for(server: Server, folder: Path) -> Settings:
    values = {
        "app_env": "test",
        "database_url": server.app_url,
        "migration_database_url": server.owner_url,
        "field_keys": f"k1:{KEY}",
        "lookup_key": KEY,
        "wechat_appid": "wx0000000000test01",
        "wechat_secret": "no-secret",
        "wechat_api_base": "http://127.0.0.1:9",
        "rule_pack": DEFAULT_RULE_PACK,
        "rule_pack_overlay": None,
        "attachment_store": str(folder),
    }
    return Settings.model_validate(values)


@contextmanager
def counting(engine: sa.Engine) -> Iterator[dict[str, int]]:
    """Count the statements that run, and those that SQLAlchemy compiles first."""
    seen = {"statements": 0, "compiled": 0}
    made = SQLCompiler.__init__

    def note(*_arguments: object) -> None:
        seen["statements"] += 1

    def compiling(self: SQLCompiler, *arguments: Any, **given: Any) -> None:
        seen["compiled"] += 1
        made(self, *arguments, **given)

    sa.event.listen(engine, "before_cursor_execute", note)
    SQLCompiler.__init__ = compiling  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        SQLCompiler.__init__ = made  # type: ignore[method-assign]
        sa.event.remove(engine, "before_cursor_execute", note)


def measure(asked: Asked, engine: sa.Engine) -> Iterator[dict[str, Any]]:
    """Ask everything in turns, so that each meets the same machine; yield what each costs."""
    counts = {}
    for name, request in asked.items():
        for _ in range(WARM):
            assert call(*request).startswith("200"), name
        with counting(engine) as counts[name]:
            call(*request)
    costs: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, request in asked.items():
            costs[name].append(_cpu_ms(request))
    for name, each in costs.items():
        yield {
            "request": name,
            "cpu_ms": round(min(each), 3),
            "median_ms": round(statistics.median(each), 3),
            "of_bare": round(min(each) / min(costs["bare"]), 1),
            **counts[name],
        }


def _cpu_ms(request: tuple[Wsgi, dict[str, Any]]) -> float:
    began = time.process_time()
    for _ in range(EACH):
        call(*request)
    return (time.process_time() - began) / EACH * 1000


def main() -> None:
    with open_folder() as folder, running(folder / "data", durable=False) as server:
        migrations.migrate(server.owner_url, server.app_url)
        settings = settings_for(server, folder)
        _log_to_nobody()
        database = db.connect(server.app_url, pool_size=2)
        assert isinstance(database.bind, sa.Engine)
        app = create_app(database, compose.services_for(settings, database))
        member, other = populate(database, crypto.from_settings(settings))
        asked: Asked = {
            "bare": (bare(), EnvironBuilder(path="/").get_environ()),
            "empty": signed_in(app, "/me/claims", other),
            "duties": signed_in(app, "/me/duties", member),
            "projects": signed_in(app, "/projects", member),
            "me": signed_in(app, "/me", member),
            "inbox": signed_in(app, "/me/notifications", member),
        }
        if names := os.environ.get("NAMES"):
            asked = {name: asked[name] for name in ("bare", *names.split(","))}
        for line in measure(asked, database.bind):
            print(json.dumps(line), flush=True)
        database.dispose()


def _log_to_nobody() -> None:
    """Have the log lines written as in production, to where nobody reads them."""
    our_logging.configure("INFO")
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(tempfile.TemporaryFile("w"))  # noqa: SIM115  # as long as the process


if __name__ == "__main__":
    main()
