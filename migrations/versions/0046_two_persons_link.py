"""A link that no number proves waits for a second person."""

import sqlalchemy as sa
from alembic import op

revision = "0046_two_persons_link"
down_revision = "0045_contact_lines"

TABLE, OPEN = "link_application", "uq_link_application_open"
STATUS = "ck_link_application_linkapplicationstatus"
NAMED = "ck_link_application_named_by_whom"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("named_by", sa.BigInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("named_at", sa.DateTime(timezone=True), nullable=True))
    _allow("submitted", "named", "approved", "refused")
    _check(NAMED, "status <> 'named' OR (named_by IS NOT NULL AND member_id IS NOT NULL)")
    _one_open("status IN ('submitted', 'named')")


def downgrade() -> None:
    op.execute("UPDATE link_application SET status = 'submitted', member_id = NULL "
               "WHERE status = 'named'")  # fmt: skip
    _one_open("status = 'submitted'")
    op.drop_constraint(NAMED, TABLE)
    _allow("submitted", "approved", "refused")
    op.drop_column(TABLE, "named_at")
    op.drop_column(TABLE, "named_by")


def _allow(*states: str) -> None:
    listed = ", ".join(f"'{state}'" for state in states)
    op.drop_constraint(STATUS, TABLE)
    _check(STATUS, f"status IN ({listed})")


def _check(name: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
    op.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {name}")


def _one_open(states: str) -> None:
    op.drop_index(OPEN, TABLE)
    op.create_index(OPEN, TABLE, ["account_id"], unique=True, postgresql_where=sa.text(states))
