"""Background jobs: deferred by task name, inside the transaction that causes them."""

import logging
from typing import Any

import procrastinate
import sqlalchemy as sa
from sqlalchemy.orm import Session

log = logging.getLogger("jobs")

# Deferring always brings its own connection, so this connector is never opened.
_deferring = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())

# Of the queue's own table, what is asked here.
_JOBS = sa.table(
    "procrastinate_jobs",
    sa.column("id", sa.BigInteger),
    sa.column("task_name", sa.Text),
    sa.column("status", sa.Text),
    sa.column("args", sa.JSON),
)


def at(hour: int, minute: int, days: str = "* * *") -> str:
    """Return the cron of a time of day in Shanghai; the queue reads them in UTC.

    `days` (of the month, months, of the week) goes with hours from 8 on alone: what is earlier is
    the day before there.
    """
    if hour < 8 and days != "* * *":
        raise ValueError("before 8:00 it is another day in UTC")
    return f"{minute} {(hour - 8) % 24} {days}"


def waits(task: str, name: str, value: sa.SQLColumnExpression[int]) -> sa.ColumnElement[bool]:
    """Say whether a job for `task` is to come or under way whose argument `name` is `value`."""
    job = _JOBS.c
    return sa.exists().where(
        job.task_name == task,
        sa.cast(job.status, sa.Text).in_(("todo", "doing")),
        job.args.op("->>")(name) == sa.cast(value, sa.Text),
    )


def take_up(
    session: Session,
    task: str,
    argument: str,
    pending: sa.Select[Any],
    id_: sa.SQLColumnExpression[int],
) -> int:
    """Defer `task` for each row of `pending` that no job is about: its job was lost.

    `argument` is what the task calls the row's id. At most 500 at once; returns how many.
    """
    lost = pending.with_only_columns(id_).where(~waits(task, argument, id_)).limit(500)
    ids = session.scalars(lost).all()
    for found in ids:
        given: dict[str, Any] = {argument: found}
        defer(session, task, **given)
    if ids:
        log.warning("taken up again without a job", extra={"task": task, "count": len(ids)})
    return len(ids)


def given_up(session: Session) -> dict[str, int]:
    """Return how many jobs of each task failed for the last time."""
    job = _JOBS.c
    found = sa.select(job.task_name, sa.func.count()).group_by(job.task_name)
    failed = found.where(sa.cast(job.status, sa.Text) == "failed").order_by(job.task_name)
    return {str(task): int(count) for task, count in session.execute(failed)}


def retry_given_up(session: Session) -> int:
    """Have every job that failed for the last time done once more; return how many."""
    failed = sa.select(_JOBS.c.id).where(sa.cast(_JOBS.c.status, sa.Text) == "failed")
    ids = session.scalars(failed).all()
    again = sa.text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)")
    for id_ in ids:
        session.execute(again, {"id": id_})
    return len(ids)


def defer(
    session: Session,
    task: str,
    /,
    *,
    queueing_lock: str | None = None,
    in_seconds: int = 0,
    **args: Any,
) -> None:
    """Put a job for `task` (`capability:name`) into the queue, to be done in `in_seconds` or later.

    The job exists exactly when the session's transaction commits. `args` must be JSON values.
    """
    connection = session.connection().connection.driver_connection
    session.flush()  # the job may name rows that are still pending
    _deferring.configure_task(
        task,
        connection=connection,
        allow_unknown=True,
        queueing_lock=queueing_lock,
        schedule_in={"seconds": in_seconds} if in_seconds else None,
    ).defer(**args)
