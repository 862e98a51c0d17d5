"""Pushes of WeChat that were heard."""

import sqlalchemy as sa
from alembic import op

revision = "0015_pushes"
down_revision = "0014_meeting_cancellation"


def upgrade() -> None:
    op.create_table(
        "wechat_push",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wechat_push")),
    )
    op.create_index(op.f("ix_wechat_push_heard_at"), "wechat_push", ["heard_at"])


def downgrade() -> None:
    op.drop_table("wechat_push")
