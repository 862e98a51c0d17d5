"""Background jobs: deferred by task name, inside the transaction that causes them."""

from typing import Any

import procrastinate
from sqlalchemy.orm import Session

# Deferring always brings its own connection, so this connector is never opened.
_deferring = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


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
