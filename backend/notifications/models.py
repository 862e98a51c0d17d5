"""The in-app inbox, and the WeChat subscription messages that point to it."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

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


class Notification(Timestamped, Base):
    """One entry of an account's inbox; `business_id` makes the same news arrive once."""

    __tablename__ = "notification"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "kind", "business_id"),
        sa.Index(None, "account_id", "id"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[NotificationKind]
    business_id: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    # What it is about, as `table:id`, for the app to open.
    subject: Mapped[str]
    read_at: Mapped[datetime | None]


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
    __table_args__ = (sa.UniqueConstraint("account_id", "template", "business_id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    template: Mapped[str]
    business_id: Mapped[str]
    data: Mapped[dict[str, object]]
    status: Mapped[MessageStatus] = mapped_column(default=MessageStatus.QUEUED)
    # WeChat's errcode, or the name of what went wrong on the way.
    problem: Mapped[str | None]
