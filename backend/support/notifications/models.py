"""The in-app inbox, and the WeChat subscription messages that point to it."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from backend.core.db import Base, Id, Timestamped


class NotificationKind(enum.StrEnum):
    REGISTRATION_SUBMITTED = "registration_submitted"
    REGISTRATION_ACCEPTED = "registration_accepted"
    REGISTRATION_RETURNED = "registration_returned"
    REGISTRATION_REJECTED = "registration_rejected"
    SERVICE_RECORD_SUBMITTED = "service_record_submitted"
    SERVICE_RECORD_CONFIRMED = "service_record_confirmed"
    SERVICE_RECORD_RETURNED = "service_record_returned"
    SERVICE_RECORD_VOIDED = "service_record_voided"
    MEETING_CONVENED = "meeting_convened"
    CLAIM_SUBMITTED = "claim_submitted"
    CLAIM_ACCEPTED = "claim_accepted"
    CLAIM_DECLINED = "claim_declined"
    CLAIM_DELIVERED = "claim_delivered"
    CLAIM_COMPLETED = "claim_completed"
    LINK_APPLICATION_SUBMITTED = "link_application_submitted"
    LINK_APPLICATION_APPROVED = "link_application_approved"
    LINK_APPLICATION_REFUSED = "link_application_refused"
    MEETING_CANCELLED = "meeting_cancelled"
    MEETING_REMINDER = "meeting_reminder"
    PROJECT_REMINDER = "project_reminder"
    DEADLINE_REMINDER = "deadline_reminder"
    TEXT_CHECK_HELD = "text_check_held"
    TEXT_CHECK_REMOVED = "text_check_removed"
    ATTACHMENT_HELD = "attachment_held"
    ATTACHMENT_REMOVED = "attachment_removed"
    ACTIVITY_CHANGED = "activity_changed"
    ACTIVITY_CANCELLED = "activity_cancelled"
    ACTIVITY_REMINDER = "activity_reminder"
    SIGN_UP_MOVED_UP = "sign_up_moved_up"
    REGISTRATION_REQUEST_SUBMITTED = "registration_request_submitted"
    REGISTRATION_REQUEST_CONFIRMED = "registration_request_confirmed"
    REGISTRATION_REQUEST_REFUSED = "registration_request_refused"
    REGISTRATION_ENDED = "registration_ended"
    REGISTRATION_MOVED = "registration_moved"
    REGISTRATION_OVERDUE = "registration_overdue"
    SERVICE_RECORD_DISPUTED = "service_record_disputed"
    SERVICE_RECORD_UPHELD = "service_record_upheld"
    SERVICE_RECORD_CORRECTED = "service_record_corrected"
    UNIT_REGISTRATION_SUBMITTED = "unit_registration_submitted"
    UNIT_REGISTRATION_ACCEPTED = "unit_registration_accepted"
    UNIT_REGISTRATION_RETURNED = "unit_registration_returned"
    UNIT_REGISTRATION_RENEWAL_DUE = "unit_registration_renewal_due"
    UNIT_REGISTRATION_ENDED = "unit_registration_ended"
    CERTIFICATE_REVOKED = "certificate_revoked"
    FEEDBACK_WRITTEN = "feedback_written"
    FEEDBACK_HANDED_OVER = "feedback_handed_over"
    REGISTRATION_REPORTED = "registration_reported"
    FEEDBACK_DUE = "feedback_due"
    ABSENCE_ALERT = "absence_alert"
    LEAVE_REQUESTED = "leave_requested"
    LEAVE_APPROVED = "leave_approved"
    LEAVE_REFUSED = "leave_refused"
    DEMAND_SUBMITTED = "demand_submitted"
    DEMAND_DECIDED = "demand_decided"
    DEMAND_PUBLISHED = "demand_published"
    DEMAND_MATCHED = "demand_matched"
    DEMAND_CLOSED = "demand_closed"
    DEMAND_EVALUATED = "demand_evaluated"
    DEMAND_EXPIRES = "demand_expires"
    PROJECT_REVIEW_REQUESTED = "project_review_requested"
    PROJECT_APPROVED = "project_approved"
    PROJECT_RETURNED = "project_returned"
    PROJECT_CANCELLED = "project_cancelled"
    PROJECT_EXPIRED = "project_expired"
    PROJECT_DONE = "project_done"
    CLAIM_LAPSED = "claim_lapsed"
    CLAIM_RELEASED = "claim_released"
    CLAIM_RETURNED = "claim_returned"
    CLAIM_FAILED = "claim_failed"
    CLAIM_MOVED_UP = "claim_moved_up"
    CLAIM_EVALUATED = "claim_evaluated"
    DEMAND_PROGRESS = "demand_progress"
    INVITED = "invited"
    REGISTRATION_NUDGED = "registration_nudged"
    MEETING_CHANGED = "meeting_changed"


class Notification(Timestamped, Base):
    """One entry of an account's inbox; `business_id` makes the same news arrive once."""

    __tablename__ = "notification"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "kind", "business_id"),
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
    kind: Mapped[NotificationKind]
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


class ReminderKind(enum.StrEnum):
    MEETING_STARTS = "meeting_starts"
    PROJECT_STARTS = "project_starts"
    DELIVERY_DUE = "delivery_due"
    REGISTRATION_ANSWER_DUE = "registration_answer_due"
    ACTIVITY_STARTS = "activity_starts"
    REGISTRATION_ANSWER_OVERDUE = "registration_answer_overdue"
    SERVICE_CONFIRMATION_DUE = "service_confirmation_due"
    FEEDBACK_REPLY_DUE = "feedback_reply_due"
    DEMAND_EXPIRES = "demand_expires"
    CLAIM_ANSWER_DUE = "claim_answer_due"
    CLAIM_START_DUE = "claim_start_due"
    CLAIM_RETRY_DUE = "claim_retry_due"


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
    )

    id: Mapped[Id]
    kind: Mapped[ReminderKind]
    subject: Mapped[str]
    due_at: Mapped[datetime]
    event_at: Mapped[datetime]
    status: Mapped[ReminderStatus] = mapped_column(default=ReminderStatus.PLANNED)
