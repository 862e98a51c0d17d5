"""What became of organisations, units and roster entries, and who changed them why."""

import sqlalchemy as sa
from alembic import op

revision = "0063_rosters"
down_revision = "0062_administrators"

REASONS = ("not_started", "not_retried", "project_cancelled", "project_over")


def upgrade() -> None:
    for table in ("organization", "unit", "member"):
        column = sa.Column("successor_id", sa.BigInteger)
        op.add_column(table, column)
        name = op.f(f"fk_{table}_successor_id")
        op.create_foreign_key(name, table, table, ["successor_id"], ["id"])
        op.create_index(op.f(f"ix_{table}_successor_id"), table, ["successor_id"])
    op.add_column("unit", sa.Column("ended_on", sa.Date))
    unproven = sa.Column("phone_unproven", sa.Boolean, server_default=sa.false(), nullable=False)
    op.add_column("member", unproven)
    _allow(*REASONS, "claimant_left")
    _create_changes()


def _allow(*reasons: str) -> None:
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    op.execute("ALTER TABLE project_claim DROP CONSTRAINT ck_project_claim_releasereason")
    op.execute(
        "ALTER TABLE project_claim ADD CONSTRAINT ck_project_claim_releasereason "
        f"CHECK (release_reason IN ({listed}))"
    )


def _create_changes() -> None:
    now = sa.text("now()")
    stamps = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]
    op.create_table(
        "roster_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        *stamps,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_change")),
    )
    op.create_index(op.f("ix_roster_change_subject_id"), "roster_change", ["subject", "id"])


def downgrade() -> None:
    op.drop_table("roster_change")
    op.execute(
        "UPDATE project_claim SET release_reason = 'project_over' "
        "WHERE release_reason = 'claimant_left'"
    )
    _allow(*REASONS)
    op.drop_column("member", "phone_unproven")
    op.drop_column("unit", "ended_on")
    for table in ("organization", "unit", "member"):
        op.drop_column(table, "successor_id")
