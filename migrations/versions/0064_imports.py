"""Imports on their way: files and rows that wait, sealed, and what can be taken back; an
organisation's own code, by which an import knows it again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064_imports"
down_revision = "0063_rosters"

STATES = (
    "reading", "columns", "checking", "ready", "committing", "committed", "undoing", "undone",
    "discarded", "failed",
)  # fmt: skip
CHANGES = ("new", "changed", "same", "left", "problem")


def upgrade() -> None:
    op.add_column("organization", sa.Column("code", sa.Text))
    op.create_unique_constraint(op.f("uq_organization_code"), "organization", ["code"])
    _create_imports()
    _create_files()
    _create_rows()
    _create_things()


def _create_imports() -> None:
    op.create_table(
        "import",
        _id(),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("status", _one_of("importstatus", *STATES), nullable=False),
        sa.Column("account_id", sa.BigInteger),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("columns", postgresql.JSONB, server_default="[]", nullable=False),
        sa.Column("notes", postgresql.ARRAY(sa.Text), server_default="{}", nullable=False),
        sa.Column("rows_read", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("rows_done", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("counts", postgresql.JSONB, server_default="{}", nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("committed_at", sa.DateTime(timezone=True)),
        sa.Column("purged_at", sa.DateTime(timezone=True)),
        *(
            sa.Column(
                name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
            )
            for name in ("created_at", "updated_at")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index(op.f("ix_import_account_id"), "import", ["account_id"])
    op.create_index(op.f("ix_import_status_updated_at"), "import", ["status", "updated_at"])


def _create_files() -> None:
    op.create_table(
        "import_file",
        sa.Column("import_id", sa.BigInteger, nullable=False),
        sa.Column("part", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("sealed", sa.Text, nullable=False),
        _of_import("import_file"),
        sa.PrimaryKeyConstraint("import_id", "part", name=op.f("pk_import_file")),
        prefixes=["UNLOGGED"],
    )


def _create_rows() -> None:
    op.create_table(
        "import_row",
        _id(),
        sa.Column("import_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.BigInteger),
        sa.Column("cells", sa.Text),
        sa.Column("change", _one_of("change", *CHANGES)),
        sa.Column("found", sa.Text),
        _of_import("import_row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_row_import_id_number")),
    )
    op.create_index(
        op.f("ix_import_row_import_id_change_id"), "import_row", ["import_id", "change", "id"]
    )


def _create_things() -> None:
    op.create_table(
        "imported_thing",
        sa.Column("import_id", sa.BigInteger, nullable=False),
        sa.Column("subject_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("sealed", sa.Text, nullable=False),
        _of_import("imported_thing"),
        sa.PrimaryKeyConstraint("import_id", "subject_id", name=op.f("pk_imported_thing")),
    )


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=False), nullable=False)


def _of_import(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_import_id")
    return sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=name, ondelete="CASCADE")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def downgrade() -> None:
    for table in ("imported_thing", "import_row", "import_file", "import"):
        op.drop_table(table)
    op.drop_column("organization", "code")
