"""A member's row names the communities of the additional registrations, too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026_additional_communities"
down_revision = "0025_certificates"


def upgrade() -> None:
    op.add_column(
        "member",
        sa.Column(
            "also_in", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False
        ),
    )
    op.execute(
        "UPDATE member SET also_in = found.communities FROM ("
        "SELECT member_id, array_agg(community_id) AS communities FROM community_registration "
        "WHERE kind = 'additional' AND status IN ('active', 'paused', 'transfer_pending') "
        "AND community_id IS NOT NULL GROUP BY member_id"
        ") AS found WHERE found.member_id = member.id"
    )


def downgrade() -> None:
    op.drop_column("member", "also_in")
