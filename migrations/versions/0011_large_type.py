"""Large type, as a property of the account."""

import sqlalchemy as sa
from alembic import op

revision = "0011_large_type"
down_revision = "0010_queue"


def upgrade() -> None:
    op.add_column(
        "account",
        sa.Column("large_type", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("account", "large_type")
