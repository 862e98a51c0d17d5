"""Learning materials of a branch, exemptions from attending, and what a branch was told."""

import sqlalchemy as sa
from alembic import op

revision = "0032_learning_and_absence"
down_revision = "0031_branch_bodies"

GROUNDS = ("old_age", "frail", "serious_illness", "disability")
ADDED = ("absence_alert",)


def upgrade() -> None:
    _learning()
    _exemptions()
    _alerts()
    _change_kinds(added=True)


def _learning() -> None:
    table = "learning_material"
    op.create_table(
        table,
        _id(),
        _number("organization_id"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", _choice("materialstatus", ("published", "withdrawn")), nullable=False),
        _number("published_by"),
        _number("withdrawn_by", optional=True),
        *_timestamps(),
        _points_to(table, "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_material")),
    )
    columns = ["organization_id", "status", "id"]
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def _exemptions() -> None:
    table = "attendance_exemption"
    op.create_table(
        table,
        _id(),
        _number("member_id"),
        sa.Column("ground", _choice("exemptionground", GROUNDS), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        _number("approved_by"),
        sa.Column("ended_on", sa.Date(), nullable=True),
        _number("ended_by", optional=True),
        *_timestamps(),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f(f"ck_{table}_dates_in_order")),
        _points_to(table, "member_id", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_exemption")),
    )
    op.create_index(op.f(f"ix_{table}_member_id_ends_on"), table, ["member_id", "ends_on"])


def _alerts() -> None:
    table = "absence_alert"
    op.create_table(
        table,
        _id(),
        _number("member_id"),
        _number("organization_id"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        *_timestamps(),
        sa.CheckConstraint("months IN (3, 5)", name=op.f(f"ck_{table}_steps")),
        _points_to(table, "member_id", "member"),
        _points_to(table, "organization_id", "organization"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_alert")),
        sa.UniqueConstraint(
            "member_id", "since", "months", name=op.f("uq_absence_alert_member_id_since_months")
        ),
    )
    op.create_index(op.f(f"ix_{table}_organization_id"), table, ["organization_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _timestamps() -> list[sa.Column[sa.DateTime]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def _change_kinds(*, added: bool) -> None:
    """Swap the CHECK for one that knows these kinds, or no longer; whatever else it lists stays."""
    name = "ck_notification_notificationkind"
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
        {"name": name},
    )
    before = [part for part in str(definition).split("'")[1::2] if part not in ADDED]
    listed = ", ".join(f"'{value}'" for value in [*before, *(ADDED if added else ())])
    op.execute(f"ALTER TABLE notification DROP CONSTRAINT {name}")
    op.execute(
        f"ALTER TABLE notification ADD CONSTRAINT {name} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind = 'absence_alert'")
    _change_kinds(added=False)
    for table in ("absence_alert", "attendance_exemption", "learning_material"):
        op.drop_table(table)
