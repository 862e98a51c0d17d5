"""How many members were appraised, said at closing. Of meetings before nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0060_appraised_members"
down_revision = "0059_demand_lists_of_areas"

NAME = "ck_meeting_appraised_of_those_due"
WHAT = (
    "appraised_count IS NULL"
    " OR kind = 'member_appraisal' AND appraised_count BETWEEN 0 AND due_count"
)


def upgrade() -> None:
    op.add_column("meeting", sa.Column("appraised_count", sa.BigInteger(), nullable=True))
    op.execute(f"ALTER TABLE meeting ADD CONSTRAINT {NAME} CHECK ({WHAT}) NOT VALID")
    op.execute(f"ALTER TABLE meeting VALIDATE CONSTRAINT {NAME}")


def downgrade() -> None:
    op.drop_column("meeting", "appraised_count")
