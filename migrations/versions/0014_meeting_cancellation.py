"""A meeting may be cancelled, with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0014_meeting_cancellation"
down_revision = "0013_messages"

NAME = "ck_meeting_reason_when_cancelled"


def upgrade() -> None:
    op.add_column("meeting", sa.Column("cancelled_by", sa.BigInteger(), nullable=True))
    op.add_column("meeting", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("meeting", sa.Column("cancel_reason", sa.Text(), nullable=True))
    op.execute(
        f"ALTER TABLE meeting ADD CONSTRAINT {NAME} "
        "CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)) NOT VALID"
    )
    op.execute(f"ALTER TABLE meeting VALIDATE CONSTRAINT {NAME}")


def downgrade() -> None:
    op.drop_constraint(NAME, "meeting")
    for column in ("cancel_reason", "cancelled_at", "cancelled_by"):
        op.drop_column("meeting", column)
