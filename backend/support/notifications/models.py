"""The in-app inbox, and the WeChat subscription messages that point to it."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from backend.core.db import Base, Id, Timestamped
from backend.core.kinds import form_check


class Notification(Timestamped, Base):
    """One entry of an account's inbox; `business_id` makes the same news arrive once."""

    __tablename__ = "notification"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "kind", "business_id"),
        form_check(),
        sa.Index(None, "account_id", "id"),
        sa.Index(
            "ix_notification_quotes",
            "quotes",
            postgresql_using="gin",
            postgresql_where=sa.text("quotes <> '{}'"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    # `capability.name`, as the capability's `kinds.py` declares it.
    kind: Mapped[str]
    business_id: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    # What it is about, as `table:id`, for the app to open.
    subject: Mapped[str]
    # The texts of people that stand in its body, each as `table:id#part`.
    quotes: Mapped[list[str]] = mapped_column(server_default="{}")
    read_at: Mapped[datetime | None]

    # Of what it quotes, what others may not read; filled by who shows the inbox.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()


class MessageStatus(enum.StrEnum):
    """`sending` is committed before the call: whoever finds it later may never send again."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"


class SubscriptionMessage(Timestamped, Base):
    """A WeChat message to be sent at most once. It repeats what stands in the inbox."""

    __tablename__ = "subscription_message"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "template", "business_id"),
        sa.Index(
            "uq_subscription_message_msgid",
            "msgid",
            unique=True,
            postgresql_where=sa.text("msgid IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    template: Mapped[str]
    business_id: Mapped[str]
    data: Mapped[dict[str, object]]
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.QUEUED)
    # WeChat's errcode, or the name of what went wrong on the way.
    problem: Mapped[str | None]
    # WeChat's id of the template, once a try has begun: what a push about it names.
    template_id: Mapped[str | None]
    msgid: Mapped[str | None]
    tries: Mapped[int] = mapped_column(server_default="0", default=0)
    # A message about something past says nothing any more.
    expires_at: Mapped[datetime]


class MessageGrant(Timestamped, Base):
    """How many messages of a template somebody is believed to accept: the sum of the ledger.

    What is true only WeChat knows. `exhausted` is certain: it refused, or the user did.
    """

    __tablename__ = "message_grant"
    __table_args__ = (
        sa.CheckConstraint("balance >= 0", name="not_negative"),
        sa.CheckConstraint("NOT exhausted OR balance = 0", name="exhausted_is_empty"),
    )

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    template_id: Mapped[str] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(server_default="0", default=0)
    exhausted: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    # An answer given before this moment, however late it comes, grants nothing.
    emptied_at: Mapped[datetime | None]


class GrantReason(enum.StrEnum):
    """Acceptance is heard of twice: the app reports it and WeChat pushes it. It counts once."""

    REPORTED = "reported"
    PUSHED = "pushed"
    SENT = "sent"
    NO_GRANT = "no_grant"
    REJECTED = "rejected"


class MessageGrantEntry(Base):
    """The ledger: what changed a balance, and by how much. Only `matched` is ever written later."""

    __tablename__ = "message_grant_entry"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["account_id", "template_id"],
            ["message_grant.account_id", "message_grant.template_id"],
            ondelete="CASCADE",
        ),
        sa.Index(None, "account_id", "template_id", "id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int]
    template_id: Mapped[str]
    delta: Mapped[int]
    reason: Mapped[GrantReason]
    happened_at: Mapped[datetime]
    # The other half of the same acceptance has been heard of.
    matched: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)


class ReminderStatus(enum.StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    DROPPED = "dropped"


class Reminder(Timestamped, Base):
    """Somebody is to be reminded of `subject` (`table:id`) at `due_at`, before `event_at`.

    Who, and whether there is still a reason to, is asked when the time has come.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.Index(
            "uq_reminder_planned",
            "kind",
            "subject",
            unique=True,
            postgresql_where=sa.text("status = 'planned'"),
        ),
        sa.Index("ix_reminder_due", "due_at", "id", postgresql_where=sa.text("status = 'planned'")),
        sa.CheckConstraint("due_at < event_at", name="before_the_event"),
        form_check(),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject: Mapped[str]
    due_at: Mapped[datetime]
    event_at: Mapped[datetime]
    status: Mapped[ReminderStatus] = mapped_column(default=ReminderStatus.PLANNED)
