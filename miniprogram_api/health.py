"""`/live`: the process answers. `/ready`: so do the database, its schema and the disks."""

import shutil
import tempfile

import sqlalchemy as sa
from flask import Blueprint, current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from backend.core import migrations
from backend.figures.opening import WORKER_SILENCE_SECONDS
from miniprogram_api.http import services

blueprint = Blueprint("health", __name__)

# Less is as good as nothing: an upload alone is up to 21 MB, several of them at once.
ROOM_BYTES = 256 * 1024 * 1024

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
    """Say whether a request can be served; 503 when one of what it needs is missing.

    No worker is said, but does not keep this process from serving.
    """
    try:
        row = g.session.execute(QUESTIONS, {"silence": WORKER_SILENCE_SECONDS}).one()
    except SQLAlchemyError:
        g.session.rollback()
        current_app.logger.warning("not ready: the database does not answer")
        return {"database": False, "migrations": False, "disk": False, "worker": False}, 503
    needed = {
        "database": True,
        # A newer schema is the next release's, on its way: it must serve this one, too.
        "migrations": (row.version or "") >= (migrations.newest() or ""),
        "disk": _room_here() and _room_in_database(),
    }
    return needed | {"worker": bool(row.worker)}, 200 if all(needed.values()) else 503


def _room_here() -> bool:
    """Whether bodies on their way and attachments find room, where they lie on this machine."""
    rooms = (shutil.disk_usage(tempfile.gettempdir()).free, services().store.free_bytes())
    return all(room is None or room >= ROOM_BYTES for room in rooms)


def _room_in_database() -> bool:
    """Whether the server can write a megabyte beside its tables, which it takes away at once."""
    try:
        with g.session.begin_nested():
            g.session.execute(sa.text("SET LOCAL work_mem = '64kB'"))
            g.session.execute(sa.text("SELECT count(*) FROM generate_series(1, 60000)"))
    except SQLAlchemyError:
        current_app.logger.warning("not ready: the database has no room")
        return False
    return True
