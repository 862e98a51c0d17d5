"""When each step of a demand, a claim or a project was is read from the audit trail."""

from alembic import op

revision = "0041_steps_from_the_trail"
down_revision = "0040_steps_keep_their_time"

# Table, column, what is read of an entry, and after which steps.
READ = (
    ("demand", "accepted_at", "min(recorded_at)", ("demand.accepted",)),
    ("project_claim", "accepted_at", "min(recorded_at)", ("claim.accepted",)),
    ("project_claim", "started_at", "min(recorded_at)", ("claim.started",)),
    ("project_claim", "delivered_at", "max(recorded_at)", ("claim.delivered",)),
    (
        "project_claim",
        "ended_at",
        "max(recorded_at)",
        ("claim.withdrawn", "claim.declined", "claim.released", "claim.failed"),
    ),
    ("service_project", "amended_by", "(array_agg(actor_id ORDER BY id DESC))[1]",
     ("project.amended",)),
    ("service_project", "requested_by", "(array_agg(actor_id ORDER BY id DESC))[1]",
     ("project.review_requested",)),
)  # fmt: skip


def upgrade() -> None:
    for table, column, what, actions in READ:
        listed = ", ".join(f"'{action}'" for action in actions)
        op.execute(
            f"UPDATE {table} SET {column} = found.what FROM ("
            f"SELECT subject, {what} AS what FROM audit_entry"
            f" WHERE action IN ({listed}) GROUP BY subject"
            f") AS found WHERE found.subject = '{table}:' || {table}.id"
        )


def downgrade() -> None:
    """The columns themselves go with the migration before."""
