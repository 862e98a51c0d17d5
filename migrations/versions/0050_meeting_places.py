"""Where a meeting is held, and the news that it was changed. Of meetings before nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0050_meeting_places"
down_revision = "0049_memberships"

ADDED = ("meeting_changed",)


def upgrade() -> None:
    op.add_column("meeting", sa.Column("place", sa.Text(), nullable=True))
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
    op.execute("DELETE FROM notification WHERE kind = 'meeting_changed'")
    _change_kinds(added=False)
    op.drop_column("meeting", "place")
