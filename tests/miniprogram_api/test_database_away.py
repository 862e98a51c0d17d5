"""What is answered while the database is busy, moves to another host or has no room."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import g

from backend.core import db, migrations
from launcher.postgres import Server
from miniprogram_api import health
from miniprogram_api.app import MiniProgramApi
from tests.http_client import Serve

NOTICE = "/api/v1/about"


@pytest.fixture
def real(serve: Serve, server: Server) -> Iterator[Any]:
    """The application on connections of its own, as it is when it serves."""
    database = db.connect(server.app_url, pool_size=2, lock_seconds=0.2)
    yield serve(database)
    database.dispose()


def asking(
    app: MiniProgramApi, monkeypatch: pytest.MonkeyPatch, *statements: str
) -> tuple[int, Any, Any]:
    """Return what is answered by an endpoint that runs `statements`."""

    def run() -> dict[str, object]:
        for statement in statements:
            g.session.execute(sa.text(statement))
        return {}

    monkeypatch.setitem(app.view_functions, "about.show_about", run)
    answer = app.test_client().get(NOTICE)
    return answer.status_code, answer.get_json(), answer.headers


def test_a_standby_is_left_and_the_next_request_finds_the_primary(
    real: MiniProgramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = "DELETE FROM throttle_misses"
    became_standby = "SET default_transaction_read_only = on"
    assert asking(real, monkeypatch, became_standby, "COMMIT")[0] == 200

    status, said, headers = asking(real, monkeypatch, write)

    assert (status, said["code"]) == (503, "database_unavailable")
    assert int(headers["Retry-After"]) > 0
    assert asking(real, monkeypatch, write)[0] == 200


def test_nobody_waits_long_for_a_row_that_somebody_holds(
    real: MiniProgramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with real.database.transaction() as other:
        other.execute(sa.text("LOCK TABLE throttle_misses IN SHARE MODE"))
        status, said, headers = asking(real, monkeypatch, "DELETE FROM throttle_misses")

    assert (status, said["code"]) == (503, "busy")
    assert "请" in said["message"]
    assert int(headers["Retry-After"]) > 0


def test_a_statement_that_takes_too_long_is_answered(
    real: MiniProgramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = ("SET LOCAL statement_timeout = 50", "SELECT pg_sleep(5)")

    status, said, headers = asking(real, monkeypatch, *slow)

    assert (status, said["code"]) == (503, "busy")
    assert int(headers["Retry-After"]) > 0


def ready(app: MiniProgramApi) -> tuple[int, Any]:
    answer = app.test_client().get("/ready")
    return answer.status_code, answer.get_json()


def test_a_newer_schema_and_a_missing_worker_keep_nobody_from_serving(
    real: MiniProgramApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "newest", lambda: "0001")
    status, checks = ready(real)
    assert (status, checks["migrations"], checks["worker"]) == (200, True, False)

    monkeypatch.setattr(migrations, "newest", lambda: "9999")
    assert ready(real)[0] == 503


def test_a_full_disk_is_not_ready(real: MiniProgramApi, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ready(real)[1]["disk"] is True

    monkeypatch.setattr(health, "ROOM_BYTES", 10**18)
    assert ready(real) == (503, ready(real)[1] | {"disk": False, "database": True})


def test_neither_is_a_database_without_room(real: MiniProgramApi, server: Server) -> None:
    administrator = sa.create_engine(server.admin_url, isolation_level="AUTOCOMMIT")
    role = sa.make_url(server.app_url).username
    with administrator.connect() as connection:
        connection.execute(sa.text(f"ALTER ROLE {role} SET temp_file_limit = '1kB'"))
        try:
            status, checks = ready(real)
        finally:
            connection.execute(sa.text(f"ALTER ROLE {role} RESET temp_file_limit"))
    administrator.dispose()
    assert (status, checks["database"], checks["disk"]) == (503, True, False)
