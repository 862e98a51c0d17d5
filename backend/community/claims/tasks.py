"""What projects do by the clock, where nobody touches them."""

import logging

import procrastinate
from procrastinate import JobContext
from sqlalchemy.orm import Session

from backend.community.claims import queries
from backend.community.claims.flow import let_pass
from backend.community.projects.models import ServiceProject
from backend.core.db import Database
from backend.ledger.rulepack import RulePack

log = logging.getLogger("jobs")

blueprint = procrastinate.Blueprint()


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="turn", queueing_lock="projects_turn", pass_context=True)
def turn(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Let terms pass, each project in a transaction of its own; one that fails holds up none."""
    database: Database = context.additional_context["database"]
    rules: RulePack = context.additional_context["rules"]
    after = 0
    while (done := _turn_next(database, rules, after)) is not None:
        after = done


def _turn_next(database: Database, rules: RulePack, after: int) -> int | None:
    """Return the id of the project that was seen to, None where there is none left."""
    project_id: int | None = None
    try:
        with database.transaction() as session:
            project = take_due(session, after=after)
            if project is None:
                return None
            project_id = project.id
            let_pass(session, rules, project)
    except Exception:
        if project_id is None:
            raise  # not the project's fault: the database is away
        log.exception("a project failed", extra={"project_id": project_id})
    return project_id


def take_due(session: Session, *, after: int) -> ServiceProject | None:
    """Return the next project, by id, that the clock has something to do with, locked."""
    due = queries.due().where(ServiceProject.id > after).order_by(ServiceProject.id).limit(1)
    locked = due.with_for_update(of=ServiceProject, skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).first()
