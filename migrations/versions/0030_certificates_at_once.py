"""Certificates are issued when they are asked for: nothing waits, is declined or withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0030_certificates_at_once"
down_revision = "0029_feedback_is_due"

TABLE = "service_certificate"
GONE = ("certificate_requested", "certificate_issued", "certificate_declined")


def upgrade() -> None:
    op.execute(
        "DELETE FROM certified_record USING service_certificate AS c "
        "WHERE c.id = certificate_id AND c.number IS NULL"
    )
    op.execute("DELETE FROM service_certificate WHERE number IS NULL")
    op.drop_index("uq_service_certificate_requested", TABLE)
    op.drop_constraint(op.f("ck_service_certificate_number_when_issued"), TABLE)
    for name in ("requested_at", "decided_by", "decided_at", "decline_reason"):
        op.drop_column(TABLE, name)
    for name in ("number", "issuer", "issued_on"):
        op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {name} SET NOT NULL")
    _one_of(TABLE, "status", "certificatestatus", ("issued", "revoked"))
    op.execute(f"DELETE FROM notification WHERE kind IN {GONE}")
    kinds = tuple(kind for kind in _kinds() if kind not in GONE)
    _one_of("notification", "kind", "notificationkind", kinds)


def downgrade() -> None:
    revoked = "certificate_revoked"
    kinds = (*(kind for kind in _kinds() if kind != revoked), *GONE, revoked)
    _one_of("notification", "kind", "notificationkind", kinds)
    states = ("requested", "withdrawn", "declined", "issued", "revoked")
    _one_of(TABLE, "status", "certificatestatus", states)
    for name in ("number", "issuer", "issued_on"):
        op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {name} DROP NOT NULL")
    moment, now = sa.DateTime(timezone=True), sa.text("now()")
    op.add_column(TABLE, sa.Column("requested_at", moment, server_default=now, nullable=False))
    op.alter_column(TABLE, "requested_at", server_default=None)
    op.add_column(TABLE, sa.Column("decided_by", sa.BigInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("decided_at", moment, nullable=True))
    op.add_column(TABLE, sa.Column("decline_reason", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_service_certificate_number_when_issued"),
        TABLE,
        "(status IN ('issued', 'revoked')) = (number IS NOT NULL) "
        "AND (number IS NULL) = (issued_on IS NULL) AND (number IS NULL) = (issuer IS NULL)",
    )
    op.create_index(
        "uq_service_certificate_requested",
        TABLE,
        ["member_id"],
        unique=True,
        postgresql_where=sa.text("status = 'requested'"),
    )


def _kinds() -> tuple[str, ...]:
    """Return the kinds of news that are allowed at present, in order."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    name = {"name": "ck_notification_notificationkind"}
    return tuple(op.get_bind().execute(asked, name).scalar_one().split("'")[1::2])


def _one_of(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")
