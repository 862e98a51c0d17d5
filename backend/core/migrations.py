"""Bring a database to the schema of this program. The only place that calls alembic.

Which is loaded here and not with the program: what serves never migrates.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from backend.core.db import driver_url

if TYPE_CHECKING:
    from alembic.config import Config

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def configuration(connection: sa.Connection, *, app_role: str) -> "Config":
    """Return alembic's configuration, bound to a connection of the owner."""
    from alembic.config import Config

    config = Config(toml_file="pyproject.toml")
    config.attributes.update(connection=connection, app_role=app_role)
    return config


def migrate(owner_url: str, app_url: str) -> None:
    """Run the outstanding migrations as the owner, one process at a time."""
    from alembic import command

    app_role = sa.make_url(driver_url(app_url)).username
    if app_role is None:
        raise ValueError("DATABASE_URL must name the application's role")
    engine = sa.create_engine(driver_url(owner_url))
    try:
        with engine.connect() as lock, engine.connect() as connection:
            lock.execute(sa.text("SELECT pg_advisory_lock(hashtext('party migrations'))"))
            command.upgrade(configuration(connection, app_role=app_role), "head")
    finally:
        engine.dispose()


@cache
def newest() -> str | None:
    """Return the revision this program's own migrations end with: they are one numbered line, each
    named as its file."""
    return max((file.stem for file in VERSIONS.glob("[0-9]*.py")), default=None)
