"""Runs migrations on the connection the caller brings (`flask --app wsgi migrate`).

The caller also names the application's role, `app_role`: what it may do is part of the schema.
"""

import sqlalchemy as sa
from alembic import context

from backend.models import Base


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the queue's tables to procrastinate, whose own scripts a migration applies."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=ours,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        # Never make the application queue behind us for long. Not SET LOCAL: that would end with
        # the first migration. Not before configure(): alembic would then never commit.
        connection.execute(sa.text("SET lock_timeout = '4s'"))
        context.run_migrations()


run(context.config.attributes["connection"])
