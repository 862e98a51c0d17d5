"""Looks each morning for those a branch should ask after."""

import procrastinate
from procrastinate import JobContext

from backend.branch_life.absences import alerts
from backend.core import queue
from backend.core.db import Database

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron=queue.at(7, 41))
@blueprint.task(name="tell", queueing_lock="absence_alerts", pass_context=True)
def tell(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Tell of each gap and step once: a second run does no harm."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        alerts.tell(session)
