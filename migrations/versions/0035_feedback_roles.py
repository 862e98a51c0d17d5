"""Feedback states the roles of a member, and reminds on the last day for a reply."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0035_feedback_roles"
down_revision = "0034_votes"

COLUMNS = ("organised", "stood_in", "unit_projects")
KIND, NAME = "feedback_reply_due", "ck_reminder_reminderkind"


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column(
            "conduct_feedback",
            sa.Column(column, sa.BigInteger(), server_default="0", nullable=False),
        )
    _allow((*_allowed(), KIND))


def downgrade() -> None:
    op.execute(f"DELETE FROM reminder WHERE kind = '{KIND}'")
    _allow(tuple(kind for kind in _allowed() if kind != KIND))
    for column in COLUMNS:
        op.drop_column("conduct_feedback", column)


def _allowed() -> tuple[str, ...]:
    """Return the kinds that are known at present, in order."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    return tuple(
        re.findall(r"'([^']*)'", op.get_bind().execute(asked, {"name": NAME}).scalar_one())
    )


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"ALTER TABLE reminder DROP CONSTRAINT {NAME}")
    op.execute(f"ALTER TABLE reminder ADD CONSTRAINT {NAME} CHECK (kind IN ({listed})) NOT VALID")
    op.execute(f"ALTER TABLE reminder VALIDATE CONSTRAINT {NAME}")
