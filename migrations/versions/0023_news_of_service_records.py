"""News of disputes and corrections, and the reminder of a confirmation that is due."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0023_news_of_service_records"
down_revision = "0022_service_record_corrections"

NEWS = ("service_record_disputed", "service_record_upheld", "service_record_corrected")
DUE = ("service_confirmation_due",)


def upgrade() -> None:
    for table, name, added in _lists():
        _allow(table, name, (*_values(table, name), *added))


def downgrade() -> None:
    for table, name, added in _lists():
        op.execute(f"DELETE FROM {table} WHERE kind IN ({_listed(added)})")
        _allow(table, name, tuple(v for v in _values(table, name) if v not in added))


def _lists() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return ("notification", "notificationkind", NEWS), ("reminder", "reminderkind", DUE)


def _values(table: str, name: str) -> tuple[str, ...]:
    """Return the values that a CHECK allows at present, in order."""
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    found = op.get_bind().execute(asked, {"name": f"ck_{table}_{name}"}).scalar_one()
    return tuple(re.findall(r"'([^']*)'", found))


def _allow(table: str, name: str, values: tuple[str, ...]) -> None:
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} "
        f"CHECK (kind IN ({_listed(values)})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
