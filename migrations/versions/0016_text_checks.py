"""Checks of what people write."""

import sqlalchemy as sa
from alembic import op

revision = "0016_text_checks"
down_revision = "0015_pushes"

STATES = ("pending", "passed", "held", "unchecked", "released", "removed", "superseded")


def upgrade() -> None:
    status = sa.Enum(
        *STATES, name="textcheckstatus", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "text_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("label", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_timestamps(),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_text_check_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_text_check_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_check")),
    )
    op.create_index(
        "uq_text_check_current",
        "text_check",
        ["subject", "part"],
        unique=True,
        postgresql_where=sa.text("status <> 'superseded'"),
    )
    op.create_index(op.f("ix_text_check_account_id"), "text_check", ["account_id"])
    op.create_index(
        op.f("ix_text_check_area_id_status_id"), "text_check", ["area_id", "status", "id"]
    )


def _timestamps() -> list[sa.Column[sa.DateTime]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    op.drop_table("text_check")
