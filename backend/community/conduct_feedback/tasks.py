"""Hands feedback over to the home branches: when it was answered, and when the term has passed."""

import procrastinate
from procrastinate import JobContext

from backend.community.conduct_feedback import service
from backend.core import queue
from backend.core.db import Database

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron=queue.at(7, 23))
@blueprint.task(name="hand_over", pass_context=True)
def hand_over(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Hand over what is due each morning, and at once after an answer; twice does no harm."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        service.hand_over_due(session)


@blueprint.periodic(cron=queue.at(8, 47, "1 12 *"))
@blueprint.task(name="ask_for_the_year", queueing_lock="ask_for_the_year", pass_context=True)
def ask_for_the_year(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Ask on the first of December; who was asked is not asked again."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        service.ask_for_the_year(session)
