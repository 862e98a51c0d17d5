"""What the clock does to activities."""

import procrastinate
from procrastinate import JobContext

from backend.community.volunteering.activities import service
from backend.core.db import Database

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="turn", queueing_lock="activities_turn", pass_context=True)
def turn(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Begin and end activities whose time has come, some at a time. Whoever reads before this ran
    sees the status by the clock anyway."""
    database: Database = context.additional_context["database"]
    more = True
    while more:
        with database.transaction() as session:
            more = service.turn_due(session) > 0
