"""Service projects and claims."""

import sqlalchemy as sa
from alembic import op

revision = "0009_projects"
down_revision = "0008_meetings"


def upgrade() -> None:
    op.create_table(
        "service_project",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "claimants",
            sa.Enum(
                "any",
                "members",
                "units",
                name="claimantkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("places", sa.BigInteger(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("claim_deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "open",
                "full",
                "cancelled",
                name="projectstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
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
            "(status = 'full') = (claimed = places AND status IN ('open', 'full'))",
            name=op.f("ck_service_project_full_when_taken"),
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_service_project_dates_in_order")),
        sa.CheckConstraint(
            "places > 0 AND claimed BETWEEN 0 AND places",
            name=op.f("ck_service_project_claimed_in_places"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["area.id"], name=op.f("fk_service_project_community_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_project")),
    )
    op.create_index(
        op.f("ix_service_project_community_id_status_id"),
        "service_project",
        ["community_id", "status", "id"],
        unique=False,
    )
    op.create_table(
        "project_claim",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "accepted",
                "declined",
                "in_progress",
                "delivered",
                "completed",
                "withdrawn",
                name="claimstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivery_recorded_on", sa.Date(), nullable=True),
        sa.Column("completed_by", sa.BigInteger(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
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
            "status NOT IN ('delivered', 'completed') OR delivered_on IS NOT NULL",
            name=op.f("ck_project_claim_delivery_is_dated"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_project_claim_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["service_project.id"], name=op.f("fk_project_claim_project_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_project_claim_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_claim")),
    )
    op.create_index(
        op.f("ix_project_claim_member_id_id"), "project_claim", ["member_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_project_claim_project_id"), "project_claim", ["project_id"], unique=False
    )
    op.create_index(
        op.f("ix_project_claim_unit_id_id"), "project_claim", ["unit_id", "id"], unique=False
    )
    op.create_index(
        "uq_project_claim_live_member",
        "project_claim",
        ["project_id", "member_id"],
        unique=True,
        postgresql_where=sa.text(
            "unit_id IS NULL AND status IN "
            "('submitted', 'accepted', 'in_progress', 'delivered', 'completed')"
        ),
    )
    op.create_index(
        "uq_project_claim_live_unit",
        "project_claim",
        ["project_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text(
            "unit_id IS NOT NULL AND status IN "
            "('submitted', 'accepted', 'in_progress', 'delivered', 'completed')"
        ),
    )


def downgrade() -> None:
    op.drop_table("project_claim")
    op.drop_table("service_project")
