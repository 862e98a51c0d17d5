"""What the clock does to demands."""

import procrastinate
from procrastinate import JobContext

from backend.community.demands import expiry
from backend.core.db import Database

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="13 * * * *")
@blueprint.task(name="expire", queueing_lock="demands_expire", pass_context=True)
def expire(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Take off the list what nobody took up in time, some at a time."""
    database: Database = context.additional_context["database"]
    more = True
    while more:
        with database.transaction() as session:
            more = expiry.expire_due(session) > 0
