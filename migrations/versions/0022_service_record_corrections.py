"""Service records are contested, corrected with the old value kept, and entered from slips."""

import sqlalchemy as sa
from alembic import op

revision = "0022_service_record_corrections"
down_revision = "0021_standing_registrations"

CATEGORIES = (
    "environment",
    "care",
    "safety",
    "education",
    "culture",
    "health",
    "mediation",
    "governance",
    "other",
)


def upgrade() -> None:
    channel = sa.Enum(
        "app", "assisted", name="channel", native_enum=False, create_constraint=True, length=32
    )
    today = sa.text("(now() AT TIME ZONE 'Asia/Shanghai')::date + 14")
    for column in (
        sa.Column("channel", channel, server_default="app", nullable=False),
        sa.Column("slip_no", sa.Text(), nullable=True),
        # What waits already waits no longer than two weeks from today.
        sa.Column("confirm_due_on", sa.Date(), server_default=today, nullable=False),
        sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
    ):
        op.add_column("service_record", column)
    op.alter_column("service_record", "confirm_due_on", server_default=None)
    for name, rule in (
        ("is_some_service", "is_party_service OR is_volunteer_service"),
        ("slip_of_assisted", "(channel = 'assisted') = (slip_no IS NOT NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_service_record_{name}"), "service_record", rule)
    _create_corrections()


def _create_corrections() -> None:
    category = sa.Enum(
        *CATEGORIES, name="servicecategory", native_enum=False, create_constraint=True, length=32
    )
    op.create_table(
        "service_record_correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("category", category, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("break_min", sa.BigInteger(), nullable=False),
        sa.Column("duration_min", sa.BigInteger(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.BigInteger(), nullable=False),
        *(
            sa.Column(
                name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
            )
            for name in ("created_at", "updated_at")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["service_record.id"],
            name=op.f("fk_service_record_correction_record_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_record_correction")),
    )
    op.create_index(
        op.f("ix_service_record_correction_record_id_id"),
        "service_record_correction",
        ["record_id", "id"],
    )


def downgrade() -> None:
    op.drop_table("service_record_correction")
    for name in ("slip_of_assisted", "is_some_service"):
        op.drop_constraint(op.f(f"ck_service_record_{name}"), "service_record")
    for name in ("channel", "slip_no", "confirm_due_on", "late", "late_reason", "answer"):
        op.drop_column("service_record", name)
