"""Service records."""

import sqlalchemy as sa
from alembic import op

revision = "0007_volunteering"
down_revision = "0006_registrations"


def upgrade() -> None:
    op.create_table(
        "service_record",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "environment",
                "care",
                "safety",
                "education",
                "culture",
                "health",
                "mediation",
                "governance",
                "other",
                name="servicecategory",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("break_min", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duration_min", sa.BigInteger(), nullable=False),
        sa.Column("is_party_service", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "is_volunteer_service", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column(
            "source",
            sa.Enum(
                "self_logged",
                "organiser",
                "imported",
                name="recordsource",
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
                "withdrawn",
                "confirmed",
                "disputed",
                "voided",
                name="servicerecordstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("dispute_reason", sa.Text(), nullable=True),
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
            "duration_min > 0 AND break_min >= 0", name=op.f("ck_service_record_positive_duration")
        ),
        sa.CheckConstraint("ended_at > started_at", name=op.f("ck_service_record_times_in_order")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["area.id"], name=op.f("fk_service_record_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_service_record_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record")),
    )
    op.create_index(
        op.f("ix_service_record_community_id_status_id"),
        "service_record",
        ["community_id", "status", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_record_member_id_started_at"),
        "service_record",
        ["member_id", "started_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("service_record")
