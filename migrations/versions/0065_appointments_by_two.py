"""Appointments are proposed by one and approved by another; they need no member to hold them.

What is there was entered before that and stands.
"""

import sqlalchemy as sa
from alembic import op

revision = "0065_appointments_by_two"
down_revision = "0064_imports"

STATUSES = ("proposed", "approved", "refused", "withdrawn", "ended")
COLUMNS = (
    ("proposed_by", sa.BigInteger),
    ("proposed_at", sa.DateTime(timezone=True)),
    ("decided_by", sa.BigInteger),
    ("decided_at", sa.DateTime(timezone=True)),
    ("refusal_reason", sa.Text),
    ("ended_by", sa.BigInteger),
    ("ended_at", sa.DateTime(timezone=True)),
    ("ending_reason", sa.Text),
)
CHECKS = {
    "one_holder": "num_nonnulls(member_id, account_id) = 1",
    "approved_by_another": "decided_by <> proposed_by OR status <> 'approved'",
    "ended_at_a_moment": "status <> 'ended' OR ended_at IS NOT NULL",
}


def upgrade() -> None:
    listed = ", ".join(f"'{status}'" for status in STATUSES)
    op.add_column(
        "appointment",
        sa.Column("status", sa.String(32), nullable=False, server_default="approved"),
    )
    op.alter_column("appointment", "status", server_default=None)
    op.create_check_constraint(
        op.f("ck_appointment_appointmentstatus"), "appointment", f"status IN ({listed})"
    )
    op.alter_column("appointment", "member_id", nullable=True)
    op.add_column("appointment", sa.Column("account_id", sa.BigInteger))
    op.create_foreign_key(
        op.f("fk_appointment_account_id"), "appointment", "account", ["account_id"], ["id"]
    )
    op.create_index(op.f("ix_appointment_account_id"), "appointment", ["account_id"])
    for name, kind in COLUMNS:
        op.add_column("appointment", sa.Column(name, kind))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_appointment_{name}"), "appointment", condition)
    op.create_index(
        "uq_appointment_proposed",
        "appointment",
        ["member_id", "account_id", "role", "area_id", "organization_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("status = 'proposed'"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.execute("DELETE FROM appointment WHERE status <> 'approved' OR member_id IS NULL")
    op.drop_index("uq_appointment_proposed", "appointment")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_appointment_{name}"), "appointment")
    for name, _ in COLUMNS:
        op.drop_column("appointment", name)
    op.drop_column("appointment", "account_id")
    op.alter_column("appointment", "member_id", nullable=False)
    op.drop_column("appointment", "status")
