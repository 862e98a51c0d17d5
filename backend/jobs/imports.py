"""Jobs of the imports. Each may run twice: what is written is written whole or not at all."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext

from backend import capabilities
from backend.core.db import Database
from backend.imports import service, working
from backend.imports.working import Worker

log = logging.getLogger("jobs")

blueprint = procrastinate.Blueprint()


def _worker(context: JobContext, import_id: int) -> Worker:
    given = context.additional_context
    return Worker(
        given["database"], given["crypto"], given["rules"], capabilities.IMPORT_TARGETS, import_id
    )


@contextmanager
def _told(worker: Worker) -> Iterator[None]:
    """Tell whoever waits of what will not be tried again; a database that is away will."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError):
        raise
    except Exception:
        worker.settle_fault()
        raise


def _run(context: JobContext, import_id: int, act: Callable[[Worker], Any]) -> None:
    worker = _worker(context, import_id)
    with _told(worker):
        act(worker)


@blueprint.task(name="read", pass_context=True)
def read(context: JobContext, import_id: int) -> None:
    """Read a file and check its rows."""
    _run(context, import_id, Worker.read)


@blueprint.task(name="check", pass_context=True)
def check(context: JobContext, import_id: int) -> None:
    """Check rows whose columns somebody has named."""
    _run(context, import_id, Worker.check)


@blueprint.task(name="commit", pass_context=True)
def commit(context: JobContext, import_id: int) -> None:
    """Write what was shown, in one transaction."""
    _run(context, import_id, Worker.commit)


@blueprint.task(name="undo", pass_context=True)
def undo(context: JobContext, import_id: int) -> None:
    """Take back what was written, in one transaction."""
    _run(context, import_id, Worker.undo)


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="take_up", queueing_lock="imports_take_up", pass_context=True)
def take_up(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Go on with the imports whose job was lost."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        working.take_up(session)


@blueprint.periodic(cron="23 * * * *")
@blueprint.task(name="purge", queueing_lock="purge_imports", pass_context=True)
def purge(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  # by contract
    """Forget files and rows about which nobody has decided in a day."""
    database: Database = context.additional_context["database"]
    with database.transaction() as session:
        service.purge(session)
