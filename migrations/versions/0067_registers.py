"""Registers: what is so from a day to a day, and who has looked it through."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0067_registers"
down_revision = "0066_staff_accounts"

SLOTS = {
    "parent_id": "register_entry",
    "organization_id": "organization",
    "unit_id": "unit",
    "member_id": "member",
    "area_id": "area",
}


def upgrade() -> None:
    _create_entries()
    _create_versions()
    _create_reviews()
    _create_head_counts()
    _create_openings()


def _create_entries() -> None:
    table = "register_entry"
    op.create_table(
        table,
        _id(),
        sa.Column("register", sa.Text, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "standing", "ended", "voided",
                name="entrystatus", native_enum=False, create_constraint=True, length=32,
            ),
            server_default="standing",
            nullable=False,
        ),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("place_id", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("parent_id", "unit_id", "member_id")),
        sa.Column("ends_on", sa.Date),
        sa.Column("revision", sa.BigInteger, server_default="1", nullable=False),
        sa.Column("recorded_by", sa.BigInteger),
        sa.Column("end_reason", sa.Text),
        sa.Column("void_reason", sa.Text),
        sa.Column("voided_at", sa.DateTime(timezone=True)),
        *_times(),
        _refers(table, "place_id", "area"),
        *(_refers(table, name, SLOTS[name]) for name in ("parent_id", "unit_id", "member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
    )  # fmt: skip
    standing = sa.text("status = 'standing'")
    op.create_index(
        "uq_register_entry_code", table, ["register", "code"], unique=True,
        postgresql_where=standing,
    )  # fmt: skip
    for columns in (("register", "place_id", "code", "id"), ("register", "code", "id")):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
    for name in ("parent_id", "unit_id", "member_id"):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def _create_versions() -> None:
    table = "register_version"
    op.create_table(
        table,
        _id(),
        sa.Column("entry_id", sa.BigInteger, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("schema_version", sa.SmallInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("place_id", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in SLOTS),
        sa.Column("values", postgresql.JSONB, server_default="{}", nullable=False),
        sa.Column("sealed", sa.Text),
        sa.Column("lapsed", postgresql.JSONB, server_default="{}", nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("recorded_by", sa.BigInteger),
        sa.Column("superseded_at", sa.DateTime(timezone=True)),
        *_times(),
        sa.Column("found_as", sa.Text, server_default="", nullable=False),
        sa.Column("pairs", postgresql.ARRAY(sa.Text), server_default="{}", nullable=False),
        _refers(table, "entry_id", "register_entry"),
        _refers(table, "place_id", "area"),
        *(_refers(table, name, to) for name, to in SLOTS.items()),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f(f"ck_{table}_dates_in_order")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(\"values\") = 'object'", name=op.f(f"ck_{table}_values_are_named")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.execute(
        "ALTER TABLE register_version ADD CONSTRAINT uq_register_version_one_at_a_time EXCLUDE "
        "USING gist (int8range(entry_id, entry_id, '[]') WITH &&, "
        "daterange(starts_on, ends_on) WITH &&) WHERE (superseded_at IS NULL)"
    )
    op.create_index(op.f(f"ix_{table}_entry_id_starts_on"), table, ["entry_id", "starts_on"])
    op.create_index(op.f(f"ix_{table}_place_id"), table, ["place_id"])
    op.create_index(
        "ix_register_version_pairs", table, ["pairs"], postgresql_using="gin",
        postgresql_where=sa.text("superseded_at IS NULL"),
    )  # fmt: skip
    for name in SLOTS:
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name], postgresql_where=there)


def _create_reviews() -> None:
    table = "register_review"
    op.create_table(
        table,
        _id(),
        sa.Column("register", sa.Text, nullable=False),
        sa.Column("place_id", sa.BigInteger, nullable=False),
        sa.Column("reviewed_on", sa.Date, nullable=False),
        sa.Column("reviewed_by", sa.BigInteger),
        sa.Column("entries", sa.BigInteger, nullable=False),
        *_times(),
        _refers(table, "place_id", "area"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "register", "place_id", "reviewed_on",
            name=op.f(f"uq_{table}_register_place_id_reviewed_on"),
        ),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{table}_place_id"), table, ["place_id"])


def _create_head_counts() -> None:
    table = "head_count"
    op.create_table(
        table,
        _id(),
        sa.Column("area_id", sa.BigInteger, nullable=False),
        sa.Column("counted_on", sa.Date, nullable=False),
        sa.Column("members", sa.BigInteger, nullable=False),
        *_times(),
        _refers(table, "area_id", "area"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("area_id", "counted_on", name=op.f(f"uq_{table}_area_id_counted_on")),
    )


def _create_openings() -> None:
    table = "register_opening"
    op.create_table(
        table,
        _id(),
        sa.Column("entry_id", sa.BigInteger, nullable=False),
        sa.Column("account_id", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        *_times(),
        _refers(table, "entry_id", "register_entry"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_entry_id_id"), table, ["entry_id", "id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False)


def _times() -> list[sa.Column[object]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for table in (
        "register_opening", "head_count", "register_review", "register_version", "register_entry",
    ):  # fmt: skip
        op.drop_table(table)
