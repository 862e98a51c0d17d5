"""The ledger of message grants, what is known of a message's way, and reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0013_messages"
down_revision = "0012_news"


def upgrade() -> None:
    _describe_messages()
    _create_grants()
    _create_reminders()


def _describe_messages() -> None:
    columns = (
        sa.Column("template_id", sa.Text(), nullable=True),
        sa.Column("msgid", sa.Text(), nullable=True),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        # What is queued already waits no longer than this day.
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now() + interval '1 day'"),
            nullable=False,
        ),
    )
    for column in columns:
        op.add_column("subscription_message", column)
    op.alter_column("subscription_message", "expires_at", server_default=None)
    op.create_index(
        "uq_subscription_message_msgid",
        "subscription_message",
        ["msgid"],
        unique=True,
        postgresql_where=sa.text("msgid IS NOT NULL"),
    )


def _create_grants() -> None:
    op.create_table(
        "message_grant",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("exhausted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        *_timestamps(),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_message_grant_not_negative")),
        sa.CheckConstraint(
            "NOT exhausted OR balance = 0", name=op.f("ck_message_grant_exhausted_is_empty")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_message_grant_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "template_id", name=op.f("pk_message_grant")),
    )
    op.create_table(
        "message_grant_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        _choice("reason", "grantreason", "reported", "pushed", "sent", "no_grant", "rejected"),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "template_id"],
            ["message_grant.account_id", "message_grant.template_id"],
            name=op.f("fk_message_grant_entry_account_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_grant_entry")),
    )
    op.create_index(
        op.f("ix_message_grant_entry_account_id_template_id_id"),
        "message_grant_entry",
        ["account_id", "template_id", "id"],
    )


def _create_reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _choice(
            "kind",
            "reminderkind",
            "meeting_starts",
            "project_starts",
            "delivery_due",
            "registration_answer_due",
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        _choice("status", "reminderstatus", "planned", "sent", "dropped"),
        *_timestamps(),
        sa.CheckConstraint("due_at < event_at", name=op.f("ck_reminder_before_the_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    planned = sa.text("status = 'planned'")
    op.create_index(
        "uq_reminder_planned",
        "reminder",
        ["kind", "subject"],
        unique=True,
        postgresql_where=planned,
    )
    op.create_index("ix_reminder_due", "reminder", ["due_at", "id"], postgresql_where=planned)


def _choice(column: str, name: str, *values: str) -> sa.Column[str]:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def _timestamps() -> list[sa.Column[sa.DateTime]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def downgrade() -> None:
    for table in ("reminder", "message_grant_entry", "message_grant"):
        op.drop_table(table)
    op.drop_index("uq_subscription_message_msgid", "subscription_message")
    for column in ("template_id", "msgid", "tries", "expires_at"):
        op.drop_column("subscription_message", column)
