"""Hands feedback over to the home branches: when it was answered, and when the term has passed."""

import procrastinate
from procrastinate import JobContext

from backend.conduct_feedback import service
from backend.core.db import Database

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="23 7 * * *")
@blueprint.task(name="hand_over", pass_context=True)
def hand_over(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Each morning, and at once after an answer; twice does no harm."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        service.hand_over_due(session)
