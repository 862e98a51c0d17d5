"""Duty years say what is owed beside what is done, and everybody bound has one.

What was kept of patterns is emptied here: `flask migrate` states all years anew from the tallies
and standing facts when the schema stands (`binding.rebind_all`), and the ledger check proves them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0058_duty_years_of_everybody"
down_revision = "0057_kinds_of_claims"

KINDS = ("member", "organization", "unit", "area")
TABLES = ("posting", "standing_fact", "tally", "duty_year")
FACTS = (
    ("ix_standing_fact_kind_subject_id", ["kind", "subject_id"], "ends_on IS NULL"),
    ("ix_standing_fact_starts_on", ["starts_on"], None),
    ("ix_standing_fact_ends_on", ["ends_on"], "ends_on IS NOT NULL"),
)


def upgrade() -> None:
    _allow((*KINDS, "entry"))
    op.add_column(
        "tally", sa.Column("amount_late", sa.BigInteger, server_default="0", nullable=False)
    )
    op.execute("UPDATE tally SET amount_late = amount WHERE occasions_late = occasions")
    op.execute("DELETE FROM rollup")
    op.execute("UPDATE duty_year SET place_id = NULL, pattern = 0")
    op.alter_column("duty_year", "pattern", new_column_name="done")
    op.add_column("duty_year", sa.Column("bound_since", sa.Date))
    op.add_column("duty_year", sa.Column("owed", sa.BigInteger, server_default="0", nullable=False))
    op.add_column(
        "duty_year", sa.Column("exempt", sa.Boolean, server_default=sa.false(), nullable=False)
    )
    op.create_check_constraint("done_is_owed", "duty_year", "done & ~owed = 0")
    op.create_index(
        op.f("ix_duty_year_rule_id_year_place_id_subject_id"),
        "duty_year",
        ["rule_id", "year", "place_id", "subject_id"],
        postgresql_where=sa.text("place_id IS NOT NULL"),
    )
    for name, columns, where in FACTS:
        op.create_index(
            op.f(name), "standing_fact", columns, postgresql_where=where and sa.text(where)
        )
    op.drop_constraint(op.f("ck_rollup_not_negative"), "rollup")
    op.drop_constraint(op.f("pk_rollup"), "rollup")
    op.alter_column("rollup", "pattern", new_column_name="done", server_default=None)
    op.add_column("rollup", sa.Column("owed", sa.BigInteger, nullable=False))
    op.add_column("rollup", sa.Column("exempt", sa.Boolean, nullable=False))
    op.create_primary_key(
        op.f("pk_rollup"), "rollup", ["rule_id", "year", "place_id", "done", "owed", "exempt"]
    )


def downgrade() -> None:
    op.execute("DELETE FROM rollup")
    op.execute("DELETE FROM duty_year")
    op.drop_constraint(op.f("pk_rollup"), "rollup")
    op.drop_column("rollup", "exempt")
    op.drop_column("rollup", "owed")
    op.alter_column("rollup", "done", new_column_name="pattern")
    op.create_primary_key(op.f("pk_rollup"), "rollup", ["rule_id", "year", "place_id", "pattern"])
    op.create_check_constraint("not_negative", "rollup", "subjects >= 0")
    for name, _, _ in FACTS:
        op.drop_index(op.f(name), "standing_fact")
    op.drop_index(op.f("ix_duty_year_rule_id_year_place_id_subject_id"), "duty_year")
    op.drop_constraint(op.f("ck_duty_year_done_is_owed"), "duty_year")
    for column in ("exempt", "owed", "bound_since"):
        op.drop_column("duty_year", column)
    op.alter_column("duty_year", "done", new_column_name="pattern")
    op.drop_column("tally", "amount_late")
    _allow(KINDS)


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    for table in TABLES:
        op.drop_constraint(op.f(f"ck_{table}_subjectkind"), table)
        op.create_check_constraint("subjectkind", table, f"subject_kind IN ({listed})")
