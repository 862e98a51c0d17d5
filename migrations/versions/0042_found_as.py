"""Rows that people look for keep how their names read: 国贸 is found as guomao and as gm.

The readings are written by the program, which knows the language: `migrate` fills what is empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042_found_as"
down_revision = "0041_steps_from_the_trail"

TABLES = ("activity", "area", "meeting", "member", "organization", "service_project", "unit")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("found_as", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "found_as")
