"""The three administrators: of the system, of its security, of its audit (spec 8.5)."""

import sqlalchemy as sa
from alembic import op

revision = "0062_administrators"
down_revision = "0061_who_governs"

BEFORE = (
    "community_secretary",
    "branch_secretary",
    "unit_contact",
    "street_officer",
    "district_officer",
    "city_officer",
    "grid_worker",
)
ADDED = ("system_administrator", "security_administrator", "audit_administrator")


def upgrade() -> None:
    _allow(*BEFORE, *ADDED)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM appointment WHERE role LIKE '%\\_administrator'"))
    _allow(*BEFORE)


def _allow(*roles: str) -> None:
    listed = ", ".join(f"'{role}'" for role in roles)
    op.execute("ALTER TABLE appointment DROP CONSTRAINT ck_appointment_role")
    op.execute(
        f"ALTER TABLE appointment ADD CONSTRAINT ck_appointment_role CHECK (role IN ({listed}))"
    )
