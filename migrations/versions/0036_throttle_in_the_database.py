"""Count who tries what does not exist in the database, across processes."""

import sqlalchemy as sa
from alembic import op

revision = "0036_throttle_in_the_database"
down_revision = "0035_feedback_roles"


def upgrade() -> None:
    op.create_table(
        "throttle_misses",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "who", name=op.f("pk_throttle_misses")),
    )
    op.create_index(op.f("ix_throttle_misses_since"), "throttle_misses", ["since"], unique=False)


def downgrade() -> None:
    op.drop_table("throttle_misses")
