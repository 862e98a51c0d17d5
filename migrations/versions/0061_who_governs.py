"""Which area a Party organisation governs, beside where it is located; imports fill it."""

import sqlalchemy as sa
from alembic import op

revision = "0061_who_governs"
down_revision = "0060_appraised_members"


def upgrade() -> None:
    op.add_column("organization", sa.Column("governs_id", sa.BigInteger))
    op.create_foreign_key(
        op.f("fk_organization_governs_id"), "organization", "area", ["governs_id"], ["id"]
    )
    op.create_index(op.f("ix_organization_governs_id"), "organization", ["governs_id"])


def downgrade() -> None:
    op.drop_column("organization", "governs_id")
