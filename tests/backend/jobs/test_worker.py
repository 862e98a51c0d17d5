"""How a worker reaches its database, and what it does when that is away for a while."""

from typing import Any

import procrastinate
import pytest
import sqlalchemy as sa
from procrastinate import exceptions, jobs
from psycopg import conninfo

from backend.core import db
from backend.jobs import app as queue_app
from backend.jobs.__main__ import conninfo as libpq


def told(url: str) -> dict[str, Any]:
    return conninfo.conninfo_to_dict(libpq(url))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app:secret@/party?host=one:5432&host=two:5433",
        "postgresql://app:secret@/party?host=one,two&port=5432,5433",
    ],
)
def test_a_worker_knows_every_host_of_the_address(url: str) -> None:
    found = told(url + "&target_session_attrs=read-write")

    assert (found["host"], found["port"]) == ("one,two", "5432,5433")
    assert found["target_session_attrs"] == "read-write"
    assert (found["user"], found["password"], found["dbname"]) == ("app", "secret", "party")


def test_hosts_without_ports_are_not_dropped() -> None:
    assert told("postgresql://app@/party?host=one&host=two")["host"] == "one,two"


def test_a_host_that_is_cut_off_is_given_up_within_seconds() -> None:
    found = told("postgresql://app@one/party?keepalives_idle=60")

    assert found["tcp_user_timeout"] == "10000"
    assert found["keepalives_idle"] == "60"


def test_so_is_it_by_the_api() -> None:
    database = db.connect("postgresql://app@/party?host=one&tcp_user_timeout=7", pool_size=1)
    asked: dict[str, Any] = {}

    @sa.event.listens_for(database.bind, "do_connect")
    def refuse(_dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> None:
        asked.update(given)
        raise RuntimeError("no connection is wanted")

    with pytest.raises(RuntimeError), database.transaction() as session:
        session.execute(sa.text("SELECT 1"))
    assert str(asked["tcp_user_timeout"]) == "7"
    assert (asked["keepalives_interval"], asked["keepalives_count"]) == (3, 3)
    assert "lock_timeout=3000" in asked["options"]


HICCUPS = [
    sa.exc.OperationalError("SELECT 1", {}, Exception()),
    sa.exc.InterfaceError("SELECT 1", {}, Exception()),
    sa.exc.InternalError("SELECT 1", {}, Exception()),
    sa.exc.TimeoutError(),
    exceptions.ConnectorException(),
]


@pytest.fixture(scope="module")
def app() -> procrastinate.App:
    return queue_app.create("", concurrency=1)


@pytest.mark.parametrize("hiccup", HICCUPS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("attempts", [0, 5])
def test_every_job_that_meets_a_hiccup_is_tried_again(
    app: procrastinate.App, hiccup: Exception, attempts: int
) -> None:
    for name, task in app.tasks.items():
        job = jobs.Job(
            id=1, queue="q", lock=None, queueing_lock=None, task_name=name, attempts=attempts
        )
        own = name.startswith(("procrastinate.", "builtin:"))
        assert own or task.get_retry_exception(exception=hiccup, job=job), name
