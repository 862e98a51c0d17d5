"""Stored kinds of claims begin with `claims.`, also where the number of a message begins with one.

In batches, each committed at once; what stopped in the middle goes on where it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057_kinds_of_claims"
down_revision = "0056_kinds_by_form"

BATCH = 20_000
COLUMNS = (
    ("notification", "kind"),
    ("subscription_message", "business_id"),
    ("reminder", "kind"),
    ("text_check", "kind"),
)
# What `projects.claim_` began is of claims, and these besides.
OF_CLAIMS = (
    "done",
    "reminder",
    "deadline",
    "answer_due",
    "retry_due",
    "starts",
    "start_due",
    "delivery_due",
)
_BESIDES = "|".join(OF_CLAIMS)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table, column in COLUMNS:
            _rename(
                table,
                column,
                f"'claims.' || regexp_replace({column}, '^projects[.](claim_)?', '')",
                f"{column} ~ '^projects[.](claim_|({_BESIDES})(:|$))'",
            )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        for table, column in COLUMNS:
            _rename(
                table,
                column,
                f"CASE WHEN {column} ~ '^claims[.]({_BESIDES})(:|$)' THEN 'projects.' "
                f"ELSE 'projects.claim_' END || substr({column}, 8)",
                f"starts_with({column}, 'claims.')",
            )


def _rename(table: str, column: str, renamed: str, which: str) -> None:
    last = op.get_bind().scalar(sa.text(f"SELECT coalesce(max(id), 0) FROM {table}"))
    for first in range(0, last, BATCH):
        op.execute(
            f"UPDATE {table} SET {column} = {renamed} "
            f"WHERE id > {first} AND id <= {first + BATCH} AND {which}"
        )
