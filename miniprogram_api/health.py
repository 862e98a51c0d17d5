"""`/live`: the process answers. `/ready`: so do the database, its schema and a worker."""

from functools import cache

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

blueprint = Blueprint("health", __name__)

# A worker writes its heartbeat several times within JOB_STALLED_SECONDS.
WORKER_SILENCE_SECONDS = 60

QUESTIONS = sa.text(
    """
    SELECT (SELECT version_num FROM alembic_version) AS version,
           (SELECT max(last_heartbeat) > now() - make_interval(secs => :silence)
              FROM procrastinate_workers) AS worker
    """
)


@blueprint.get("/live")
def live() -> ResponseReturnValue:
    """Say that the process answers, whatever else is down."""
    return {"status": "ok"}


@blueprint.get("/ready")
def ready() -> ResponseReturnValue:
    """Say whether a request can be served; 503 names what is missing."""
    try:
        row = g.session.execute(QUESTIONS, {"silence": WORKER_SILENCE_SECONDS}).one()
    except SQLAlchemyError:
        g.session.rollback()
        current_app.logger.warning("not ready: the database does not answer")
        return {"database": False, "migrations": False, "worker": False}, 503
    checks = {
        "database": True,
        "migrations": row.version == newest_migration(),
        "worker": bool(row.worker),
    }
    return checks, 200 if all(checks.values()) else 503


@cache
def newest_migration() -> str | None:
    """Return the revision this program's own migrations end with."""
    return ScriptDirectory.from_config(Config(toml_file="pyproject.toml")).get_current_head()
