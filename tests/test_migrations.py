"""The migrations build exactly the schema the models describe, and can be undone."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend.core.migrations import configuration, migrate, newest
from backend.models import Base
from launcher.postgres import Server


def ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def test_models_and_migrations_agree(connection: sa.Connection) -> None:
    options = {"compare_server_default": True, "include_name": ours}
    context = MigrationContext.configure(connection, opts=options)

    assert compare_metadata(context, Base.metadata) == []


def test_check_constraints_and_enum_values_agree(connection: sa.Connection) -> None:
    """Alembic compares neither CHECK constraints nor the values of our enums, so we do."""
    inspector, name_of = sa.inspect(connection), connection.dialect.identifier_preparer
    for table in Base.metadata.sorted_tables:
        built = {row["name"]: row["sqltext"] for row in inspector.get_check_constraints(table.name)}
        declared = {
            name_of.format_constraint(constraint)
            for constraint in table.constraints
            if isinstance(constraint, sa.CheckConstraint)
        }
        assert built.keys() == declared
        for enum in (column.type for column in table.columns if isinstance(column.type, sa.Enum)):
            values = re.findall(r"'([^']*)'", built[f"ck_{table.name}_{enum.name}"])
            assert sorted(values) == sorted(enum.enums), table.name


def test_the_text_of_every_check_is_the_one_the_models_declare(
    connection: sa.Connection, server: Server
) -> None:
    """The database rewrites a CHECK, so we let it rewrite the models' own and compare those."""
    inspector = sa.inspect(connection)
    engine = sa.create_engine(server.admin_url)
    with engine.connect() as scratch, scratch.begin() as undone:
        scratch.execute(sa.text("CREATE SCHEMA scratch"))
        scratch.execute(sa.text("SET search_path TO scratch, public"))
        Base.metadata.create_all(scratch, checkfirst=False)
        described = sa.inspect(scratch)
        for table in Base.metadata.tables:
            wanted = described.get_check_constraints(table, schema="scratch")
            found = inspector.get_check_constraints(table)
            assert _texts(found) == _texts(wanted), table
        undone.rollback()
    engine.dispose()


def _texts(checks: Sequence[Any]) -> dict[str, str]:
    return {check["name"]: check["sqltext"] for check in checks}


def test_every_constraint_and_index_is_named_by_the_convention(connection: sa.Connection) -> None:
    names = connection.execute(
        sa.text(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace AND contype <> 'n' "
            "AND conrelid::regclass::text NOT LIKE 'procrastinate%' "
            "AND conrelid::regclass::text <> 'alembic_version' AND conrelid <> 0"
        )
    ).all()

    assert names
    assert [n for n in names if not re.match(r"(pk|fk|uq|ck|ix)_", n.conname)] == []


def test_migrations_are_one_numbered_line(alembic_config: Config) -> None:
    script = ScriptDirectory.from_config(alembic_config)

    numbers = [Path(r.path).stem.split("_")[0] for r in reversed(list(script.walk_revisions()))]

    assert numbers == [f"{n:04}" for n in range(1, len(numbers) + 1)]
    assert script.get_current_head() == newest()


def test_migrations_import_nothing_of_the_program(root: Path) -> None:
    for file in (root / "migrations" / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) (backend|miniprogram_api)", file.read_text(), re.M)


def test_all_migrations_can_be_undone_and_done_again(server: Server) -> None:
    engine = sa.create_engine(server.admin_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.execute(sa.text("CREATE DATABASE undone OWNER party_owner"))
    engine.dispose()
    owner_url, app_url = (server.url(role, "undone") for role in ("party_owner", "party_app"))
    migrate(owner_url, app_url)
    owner = sa.create_engine(owner_url)
    with owner.connect() as connection:
        command.downgrade(configuration(connection, app_role="party_app"), "base")
        left = sa.inspect(connection).get_table_names()
        connection.rollback()
    migrate(owner_url, app_url)
    owner.dispose()

    assert left == ["alembic_version"]


@pytest.mark.parametrize("table", ["audit_entry", "posting"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_applications_role_cannot_rewrite_history(
    connection: sa.Connection, table: str, statement: str
) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.text(statement.format(table)))


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = ''", "DELETE FROM audit_entry"]
)
def test_not_even_the_owner_rewrites_the_audit_log_in_passing(
    owner: sa.Connection, statement: str
) -> None:
    owner.execute(
        sa.text("INSERT INTO audit_entry (action, subject, detail) VALUES ('a', 'b:1', '{}')")
    )

    with pytest.raises(sa.exc.ProgrammingError, match="append-only"):
        owner.execute(sa.text(statement))
