"""Units register with communities and streets, and say what they offer."""

import sqlalchemy as sa
from alembic import op

revision = "0024_unit_registrations"
down_revision = "0023_news_of_service_records"

STATES = ("submitted", "returned", "withdrawn", "active", "renewal_due", "ended")
RESOURCES = ("venue", "people", "expertise", "materials", "activity", "other")
ADDED = (
    "unit_registration_submitted",
    "unit_registration_accepted",
    "unit_registration_returned",
    "unit_registration_renewal_due",
    "unit_registration_ended",
)
LIVE = "status IN ('submitted', 'returned', 'active', 'renewal_due')"


def upgrade() -> None:
    table = "unit_registration"
    op.create_table(
        table,
        _id(),
        _number("unit_id"),
        _number("area_id"),
        _number("contact_id"),
        sa.Column("status", _choice("unitregistrationstatus", STATES), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        _number("decided_by", optional=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("receipt_no", sa.Text(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("renewed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        _number("ended_by", optional=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        *_timestamps(),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (receipt_no IS NULL)",
            name=op.f("ck_unit_registration_receipt_on_acceptance"),
        ),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_on IS NOT NULL)",
            name=op.f("ck_unit_registration_day_of_the_end"),
        ),
        _points_to(table, "unit_id", "unit"),
        _points_to(table, "area_id", "area"),
        _points_to(table, "contact_id", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_registration")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_unit_registration_receipt_no")),
    )
    op.create_index(
        "uq_unit_registration_live",
        table,
        ["unit_id", "area_id"],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )
    op.create_index(
        op.f("ix_unit_registration_area_id_status_id"), table, ["area_id", "status", "id"]
    )
    _resources()
    _change_kinds(added=True)


def _resources() -> None:
    table = "resource_offer"
    op.create_table(
        table,
        _id(),
        _number("registration_id"),
        sa.Column("kind", _choice("resourcekind", RESOURCES), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), server_default="", nullable=False),
        sa.Column("times", sa.Text(), server_default="", nullable=False),
        _points_to(table, "registration_id", "unit_registration", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_offer")),
    )
    op.create_index(op.f("ix_resource_offer_registration_id"), table, ["registration_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=optional)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _points_to(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


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
    op.execute(
        sa.text("DELETE FROM notification WHERE kind = ANY(:kinds)").bindparams(kinds=list(ADDED))
    )
    _change_kinds(added=False)
    op.drop_table("resource_offer")
    op.drop_table("unit_registration")
