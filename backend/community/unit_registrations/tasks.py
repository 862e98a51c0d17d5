"""What units' registrations do by the clock."""

import procrastinate
from procrastinate import JobContext

from backend.community.unit_registrations import service
from backend.core import queue
from backend.core.db import Database

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron=queue.at(8, 37))
@blueprint.task(name="let_fall_due", queueing_lock="let_fall_due", pass_context=True)
def let_fall_due(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Ask for renewals in the morning; after New Year's Day there is hardly anything to ask."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        service.let_fall_due(session)
