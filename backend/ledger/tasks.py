"""What the ledger does by the clock."""

import logging

import procrastinate
from procrastinate import JobContext

from backend.core.db import Database
from backend.ledger import binding

log = logging.getLogger("ledger")

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="5 * * * *")
@blueprint.task(name="turn_day", queueing_lock="turn_day", pass_context=True)
def turn_day(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Let the day turn: facts begin and end, and whoever is bound by now has a duty year.

    At five past midnight in Shanghai; in each other hour, what a worker missed that was away. In
    December next year's are made, so that nobody is missing from them on New Year's Day.
    """
    database: Database = context.additional_context["database"]
    rules = context.additional_context["rules"]
    turned = binding.turn_day(database, rules)
    bound = binding.rebind_all(database, rules, binding.open_years())
    log.info("the day has turned", extra={"turned": turned, "bound": bound})
