"""Demands, the lists a community publishes of them, and who may bring them for others."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0037_demands"
down_revision = "0036_throttle_in_the_database"

NEWS = (
    "demand_submitted",
    "demand_decided",
    "demand_published",
    "demand_matched",
    "demand_closed",
    "demand_evaluated",
    "demand_expires",
)
STATUSES = (
    "draft",
    "submitted",
    "accepted",
    "merged",
    "referred",
    "declined",
    "published",
    "matched",
    "solved",
    "not_solvable",
    "expired",
    "withdrawn",
)


def upgrade() -> None:
    _create_demand()
    _create_lists()
    _allow("notification", "kind", "notificationkind", added=NEWS)
    _allow("reminder", "kind", "reminderkind", added=("demand_expires",))
    _allow("appointment", "role", "role", added=("grid_worker",))


def downgrade() -> None:
    op.execute("DELETE FROM appointment WHERE role = 'grid_worker'")
    op.execute("DELETE FROM reminder WHERE kind = 'demand_expires'")
    op.execute("DELETE FROM notification WHERE kind LIKE 'demand%'")
    _allow("appointment", "role", "role", removed=("grid_worker",))
    _allow("reminder", "kind", "reminderkind", removed=("demand_expires",))
    _allow("notification", "kind", "notificationkind", removed=NEWS)
    op.drop_table("demand_list_item")
    op.drop_table("demand_list")
    op.drop_table("demand")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _stamps() -> list[sa.Column[object]]:
    now = sa.text("now()")
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=False)
        for name in ("created_at", "updated_at")
    ]


def _create_demand() -> None:
    op.create_table(
        "demand",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", _enum("demandkind", "demand", "micro_wish"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column("original_title", sa.Text(), nullable=True),
        sa.Column("original_content", sa.Text(), nullable=True),
        sa.Column(
            "source",
            _enum("demandsource", "resident", "member", "unit", "grid_worker", "community"),
            nullable=False,
        ),
        sa.Column("submitted_by", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("beneficiary_code", sa.Text(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("status", _enum("demandstatus", *STATUSES), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        *_stamps(),
        *_checks(),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name="fk_demand_community_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["demand.id"], name="fk_demand_merged_into_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_demand_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_demand"),
    )
    op.create_index("ix_demand_community_id_status_id", "demand", ["community_id", "status", "id"])
    op.create_index(
        "ix_demand_expires_on",
        "demand",
        ["expires_on"],
        postgresql_where=sa.text("status = 'published'"),
    )
    op.create_index("ix_demand_merged_into_id", "demand", ["merged_into_id"])
    op.create_index("ix_demand_submitted_by_id", "demand", ["submitted_by", "id"])
    op.create_index("ix_demand_unit_id_id", "demand", ["unit_id", "id"])


def _checks() -> list[sa.CheckConstraint]:
    rules = {
        "code_of_a_wish": "(kind = 'micro_wish') = (beneficiary_code IS NOT NULL)",
        "unit_of_its_demand": "(source = 'unit') = (unit_id IS NOT NULL)",
        "merged_into_another": "(status = 'merged') = (merged_into_id IS NOT NULL)",
        "not_into_itself": "merged_into_id <> id",
        "dated": "status <> 'published' OR published_on IS NOT NULL",
        "expires_once_published": "(published_on IS NULL) = (expires_on IS NULL)",
        "evaluated_altogether": "(solved IS NULL) = (satisfied IS NULL)",
    }
    return [sa.CheckConstraint(rule, op.f(f"ck_demand_{name}")) for name, rule in rules.items()]


def _create_lists() -> None:
    op.create_table(
        "demand_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=False),
        *_stamps(),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name="fk_demand_list_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_demand_list"),
        sa.UniqueConstraint(
            "community_id", "year", "version", name="uq_demand_list_community_id_year_version"
        ),
    )
    op.create_table(
        "demand_list_item",
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("demand_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name="fk_demand_list_item_demand_id"),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["demand_list.id"],
            name="fk_demand_list_item_list_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("list_id", "demand_id", name="pk_demand_list_item"),
    )
    op.create_index("ix_demand_list_item_demand_id", "demand_list_item", ["demand_id"])


def _allow(
    table: str,
    column: str,
    enum: str,
    *,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
) -> None:
    """Swap the CHECK of an enum: what is known at present and `added`, without `removed`."""
    name = f"ck_{table}_{enum}"
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    text = op.get_bind().execute(asked, {"name": name}).scalar_one()
    known = [one for one in re.findall(r"'([^']*)'", text) if one not in removed]
    listed = ", ".join(f"'{one}'" for one in (*known, *added))
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
