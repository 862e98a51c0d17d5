"""`python -m backend.jobs`: a worker. SIGTERM and SIGINT let it finish what it has begun."""

import asyncio
import logging as stdlib_logging
from datetime import timedelta

import procrastinate
import psycopg
import sqlalchemy as sa

import backend.core.garbage  # before all that stays
import backend.models  # noqa: F401  # every model must be mapped before the first query
from backend import capabilities
from backend.core import clock, crypto, db, logging, settings
from backend.core.settings import Settings
from backend.jobs import app as jobs
from backend.support.attachments import store
from backend.wechat.client import WechatClient

log = stdlib_logging.getLogger("jobs")

GRACE_SECONDS = 25
# Of the time after which silence means death: a busy worker may miss some.
HEARTBEATS = 4
# Nobody waits for a job, and one that gave up waiting would have to begin anew.
LOCK_SECONDS = 15


def conninfo(url: str) -> str:
    """Return libpq's form of a SQLAlchemy URL as the driver reads it, several hosts included."""
    parts = sa.make_url(db.driver_url(url))
    _, arguments = parts.get_dialect()().create_connect_args(parts)
    alive = {name: value for name, value in db.KEEP_ALIVE.items() if name not in arguments}
    return psycopg.conninfo.make_conninfo("", **arguments, **alive, application_name="party-worker")


async def work(configured: Settings) -> None:
    """Run one worker until it is told to stop."""
    url, keys = configured.database_url.get_secret_value(), crypto.from_settings(configured)
    database = db.connect(
        url,
        pool_size=configured.worker_concurrency,
        lock_seconds=LOCK_SECONDS,
        application_name="party-worker",
    )
    app: procrastinate.App = jobs.create(conninfo(url), concurrency=configured.worker_concurrency)
    async with app.open_async():
        log.info("worker started")
        await app.run_worker_async(
            concurrency=configured.worker_concurrency,
            fetch_job_polling_interval=5,
            shutdown_graceful_timeout=GRACE_SECONDS,
            update_heartbeat_interval=configured.job_stalled_seconds / HEARTBEATS,
            stalled_worker_timeout=configured.job_stalled_seconds,
            delete_jobs=procrastinate.jobs.DeleteJobCondition.SUCCESSFUL,
            additional_context={
                "database": database,
                "settings": configured,
                "crypto": keys,
                "rules": capabilities.rules(configured),
                "store": store.from_settings(configured),
                "wechat": WechatClient(configured, database, keys),
            },
        )
    log.info("worker stopped")


if __name__ == "__main__":
    loaded = settings.load()
    logging.configure(loaded.log_level)
    capabilities.check()
    clock.move(timedelta(seconds=loaded.clock_offset_seconds))
    asyncio.run(work(loaded))
