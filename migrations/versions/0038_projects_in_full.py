"""Projects are reviewed, end and are evaluated; claims wait, lapse, are released and fail."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0038_projects_in_full"
down_revision = "0037_demands"

NEWS = (
    "project_review_requested",
    "project_approved",
    "project_returned",
    "project_cancelled",
    "project_expired",
    "project_done",
    "claim_lapsed",
    "claim_released",
    "claim_returned",
    "claim_failed",
    "claim_moved_up",
    "claim_evaluated",
)
REMINDERS = ("claim_answer_due", "claim_start_due", "claim_retry_due")
NEW_PROJECT = ("review", "in_progress", "done", "evaluated", "expired")
NEW_CLAIM = ("waiting", "lapsed", "released", "failed")
PROJECT_STATUSES = (
    "draft",
    "review",
    "open",
    "full",
    "in_progress",
    "done",
    "evaluated",
    "cancelled",
    "expired",
)
CLAIM_STATUSES = (
    "waiting",
    "submitted",
    "lapsed",
    "accepted",
    "declined",
    "in_progress",
    "delivered",
    "completed",
    "withdrawn",
    "released",
    "failed",
)
HELD = "'submitted', 'accepted', 'in_progress', 'delivered', 'completed'"

PROJECT_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[object], str | None], ...] = (
    ("demand_id", sa.BigInteger(), None),
    ("funded", sa.Boolean(), "false"),
    ("insurance_note", sa.Text(), "''"),
    ("reviewed_by", sa.BigInteger(), None),
    ("reviewed_at", sa.DateTime(timezone=True), None),
    ("reviews", sa.BigInteger(), "0"),
    ("return_reason", sa.Text(), None),
    ("cancelled_by", sa.BigInteger(), None),
    ("cancel_reason", sa.Text(), None),
    ("done_on", sa.Date(), None),
    ("evaluation_due_on", sa.Date(), None),
)
CLAIM_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[object], str | None], ...] = (
    ("moved_up_at", sa.DateTime(timezone=True), None),
    ("answer_due_on", sa.Date(), None),
    ("answer_due_provisional", sa.Boolean(), "false"),
    ("tries", sa.BigInteger(), "1"),
    ("retry_until", sa.Date(), None),
    ("start_due_on", sa.Date(), None),
    ("deliveries", sa.BigInteger(), "0"),
    ("return_reason", sa.Text(), None),
    ("failure_reason", sa.Text(), None),
    ("completed_at", sa.DateTime(timezone=True), None),
    ("claimant_solved", sa.Boolean(), None),
    ("claimant_satisfied", sa.Boolean(), None),
    ("claimant_comment", sa.Text(), None),
)
ENUMS = (
    ("service_project", "risk", "riskclass", ("low", "medium", "high"), "'low'"),
    (
        "project_claim",
        "release_reason",
        "releasereason",
        ("not_started", "not_retried", "project_cancelled", "project_over"),
        None,
    ),
)
CHECKS = {
    "service_project": {
        "insured_when_opened": (
            "risk = 'low' OR insurance_note <> '' OR status IN ('draft', 'cancelled')"
        ),
        "reason_when_cancelled": "(status = 'cancelled') = (cancel_reason IS NOT NULL)",
        "day_when_done": "(status IN ('done', 'evaluated')) = (done_on IS NOT NULL)",
        "evaluated_once_done": "(done_on IS NULL) = (evaluation_due_on IS NULL)",
    },
    "project_claim": {
        "answer_is_due": "status <> 'submitted' OR answer_due_on IS NOT NULL",
        "kept_while_lapsed": "(status = 'lapsed') = (retry_until IS NOT NULL)",
        "start_is_due": "status <> 'accepted' OR start_due_on IS NOT NULL",
        "reason_when_released": "(status = 'released') = (release_reason IS NOT NULL)",
        "reason_when_failed": "(status = 'failed') = (failure_reason IS NOT NULL)",
        "evaluated_altogether": "(claimant_solved IS NULL) = (claimant_satisfied IS NULL)",
    },
}


def upgrade() -> None:
    for table, columns in (("service_project", PROJECT_COLUMNS), ("project_claim", CLAIM_COLUMNS)):
        for name, kind, default in columns:
            _add(table, sa.Column(name, kind), default)
    for table, column, enum, values, default in ENUMS:
        kind = sa.Enum(*values, name=enum, native_enum=False, create_constraint=True, length=32)
        _add(table, sa.Column(column, kind), default)
    _swap("service_project", "status", "projectstatus", PROJECT_STATUSES)
    _swap("project_claim", "status", "claimstatus", CLAIM_STATUSES)
    _allow("notification", "kind", "notificationkind", added=NEWS)
    _allow("reminder", "kind", "reminderkind", added=REMINDERS)
    _bring_up_to_date()
    for table, checks in CHECKS.items():
        for name, rule in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    _index_live(f"'waiting', 'submitted', 'lapsed', {HELD.partition(', ')[2]}")
    op.create_index(
        "ix_service_project_clock",
        "service_project",
        ["id"],
        postgresql_where=sa.text("status IN ('open', 'full', 'in_progress', 'done')"),
    )
    op.create_index("ix_service_project_demand_id", "service_project", ["demand_id"])
    op.create_foreign_key(
        "fk_service_project_demand_id", "service_project", "demand", ["demand_id"], ["id"]
    )


def _add(table: str, column: sa.Column[object], default: str | None) -> None:
    column.nullable = default is None
    column.server_default = sa.DefaultClause(sa.text(default)) if default is not None else None
    op.add_column(table, column)


def _bring_up_to_date() -> None:
    """What waits gets a whole term from today, so that nothing lapses for what nobody could know;
    where work was begun, the project is under way."""
    op.execute(
        "UPDATE project_claim SET answer_due_on = CURRENT_DATE + 7 WHERE status = 'submitted'"
    )
    op.execute(
        "UPDATE project_claim SET start_due_on = CURRENT_DATE + 14 WHERE status = 'accepted'"
    )
    op.execute("UPDATE project_claim SET completed_at = updated_at WHERE status = 'completed'")
    op.execute("UPDATE project_claim SET deliveries = 1 WHERE delivered_on IS NOT NULL")
    op.execute("UPDATE service_project SET cancel_reason = '' WHERE status = 'cancelled'")
    op.execute(
        "UPDATE service_project SET status = 'in_progress' WHERE status IN ('open', 'full') AND "
        "EXISTS (SELECT FROM project_claim WHERE project_id = service_project.id AND "
        "project_claim.status IN ('in_progress', 'delivered', 'completed'))"
    )


def _index_live(statuses: str) -> None:
    for who, null in (("member", "NULL"), ("unit", "NOT NULL")):
        name = f"uq_project_claim_live_{who}"
        op.drop_index(name, "project_claim")
        op.create_index(
            name,
            "project_claim",
            ["project_id", f"{who}_id"],
            unique=True,
            postgresql_where=sa.text(f"unit_id IS {null} AND status IN ({statuses})"),
        )


def downgrade() -> None:
    op.drop_index("ix_service_project_clock", "service_project")
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    _forget_what_is_new()
    _index_live(HELD)
    _allow("reminder", "kind", "reminderkind", removed=REMINDERS)
    _allow("notification", "kind", "notificationkind", removed=NEWS)
    _allow("project_claim", "status", "claimstatus", removed=NEW_CLAIM)
    _allow("service_project", "status", "projectstatus", removed=NEW_PROJECT)
    for table, column, *_ in ENUMS:
        op.drop_column(table, column)
    for table, columns in (("service_project", PROJECT_COLUMNS), ("project_claim", CLAIM_COLUMNS)):
        for name, *_ in columns:
            op.drop_column(table, name)


def _forget_what_is_new() -> None:
    """Bring each row to what comes nearest."""
    op.execute("DELETE FROM reminder WHERE kind LIKE 'claim%'")
    for kind in NEWS:
        op.execute(f"DELETE FROM notification WHERE kind = '{kind}'")
    op.execute(
        "UPDATE service_project SET status = CASE WHEN status = 'review' THEN 'draft' "
        "WHEN status = 'expired' THEN 'cancelled' WHEN claimed = places THEN 'full' "
        "ELSE 'open' END WHERE status IN ('review', 'in_progress', 'done', 'evaluated', 'expired')"
    )
    op.execute(
        "UPDATE project_claim SET status = CASE WHEN status = 'lapsed' THEN 'submitted' "
        "ELSE 'withdrawn' END WHERE status IN ('waiting', 'lapsed', 'released', 'failed')"
    )


def _allow(
    table: str,
    column: str,
    enum: str,
    *,
    added: tuple[str, ...] = (),
    removed: tuple[str, ...] = (),
) -> None:
    """Swap the CHECK of an enum: what is known at present and `added`, without `removed`."""
    name = f"ck_{table}_{enum}"
    asked = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    text = op.get_bind().execute(asked, {"name": name}).scalar_one()
    known = [one for one in re.findall(r"'([^']*)'", text) if one not in removed]
    _swap(table, column, enum, (*known, *added))


def _swap(table: str, column: str, enum: str, values: tuple[str, ...]) -> None:
    name = f"ck_{table}_{enum}"
    listed = ", ".join(f"'{one}'" for one in values)
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
