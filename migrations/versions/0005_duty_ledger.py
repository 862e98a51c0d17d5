"""Postings, standing facts, tallies, duty years, rollups."""

import sqlalchemy as sa
from alembic import context, op

revision = "0005_duty_ledger"
down_revision = "0004_notifications"


def upgrade() -> None:
    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "member",
                "organization",
                "unit",
                "area",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "posted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint(
            "(reverses_id IS NULL) OR revision = 0",
            name=op.f("ck_posting_reversal_has_no_revision"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_posting_area_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["posting.id"], name=op.f("fk_posting_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_posting_reverses_id")),
    )
    op.create_index(
        op.f("ix_posting_subject_kind_subject_id_kind_occurred_on"),
        "posting",
        ["subject_kind", "subject_id", "kind", "occurred_on"],
        unique=False,
    )
    op.create_index(
        "uq_posting_source",
        "posting",
        ["kind", "source_type", "source_id", "subject_kind", "subject_id", "revision"],
        unique=True,
        postgresql_where=sa.text("reverses_id IS NULL"),
    )
    op.create_table(
        "standing_fact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "member",
                "organization",
                "unit",
                "area",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_standing_fact_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_standing_fact_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_fact")),
    )
    op.create_index(
        op.f("ix_standing_fact_subject_kind_subject_id_kind"),
        "standing_fact",
        ["subject_kind", "subject_id", "kind"],
        unique=False,
    )
    op.create_index(
        "uq_standing_fact_open",
        "standing_fact",
        ["kind", "source_type", "source_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "tally",
        sa.Column(
            "subject_kind",
            sa.Enum(
                "member",
                "organization",
                "unit",
                "area",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("occasions", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("occasions_late", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("amount", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "subject_kind", "subject_id", "kind", "month", name=op.f("pk_tally")
        ),
    )
    op.create_table(
        "duty_year",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "member",
                "organization",
                "unit",
                "area",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.Column("pattern", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["area.id"], name=op.f("fk_duty_year_place_id")),
        sa.PrimaryKeyConstraint(
            "rule_id", "subject_kind", "subject_id", "year", name=op.f("pk_duty_year")
        ),
    )
    op.create_table(
        "rollup",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("pattern", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subjects", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("subjects >= 0", name=op.f("ck_rollup_not_negative")),
        sa.ForeignKeyConstraint(["place_id"], ["area.id"], name=op.f("fk_rollup_place_id")),
        sa.PrimaryKeyConstraint("rule_id", "year", "place_id", "pattern", name=op.f("pk_rollup")),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON posting FROM "{role}"')
    op.execute(
        "CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON posting "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("rollup")
    op.drop_table("duty_year")
    op.drop_table("tally")
    op.drop_table("standing_fact")
    op.drop_table("posting")
