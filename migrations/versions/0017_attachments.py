"""Attachments, and WeChat's verdicts that come before their trace id."""

import sqlalchemy as sa
from alembic import op

revision = "0017_attachments"
down_revision = "0016_text_checks"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "checking",
                "available",
                "held",
                "removed",
                name="attachmentstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "image",
                "pdf",
                "document",
                "spreadsheet",
                "presentation",
                name="attachmentkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("trace_id", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_timestamps(),
        sa.CheckConstraint("subject ~ '^[a-z_]+:[0-9]+$'", name=op.f("ck_attachment_subject_form")),
        sa.CheckConstraint(
            "(subject IS NULL) = (area_id IS NULL)", name=op.f("ck_attachment_attached_somewhere")
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_not_empty")),
        sa.CheckConstraint(
            "status <> 'removed' OR (decided_by IS NOT NULL AND reason IS NOT NULL)",
            name=op.f("ck_attachment_removed_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_attachment_account_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_attachment_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_attachment_storage_key")),
        sa.UniqueConstraint("trace_id", name=op.f("uq_attachment_trace_id")),
    )
    _indexes()
    op.create_table(
        "early_verdict",
        sa.Column("trace_id", sa.Text(), nullable=False),
        sa.Column("suggest", sa.Text(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("trace_id", name=op.f("pk_early_verdict")),
    )
    op.create_index(op.f("ix_early_verdict_created_at"), "early_verdict", ["created_at"])


def _timestamps() -> tuple[sa.Column[object], ...]:
    return _moment("created_at"), _moment("updated_at")


def _moment(name: str) -> sa.Column[object]:
    now = sa.text("now()")
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)


def _indexes() -> None:
    table = "attachment"
    op.create_index(op.f("ix_attachment_subject"), table, ["subject"])
    op.create_index(op.f("ix_attachment_area_id_status_id"), table, ["area_id", "status", "id"])
    op.create_index(op.f("ix_attachment_account_id_id"), table, ["account_id", "id"])
    op.create_index(
        "ix_attachment_created_at",
        table,
        ["created_at"],
        postgresql_where=sa.text("status = 'checking' OR subject IS NULL"),
    )
    op.create_index(
        "uq_attachment_account_id_sha256",
        table,
        ["account_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("subject IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("early_verdict")
    op.drop_table("attachment")
