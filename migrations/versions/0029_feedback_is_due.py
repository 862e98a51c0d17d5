"""Secretaries are asked for the year's feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0029_feedback_is_due"
down_revision = "0028_home_branch_news"

ADDED = ("feedback_due",)


def upgrade() -> None:
    _change_kinds(added=True)


def _change_kinds(*, added: bool) -> None:
    """Swap the CHECK for one that knows these kinds, or no longer; whatever else it lists stays."""
    name = "ck_notification_notificationkind"
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
        {"name": name},
    )
    before = [part for part in str(definition).split("'")[1::2] if part not in ADDED]
    listed = ", ".join(f"'{value}'" for value in [*before, *(ADDED if added else ())])
    op.execute(f"ALTER TABLE notification DROP CONSTRAINT {name}")
    op.execute(
        f"ALTER TABLE notification ADD CONSTRAINT {name} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'feedback_due'")
    _change_kinds(added=False)
