"""Demands and claims keep when each step was; a project, who wrote it and who sent it. Who brought
a demand is told of progress."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0040_steps_keep_their_time"
down_revision = "0039_projects_by_their_beginning"

MOMENTS = {
    "demand": ("accepted_at",),
    "project_claim": ("accepted_at", "started_at", "delivered_at", "ended_at"),
}
AUTHORS = ("amended_by", "requested_by")
KIND, NAME = "demand_progress", "ck_notification_notificationkind"


def upgrade() -> None:
    for table, columns in MOMENTS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.DateTime(timezone=True)))
    for column in AUTHORS:
        op.add_column("service_project", sa.Column(column, sa.BigInteger()))
    _allow((*_allowed(), KIND))


def downgrade() -> None:
    op.execute(f"DELETE FROM notification WHERE kind = '{KIND}'")
    _allow(tuple(kind for kind in _allowed() if kind != KIND))
    for column in AUTHORS:
        op.drop_column("service_project", column)
    for table, columns in MOMENTS.items():
        for column in columns:
            op.drop_column(table, column)


def _allowed() -> tuple[str, ...]:
    """Return the kinds that are known at present, in order."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return tuple(
        re.findall(r"'([^']*)'", op.get_bind().execute(asked, {"name": NAME}).scalar_one())
    )


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE notification DROP CONSTRAINT {NAME}")
    op.execute(
        f"ALTER TABLE notification ADD CONSTRAINT {NAME} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {NAME}")
