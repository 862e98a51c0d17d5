"""What is stored of a kind is `capability.name`; which there are, the program says at its start."""

from alembic import op

revision = "0056_kinds_by_form"
down_revision = "0055_kinds_of_texts_and_files"

FORM = "^[a-z_]+\\.[a-z_]+$"
CHECKS = (
    ("notification", "kind_form", f"kind ~ '{FORM}'"),
    ("reminder", "kind_form", f"kind ~ '{FORM}'"),
    ("text_check", "kind_form", f"kind ~ '{FORM}'"),
    ("text_check", "audience", "audience IN ('offices', 'community', 'branch')"),
    ("attachment", "carried_as_form", f"carried_as ~ '{FORM}'"),
    (
        "attachment",
        "carried_as_something",
        "(subject IS NULL) = (carried_as IS NULL)",
    ),
)
FILLED = ("kind", "audience", "nameless")


def upgrade() -> None:
    for table, name, check in CHECKS:
        _add(table, name, check)
    for column in FILLED:
        # A CHECK that holds saves SET NOT NULL its look at every row.
        _add("text_check", f"{column}_filled", f"{column} IS NOT NULL")
        op.execute(f"ALTER TABLE text_check ALTER COLUMN {column} SET NOT NULL")
        op.execute(f"ALTER TABLE text_check DROP CONSTRAINT ck_text_check_{column}_filled")


def _add(table: str, name: str, check: str) -> None:
    constraint = f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({check}) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def downgrade() -> None:
    for column in FILLED:
        op.execute(f"ALTER TABLE text_check ALTER COLUMN {column} DROP NOT NULL")
    for table, name, _ in CHECKS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
