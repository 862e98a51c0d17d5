"""Runs the reminders that have come due: whom they concern, each capability knows."""

import logging

import procrastinate
from procrastinate import JobContext

from backend import capabilities
from backend.core.db import Database
from backend.support.notifications import reminders

log = logging.getLogger("jobs")

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="* * * * * */15")
@blueprint.task(name="remind", queueing_lock="remind", pass_context=True)
def remind(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Send what is due, each reminder in a transaction of its own; one that fails waits alone."""
    database: Database = context.additional_context["database"]
    failed: set[int] = set()
    while _remind_of_one(database, failed):
        pass


def _remind_of_one(database: Database, failed: set[int]) -> bool:
    """Return whether there may be more; adds the id of one that failed."""
    taken: int | None = None
    try:
        with database.transaction() as session:
            row = reminders.take_due(session, leaving_out=failed)
            if row is None:
                return False
            taken = row.id
            reminders.settle(session, row, capabilities.HANDLERS[row.kind])
    except Exception:
        if taken is None:
            raise  # not the reminder's fault: the database is away
        failed.add(taken)
        log.exception("a reminder failed", extra={"reminder_id": taken})
    return True
