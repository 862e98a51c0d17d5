"""Who is due, who is excused and why, minutes: what a meeting records beside its list."""

import sqlalchemy as sa
from alembic import op

revision = "0033_organizational_life"
down_revision = "0032_learning_and_absence"

ADDED = ("leave_requested", "leave_approved", "leave_refused")


def upgrade() -> None:
    _create_leave_and_minutes()
    op.add_column(
        "attendance_record",
        sa.Column(
            "reason",
            sa.Enum(
                "illness",
                "frailty",
                "work",
                "travel",
                "family",
                "other",
                "unexplained",
                name="absencereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
    )
    op.add_column(
        "meeting",
        sa.Column(
            "gathering",
            sa.Enum(
                "members",
                "committee",
                "group",
                name="gathering",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="members",
            nullable=False,
        ),
    )
    op.add_column("meeting", sa.Column("group_id", sa.BigInteger(), nullable=True))
    op.add_column("meeting", sa.Column("chair_id", sa.BigInteger(), nullable=True))
    op.add_column("meeting", sa.Column("recorder_id", sa.BigInteger(), nullable=True))
    op.add_column("meeting", sa.Column("excused_count", sa.BigInteger(), nullable=True))
    op.add_column("meeting", sa.Column("due_voters", sa.BigInteger(), nullable=True))
    op.add_column("meeting", sa.Column("present_voters", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_meeting_recorder_id"), "meeting", ["recorder_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_meeting_recorder_id"), "meeting", "member", ["recorder_id"], ["id"]
    )
    op.create_foreign_key(op.f("fk_meeting_chair_id"), "meeting", "member", ["chair_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_meeting_group_id"), "meeting", "organization", ["group_id"], ["id"]
    )
    op.execute("UPDATE meeting SET gathering = 'committee' WHERE kind = 'committee_meeting'")
    op.alter_column("meeting", "gathering", server_default=None)
    op.create_check_constraint(
        op.f("ck_meeting_group_of_a_gathering"),
        "meeting",
        "(gathering = 'group') = (group_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_attendance_record_reason_of_absence"),
        "attendance_record",
        "reason IS NULL OR status <> 'present'",
    )
    _change_kinds(added=True)


def _create_leave_and_minutes() -> None:
    op.create_table(
        "leave_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "illness",
                "frailty",
                "work",
                "travel",
                "family",
                "other",
                "unexplained",
                name="absencereason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "approved",
                "refused",
                "withdrawn",
                "lapsed",
                name="leavestatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refuse_reason", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refuse_reason IS NOT NULL)",
            name=op.f("ck_leave_request_reason_when_refused"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_leave_request_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_leave_request_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_request")),
    )
    op.create_index(
        op.f("ix_leave_request_member_id_id"), "leave_request", ["member_id", "id"], unique=False
    )
    op.create_index(
        "uq_leave_request_live",
        "leave_request",
        ["meeting_id", "member_id"],
        unique=True,
        postgresql_where=sa.text("status IN ('submitted', 'approved')"),
    )
    op.create_table(
        "meeting_minutes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("edited_by", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_meeting_minutes_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_meeting_minutes_meeting_id")),
    )
    op.create_table(
        "minutes_amendment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_minutes_amendment_meeting_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_amendment")),
        sa.UniqueConstraint(
            "meeting_id", "number", name=op.f("uq_minutes_amendment_meeting_id_number")
        ),
    )


def _change_kinds(*, added: bool) -> None:
    """Swap the CHECK for one that knows these kinds, or no longer; whatever else it lists stays."""
    name = "ck_notification_notificationkind"
    definition = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name"),
        {"name": name},
    )
    before = [part for part in str(definition).split("'")[1::2] if part not in ADDED]
    listed = ", ".join(f"'{value}'" for value in [*before, *(ADDED if added else ())])
    op.execute(f"ALTER TABLE notification DROP CONSTRAINT {name}")
    op.execute(
        f"ALTER TABLE notification ADD CONSTRAINT {name} CHECK (kind IN ({listed})) NOT VALID"
    )
    op.execute(f"ALTER TABLE notification VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute("DELETE FROM notification WHERE kind LIKE 'leave_%'")
    _change_kinds(added=False)
    op.drop_constraint(op.f("ck_attendance_record_reason_of_absence"), "attendance_record")
    op.drop_constraint(op.f("ck_meeting_group_of_a_gathering"), "meeting")
    op.drop_constraint(op.f("fk_meeting_group_id"), "meeting", type_="foreignkey")
    op.drop_constraint(op.f("fk_meeting_chair_id"), "meeting", type_="foreignkey")
    op.drop_constraint(op.f("fk_meeting_recorder_id"), "meeting", type_="foreignkey")
    op.drop_index(op.f("ix_meeting_recorder_id"), table_name="meeting")
    op.drop_column("meeting", "present_voters")
    op.drop_column("meeting", "due_voters")
    op.drop_column("meeting", "excused_count")
    op.drop_column("meeting", "recorder_id")
    op.drop_column("meeting", "chair_id")
    op.drop_column("meeting", "group_id")
    op.drop_column("meeting", "gathering")
    op.drop_column("attendance_record", "reason")
    op.drop_table("minutes_amendment")
    op.drop_table("meeting_minutes")
    op.drop_index(
        "uq_leave_request_live",
        table_name="leave_request",
        postgresql_where=sa.text("status IN ('submitted', 'approved')"),
    )
    op.drop_index(op.f("ix_leave_request_member_id_id"), table_name="leave_request")
    op.drop_table("leave_request")
