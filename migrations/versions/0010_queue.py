"""The job queue: procrastinate's own scripts, up to the one named here.

A later version of the library brings further scripts, which a later migration applies.
"""

from importlib.resources import files

from alembic import op

revision = "0010_queue"
down_revision = "0009_projects"

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    scripts = sorted(
        (entry for entry in files("procrastinate.sql.migrations").iterdir() if _wanted(entry.name)),
        key=lambda entry: entry.name,
    )
    for script in scripts:
        op.get_bind().exec_driver_sql(script.read_text(encoding="utf-8").replace("%", "%%"))


def _wanted(name: str) -> bool:
    return name.endswith(".sql") and name <= LAST


def downgrade() -> None:
    op.execute(
        """
        DO $$
        DECLARE thing record;
        BEGIN
            FOR thing IN SELECT tablename FROM pg_tables
                WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate_%'
            LOOP EXECUTE format('DROP TABLE %I CASCADE', thing.tablename); END LOOP;
            FOR thing IN SELECT oid::regprocedure AS signature FROM pg_proc
                WHERE pronamespace = current_schema()::regnamespace
                AND proname LIKE 'procrastinate_%'
            LOOP EXECUTE format('DROP FUNCTION %s CASCADE', thing.signature); END LOOP;
            FOR thing IN SELECT typname FROM pg_type
                WHERE typnamespace = current_schema()::regnamespace
                AND typname LIKE 'procrastinate_%' AND typtype IN ('e', 'c')
            LOOP EXECUTE format('DROP TYPE %I CASCADE', thing.typname); END LOOP;
        END $$
        """
    )
