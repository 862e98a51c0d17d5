"""News name the texts of people that they quote."""

import sqlalchemy as sa
from alembic import op

revision = "0018_quotes"
down_revision = "0017_attachments"


def upgrade() -> None:
    op.add_column(
        "notification",
        sa.Column("quotes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.create_index(
        op.f("ix_notification_quotes"),
        "notification",
        ["quotes"],
        postgresql_using="gin",
        postgresql_where=sa.text("quotes <> '{}'"),
    )


def downgrade() -> None:
    op.drop_column("notification", "quotes")
