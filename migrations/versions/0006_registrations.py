"""Members register with communities."""

import sqlalchemy as sa
from alembic import op

revision = "0006_registrations"
down_revision = "0005_duty_ledger"


def upgrade() -> None:
    op.create_table(
        "community_registration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "primary",
                "additional",
                name="registrationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "returned",
                "rejected",
                "withdrawn",
                "active",
                "paused",
                "transfer_pending",
                "ended",
                name="registrationstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("skills", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("interests", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("availability", sa.Text(), server_default="", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column(
            "rejection_code",
            sa.Enum(
                "not_a_member",
                "wrong_community",
                "duplicate",
                name="rejectioncode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rejection_reason", sa.Text(), nullable=True),
        sa.Column("receipt_no", sa.Text(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "moved",
                "left_unit",
                "retired",
                "deceased",
                "membership_ended",
                "data_error",
                "withdrawn",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (receipt_no IS NULL)",
            name=op.f("ck_community_registration_receipt_on_acceptance"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["area.id"], name=op.f("fk_community_registration_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_community_registration_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_registration")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_community_registration_receipt_no")),
    )
    op.create_index(
        op.f("ix_community_registration_community_id_status_id"),
        "community_registration",
        ["community_id", "status", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_community_registration_member_id"),
        "community_registration",
        ["member_id"],
        unique=False,
    )
    op.create_index(
        "uq_community_registration_live",
        "community_registration",
        ["member_id", "community_id"],
        unique=True,
        postgresql_where=sa.text(
            "status IN ('submitted', 'returned', 'active', 'paused', 'transfer_pending')"
        ),
    )
    op.create_index(
        "uq_community_registration_standing",
        "community_registration",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text(
            "kind = 'primary' AND status IN ('active', 'paused', 'transfer_pending')"
        ),
    )
    op.create_index(
        "uq_community_registration_waiting",
        "community_registration",
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'primary' AND status IN ('submitted', 'returned')"),
    )


def downgrade() -> None:
    op.drop_table("community_registration")
