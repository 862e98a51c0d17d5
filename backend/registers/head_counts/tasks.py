"""What registers do by the clock."""

import logging

import procrastinate
from procrastinate import JobContext

from backend.core.db import Database
from backend.registers.head_counts import service

log = logging.getLogger("registers")

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="2 * * * *")
@blueprint.task(name="count_heads", queueing_lock="count_heads", pass_context=True)
def count_heads(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Count the members of communities' own branches when a quarter is over; each hour, for a
    worker that was away."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        counted = service.count(session, context.additional_context["rules"])
    if counted:
        log.info("members of communities were counted", extra={"communities": counted})
