"""What is stored of a kind is `capability.name`; which there are, the program says at its start."""

from alembic import op

revision = "0055_kinds_by_form"
down_revision = "0054_kinds_of_capabilities"

FORM = "^[a-z_]+\\.[a-z_]+$"
COLUMNS = (("notification", "kind"), ("reminder", "kind"))


def upgrade() -> None:
    for table, column in COLUMNS:
        name = f"ck_{table}_{column}_form"
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} ~ '{FORM}') NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}_form")
