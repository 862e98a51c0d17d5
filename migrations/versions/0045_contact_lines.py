"""A community says at which office number it is reached."""

import sqlalchemy as sa
from alembic import op

revision = "0045_contact_lines"
down_revision = "0044_invitations"

COLUMNS = ("contact_phone", "contact_hours")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("area", sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column("area", column)
