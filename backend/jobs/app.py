"""The queue's application: every capability's tasks, and what runs by the clock."""

import logging

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext, RetryStrategy, exceptions

from backend import capabilities
from backend.accounts.console_logins import service as console_logins
from backend.branch_life.absences import tasks as absences
from backend.community.claims import tasks as claims
from backend.community.conduct_feedback import tasks as conduct_feedback
from backend.community.demands import tasks as demands
from backend.community.unit_registrations import tasks as unit_registrations
from backend.community.volunteering.activities import tasks as activities
from backend.core import idempotency, queue, throttle
from backend.core.db import Database
from backend.jobs import imports, reminders
from backend.ledger import tasks as ledger
from backend.people.members import service as members
from backend.registers.head_counts import tasks as head_counts
from backend.support.attachments import tasks as attachments
from backend.support.notifications import tasks as notifications
from backend.support.text_checks import tasks as text_checks
from backend.wechat import push

log = logging.getLogger("jobs")

# Some minutes: longer than any failover.
DATABASE_AWAY = RetryStrategy(
    max_attempts=12,
    wait=5,
    linear_wait=5,
    retry_exceptions=[
        sa.exc.OperationalError,
        sa.exc.InterfaceError,
        sa.exc.InternalError,
        sa.exc.TimeoutError,
        exceptions.ConnectorException,
    ],
)

blueprint = procrastinate.Blueprint()


def create(conninfo: str, *, concurrency: int) -> procrastinate.App:
    """Return the application on a connection pool of its own; `conninfo` is libpq's."""
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo, min_size=1, max_size=concurrency + 4
    )
    app = procrastinate.App(connector=connector)
    app.add_tasks_from(absences.blueprint, namespace="absences")
    app.add_tasks_from(activities.blueprint, namespace="activities")
    app.add_tasks_from(attachments.blueprint, namespace="attachments")
    app.add_tasks_from(demands.blueprint, namespace="demands")
    app.add_tasks_from(imports.blueprint, namespace="imports")
    app.add_tasks_from(ledger.blueprint, namespace="ledger")
    app.add_tasks_from(notifications.blueprint, namespace="notifications")
    app.add_tasks_from(claims.blueprint, namespace="projects")
    app.add_tasks_from(text_checks.blueprint, namespace="text_checks")
    app.add_tasks_from(conduct_feedback.blueprint, namespace="conduct_feedback")
    app.add_tasks_from(unit_registrations.blueprint, namespace="unit_registrations")
    app.add_tasks_from(head_counts.blueprint, namespace="registers")
    app.add_tasks_from(reminders.blueprint, namespace="reminders")
    app.add_tasks_from(blueprint, namespace="jobs")
    for task in app.tasks.values():
        # Every job may run twice; one that met a database on its way to another host is done later.
        task.retry_strategy = task.retry_strategy or DATABASE_AWAY
    return app


@blueprint.periodic(cron="* * * * * */15")  # the sixth field counts seconds
@blueprint.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Take up the jobs of workers that fell silent. Every task here may run twice."""
    manager = context.app.job_manager
    seconds = context.additional_context["settings"].job_stalled_seconds
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        log.warning("job of a silent worker is taken up again", extra={"job_id": job.id})
        await manager.retry_job(job)
    await manager.prune_stalled_workers(seconds_since_heartbeat=max(seconds, 60))


@blueprint.periodic(cron="7 * * * *")
@blueprint.task(name="report", queueing_lock="report", pass_context=True)
def report(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Say each hour which jobs were given up, until somebody has seen to them."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        for task, count in queue.given_up(session).items():
            log.error("jobs were given up", extra={"task": task, "count": count})


@blueprint.periodic(cron=queue.at(3, 47))
@blueprint.task(name="report_kinds", queueing_lock="report_kinds", pass_context=True)
def report_kinds(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Say each night which stored kinds nobody declares: their capability forgot them."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        if unknown := capabilities.undeclared(session):
            log.error("kinds are stored that no capability declares", extra={"kinds": unknown})


@blueprint.periodic(cron=queue.at(3, 17))
@blueprint.task(name="purge", queueing_lock="purge", pass_context=True)
def purge(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Forget repeated requests older than a day, expired sessions, and pushes heard long ago."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        idempotency.purge(session)
        throttle.purge(session)
        members.purge_sessions(session)
        console_logins.purge(session)
        push.purge(session)
