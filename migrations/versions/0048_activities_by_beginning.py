"""Activities are listed in the order in which they begin."""

from alembic import op

revision = "0048_activities_by_beginning"
down_revision = "0047_one_time_once"


def upgrade() -> None:
    op.create_index(op.f("ix_activity_starts_at_id"), "activity", ["starts_at", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_activity_starts_at_id"), "activity")
