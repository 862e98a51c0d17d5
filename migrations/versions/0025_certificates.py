"""Certificates of volunteer service, with the records each one counts."""

import sqlalchemy as sa
from alembic import op

revision = "0025_certificates"
down_revision = "0024_unit_registrations"

STATES = ("requested", "withdrawn", "declined", "issued", "revoked")
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
ADDED = (
    "certificate_requested",
    "certificate_issued",
    "certificate_declined",
    "certificate_revoked",
)
CHECKS = {
    "dates_in_order": "period_from <= period_to",
    "certifies_something": "services > 0 AND minutes > 0",
    "number_when_issued": (
        "(status IN ('issued', 'revoked')) = (number IS NOT NULL) "
        "AND (number IS NULL) = (issued_on IS NULL) AND (number IS NULL) = (issuer IS NULL)"
    ),
    "revoked_on": "(status = 'revoked') = (revoked_on IS NOT NULL)",
}


def upgrade() -> None:
    table = "service_certificate"
    op.create_table(
        table,
        _id(),
        _number("member_id"),
        _number("community_id"),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("status", _choice("certificatestatus", STATES), nullable=False),
        _number("services"),
        _number("minutes"),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        _number("decided_by", optional=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        _number("revoked_by", optional=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        *_timestamps(),
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_{table}_{name}"))
            for name, text in CHECKS.items()
        ),
        _points_to(table, "member_id", "member"),
        _points_to(table, "community_id", "area"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_service_certificate_number")),
    )
    _indexes(table)
    _records()
    _change_kinds(added=True)


def _indexes(table: str) -> None:
    op.create_index(
        "uq_service_certificate_requested",
        table,
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("status = 'requested'"),
    )
    for columns in (["member_id", "id"], ["community_id", "status", "id"]):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def _records() -> None:
    table = "certified_record"
    op.create_table(
        table,
        _number("certificate_id"),
        _number("record_id"),
        sa.Column("category", _choice("servicecategory", CATEGORIES), nullable=False),
        _number("minutes"),
        _points_to(table, "certificate_id", "service_certificate"),
        _points_to(table, "record_id", "service_record"),
        sa.PrimaryKeyConstraint("certificate_id", "record_id", name=op.f("pk_certified_record")),
    )
    op.create_index(op.f("ix_certified_record_record_id"), table, ["record_id"])


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
    op.execute(
        sa.text("DELETE FROM notification WHERE kind = ANY(:kinds)").bindparams(kinds=list(ADDED))
    )
    _change_kinds(added=False)
    op.drop_table("certified_record")
    op.drop_table("service_certificate")
