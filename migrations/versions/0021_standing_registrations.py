"""Registrations rest and end; they may be outside the city, or entered from a paper slip."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0021_standing_registrations"
down_revision = "0020_activities"

TABLE = "community_registration"
PAUSES = ("posting", "study", "illness", "leave")
ENDINGS = ("moved", "left_unit", "retired", "deceased", "membership_ended", "data_error",
           "withdrawn", "area_changed")  # fmt: skip
MORE_NEWS = ("registration_request_submitted", "registration_request_confirmed",
             "registration_request_refused", "registration_ended", "registration_moved",
             "registration_overdue")  # fmt: skip
OVERDUE = "registration_answer_overdue"
CHECKS = {
    "ended_says_why": "(status = 'ended') = (ended_on IS NOT NULL) "
    "AND (status = 'ended') = (end_reason IS NOT NULL)",
    "elsewhere_is_named": "(community_id IS NULL) = (basis IS NOT DISTINCT FROM 'external') "
    "AND (community_id IS NULL) = (external_place IS NOT NULL)",
    "assisted_by_somebody": "(channel = 'assisted') = (slip_no IS NOT NULL) "
    "AND (channel = 'assisted') = (entered_by_id IS NOT NULL)",
}


def upgrade() -> None:
    _areas()
    _columns()
    for name, condition in CHECKS.items():
        _check(TABLE, name, condition)
    _one_of(TABLE, "end_reason", "endreason", ENDINGS)
    _requests()
    _pauses()
    news = _values("notification", "notificationkind")
    _one_of("notification", "kind", "notificationkind", news + MORE_NEWS)
    reminders = _values("reminder", "reminderkind")
    _one_of("reminder", "kind", "reminderkind", (*reminders, OVERDUE))


def _areas() -> None:
    op.add_column("area", sa.Column("valid_to", sa.Date(), nullable=True))
    op.add_column("area", sa.Column("successor_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_area_successor_id"), "area", "area", ["successor_id"], ["id"])
    _check("area", "succeeded_when_closed", "successor_id IS NULL OR valid_to IS NOT NULL")


def _columns() -> None:
    op.alter_column(TABLE, "community_id", nullable=True)
    for column in (
        sa.Column(
            "answer_due_provisional", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
        sa.Column("basis", sa.String(32), nullable=True),
        sa.Column("external_place", sa.Text(), nullable=True),
        sa.Column("visibility", sa.String(32), server_default="community", nullable=False),
        sa.Column("channel", sa.String(32), server_default="app", nullable=False),
        sa.Column("slip_no", sa.Text(), nullable=True),
        sa.Column("entered_by_id", sa.BigInteger(), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=True),
    ):
        op.add_column(TABLE, column)
    op.create_foreign_key(
        op.f("fk_community_registration_entered_by_id"),
        TABLE,
        "member",
        ["entered_by_id"],
        ["id"],
    )
    homes = ("owner", "tenant", "family", "workplace", "external")
    _one_of(TABLE, "basis", "residencebasis", homes)
    _one_of(TABLE, "visibility", "visibility", ("community", "unit_only"))
    _one_of(TABLE, "channel", "channel", ("app", "assisted"))
    op.create_index(
        "uq_community_registration_slip",
        TABLE,
        ["community_id", "slip_no"],
        unique=True,
        postgresql_where=sa.text("slip_no IS NOT NULL"),
    )


def _requests() -> None:
    table = "registration_request"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=False),
        _choice("kind", "requestkind", ("pause", "resumption", "ending")),
        _choice(
            "status",
            "requeststatus",
            ("submitted", "confirmed", "refused", "withdrawn", "dropped"),
        ),
        _choice("pause_reason", "pausereason", PAUSES, nullable=True),
        _choice("end_reason", "endreason", ENDINGS, nullable=True),
        sa.Column("slip_no", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=True),
        *_timestamps(),
        sa.CheckConstraint(
            "(kind = 'pause') = (pause_reason IS NOT NULL)",
            name=op.f("ck_registration_request_reason_of_a_pause"),
        ),
        sa.CheckConstraint(
            "(kind = 'ending') = (end_reason IS NOT NULL)",
            name=op.f("ck_registration_request_reason_of_an_ending"),
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)",
            name=op.f("ck_registration_request_refused_with_a_reason"),
        ),
        _of_registration(table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_request")),
    )
    _index(table, ["registration_id", "id"])
    _index(table, ["status", "id"])
    _only_one(table, "waiting", "status = 'submitted'")


def _pauses() -> None:
    table = "registration_pause"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("registration_id", sa.BigInteger(), nullable=False),
        _choice("reason", "pausereason", PAUSES),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        *_timestamps(),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_registration_pause_dates_in_order"),
        ),
        _of_registration(table),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_pause")),
    )
    _index(table, ["registration_id", "id"])
    _only_one(table, "open", "ends_on IS NULL")


def _of_registration(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_registration_id")
    return sa.ForeignKeyConstraint(["registration_id"], [f"{TABLE}.id"], name=name)


def _index(table: str, columns: list[str]) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)


def _only_one(table: str, what: str, condition: str) -> None:
    op.create_index(
        f"uq_{table}_{what}",
        table,
        ["registration_id"],
        unique=True,
        postgresql_where=sa.text(condition),
    )


def _choice(
    column: str, name: str, values: tuple[str, ...], *, nullable: bool = False
) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=nullable)


def _timestamps() -> tuple[sa.Column[object], ...]:
    now = sa.text("now()")
    return tuple(
        sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    )


def _values(table: str, name: str) -> tuple[str, ...]:
    """Return the values that a CHECK allows at present, in order."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    found = op.get_bind().execute(asked, {"name": f"ck_{table}_{name}"}).scalar_one()
    return tuple(re.findall(r"'([^']*)'", found))


def _one_of(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """Swap the CHECK of a column for one with these values, if it had any."""
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{name}")
    listed = ", ".join(f"'{value}'" for value in values)
    _check(table, name, f"{column} IN ({listed})")


def _check(table: str, name: str, condition: str) -> None:
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def downgrade() -> None:
    op.drop_table("registration_pause")
    op.drop_table("registration_request")
    for name in CHECKS:
        op.drop_constraint(f"ck_{TABLE}_{name}", TABLE)
    for column in ("end_note", "entered_by_id", "slip_no", "channel", "visibility",
                   "external_place", "basis", "answer_due_provisional"):  # fmt: skip
        op.drop_column(TABLE, column)
    op.alter_column(TABLE, "community_id", nullable=False)
    _one_of(TABLE, "end_reason", "endreason", ENDINGS[:-1])
    op.execute(f"DELETE FROM notification WHERE kind IN {MORE_NEWS}")
    op.execute(f"DELETE FROM reminder WHERE kind = '{OVERDUE}'")
    for table, name in (("notification", "notificationkind"), ("reminder", "reminderkind")):
        left = (value for value in _values(table, name) if value not in (*MORE_NEWS, OVERDUE))
        _one_of(table, "kind", name, tuple(left))
    op.drop_column("area", "successor_id")
    op.drop_column("area", "valid_to")
