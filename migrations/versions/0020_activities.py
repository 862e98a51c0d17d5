"""Activities in shifts, sign-ups, the organiser's list, and the news and reminders of them."""

import sqlalchemy as sa
from alembic import op

revision = "0020_activities"
down_revision = "0019_quotes_of_old_news"

NEWS_BEFORE = (
    "registration_submitted",
    "registration_accepted",
    "registration_returned",
    "registration_rejected",
    "service_record_submitted",
    "service_record_confirmed",
    "service_record_returned",
    "service_record_voided",
    "meeting_convened",
    "claim_submitted",
    "claim_accepted",
    "claim_declined",
    "claim_delivered",
    "claim_completed",
    "link_application_submitted",
    "link_application_approved",
    "link_application_refused",
    "meeting_cancelled",
    "meeting_reminder",
    "project_reminder",
    "deadline_reminder",
    "text_check_held",
    "text_check_removed",
    "attachment_held",
    "attachment_removed",
)
NEWS_ADDED = ("activity_changed", "activity_cancelled", "activity_reminder", "sign_up_moved_up")
REMINDERS_BEFORE = ("meeting_starts", "project_starts", "delivery_due", "registration_answer_due")
REMINDERS_ADDED = ("activity_starts",)


def upgrade() -> None:
    _kinds("notification", "notificationkind", NEWS_BEFORE + NEWS_ADDED)
    _kinds("reminder", "reminderkind", REMINDERS_BEFORE + REMINDERS_ADDED)
    _create_activity()
    _create_shift()
    _create_sign_up()
    _describe_records()
    _create_attendance()


def _kinds(table: str, name: str, values: tuple[str, ...]) -> None:
    listed, constraint = ", ".join(f"'{value}'" for value in values), f"ck_{table}_{name}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}")


def _create_activity() -> None:
    op.create_table(
        "activity",
        _id(),
        _number("community_id"),
        _number("unit_id", nullable=True),
        _text("title"),
        _choice(
            "category",
            "servicecategory",
            "environment",
            "care",
            "safety",
            "education",
            "culture",
            "health",
            "mediation",
            "governance",
            "other",
        ),
        _text("content"),
        _text("place"),
        _choice("risk", "riskclass", "low", "medium", "high"),
        _text("insurance_note", server_default=""),
        _text("age_note", server_default=""),
        _number("notice_hours", server_default="24"),
        _flag("is_volunteer_service"),
        _moment("starts_at"),
        _moment("ends_at"),
        _choice(
            "status",
            "activitystatus",
            "draft",
            "published",
            "full",
            "running",
            "finished",
            "cancelled",
        ),
        _number("created_by"),
        _moment("published_at", nullable=True),
        _number("changes", server_default="0"),
        _number("cancelled_by", nullable=True),
        _moment("cancelled_at", nullable=True),
        _text("cancel_reason", nullable=True),
        *_timestamps(),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_activity_times_in_order")),
        sa.CheckConstraint("notice_hours >= 0", name=op.f("ck_activity_notice_not_negative")),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)",
            name=op.f("ck_activity_reason_when_cancelled"),
        ),
        sa.CheckConstraint(
            "risk = 'low' OR insurance_note <> '' OR status IN ('draft', 'cancelled')",
            name=op.f("ck_activity_insured_when_published"),
        ),
        _refers("activity", "community_id", "area"),
        _refers("activity", "unit_id", "unit"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        op.f("ix_activity_community_id_status_id"), "activity", ["community_id", "status", "id"]
    )
    op.create_index(op.f("ix_activity_unit_id"), "activity", ["unit_id"])
    op.create_index(
        "ix_activity_ends_at",
        "activity",
        ["ends_at"],
        postgresql_where=sa.text("status IN ('published', 'full', 'running')"),
    )


def _create_shift() -> None:
    table = "activity_shift"
    op.create_table(
        table,
        _id(),
        _number("activity_id"),
        _moment("starts_at"),
        _moment("ends_at"),
        _number("places"),
        _number("signed_up", server_default="0"),
        *_timestamps(),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_activity_shift_times_in_order")),
        sa.CheckConstraint(
            "places > 0 AND signed_up BETWEEN 0 AND places",
            name=op.f("ck_activity_shift_signed_up_in_places"),
        ),
        _refers(table, "activity_id", "activity", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_shift")),
    )
    op.create_index(
        op.f("ix_activity_shift_activity_id_starts_at"), table, ["activity_id", "starts_at"]
    )


def _create_sign_up() -> None:
    table = "activity_sign_up"
    op.create_table(
        table,
        _id(),
        _number("activity_id"),
        _number("shift_id"),
        _number("member_id"),
        _choice("status", "signupstatus", "signed_up", "waiting", "withdrawn"),
        _flag("is_volunteer_service"),
        _moment("moved_up_at", nullable=True),
        _moment("withdrawn_at", nullable=True),
        _moment("checked_in_at", nullable=True),
        _moment("checked_out_at", nullable=True),
        *_timestamps(),
        sa.CheckConstraint(
            "checked_out_at IS NULL OR checked_in_at IS NOT NULL",
            name=op.f("ck_activity_sign_up_in_before_out"),
        ),
        _refers(table, "activity_id", "activity", ondelete="CASCADE"),
        _refers(table, "shift_id", "activity_shift", ondelete="CASCADE"),
        _refers(table, "member_id", "member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_sign_up")),
    )
    op.create_index(
        "uq_activity_sign_up_live",
        table,
        ["shift_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'withdrawn'"),
    )
    op.create_index(op.f("ix_activity_sign_up_member_id_id"), table, ["member_id", "id"])
    op.create_index(
        op.f("ix_activity_sign_up_activity_id_member_id"), table, ["activity_id", "member_id"]
    )


def _describe_records() -> None:
    table, check = "service_record", "ck_service_record_of_an_activity_and_shift"
    for name, target in (("activity_id", "activity"), ("shift_id", "activity_shift")):
        op.add_column(table, _number(name, nullable=True))
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_{name} "
            f"FOREIGN KEY ({name}) REFERENCES {target} (id) NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_{name}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {check} "
        "CHECK ((activity_id IS NULL) = (shift_id IS NULL)) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {check}")
    op.create_index(op.f("ix_service_record_activity_id"), table, ["activity_id"])
    op.create_index(
        "uq_service_record_shift_id_member_id",
        table,
        ["shift_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('withdrawn', 'voided')"),
    )


def _create_attendance() -> None:
    table = "activity_attendance"
    op.create_table(
        table,
        _id(),
        _number("activity_id"),
        _number("shift_id"),
        _number("member_id"),
        _choice("mark", "attendancemark", "present", "no_show", "excused"),
        _moment("started_at", nullable=True),
        _moment("ended_at", nullable=True),
        _number("minutes", nullable=True),
        _number("stand_in_for_id", nullable=True),
        _number("record_id", nullable=True),
        _number("written_by"),
        _text("late_reason", nullable=True),
        *_timestamps(),
        sa.CheckConstraint(
            "(mark = 'present') = (minutes IS NOT NULL)",
            name=op.f("ck_activity_attendance_minutes_of_present"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_activity_attendance_minutes_positive")),
        sa.CheckConstraint(
            "stand_in_for_id <> member_id",
            name=op.f("ck_activity_attendance_stands_in_for_another"),
        ),
        _refers(table, "activity_id", "activity"),
        _refers(table, "shift_id", "activity_shift"),
        _refers(table, "member_id", "member"),
        _refers(table, "stand_in_for_id", "member"),
        _refers(table, "record_id", "service_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_attendance")),
        sa.UniqueConstraint(
            "shift_id", "member_id", name=op.f("uq_activity_attendance_shift_id_member_id")
        ),
    )
    op.create_index(op.f("ix_activity_attendance_activity_id_id"), table, ["activity_id", "id"])
    op.create_index(op.f("ix_activity_attendance_member_id"), table, ["member_id"])


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _number(
    name: str, *, nullable: bool = False, server_default: str | None = None
) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable, server_default=server_default)


def _text(
    name: str, *, nullable: bool = False, server_default: str | None = None
) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=server_default)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _moment(
    name: str, *, nullable: bool = False, server_default: sa.TextClause | None = None
) -> sa.Column[object]:
    kind = sa.DateTime(timezone=True)
    return sa.Column(name, kind, nullable=nullable, server_default=server_default)


def _timestamps() -> tuple[sa.Column[object], ...]:
    now = sa.text("now()")
    return _moment("created_at", server_default=now), _moment("updated_at", server_default=now)


def _choice(name: str, type_name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=type_name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _refers(
    table: str, column: str, target: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("activity_attendance")
    op.drop_index("uq_service_record_shift_id_member_id", "service_record")
    op.drop_constraint("ck_service_record_of_an_activity_and_shift", "service_record")
    for name in ("shift_id", "activity_id"):
        op.drop_column("service_record", name)
    for table in ("activity_sign_up", "activity_shift", "activity"):
        op.drop_table(table)
    op.execute("DELETE FROM reminder WHERE kind = 'activity_starts'")
    op.execute(f"DELETE FROM notification WHERE kind IN {NEWS_ADDED}")
    _kinds("reminder", "reminderkind", REMINDERS_BEFORE)
    _kinds("notification", "notificationkind", NEWS_BEFORE)
