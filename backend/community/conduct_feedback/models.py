"""反馈: once a year the community tells a member, and then the home branch, what was done there."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.members.models import Member


class FeedbackStatus(enum.StrEnum):
    AWAITING_REPLY = "awaiting_reply"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"


class ConductFeedback(Timestamped, Base):
    """Facts as the records say them, then a short comment; never a grade."""

    __tablename__ = "conduct_feedback"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "year"),
        sa.Index(None, "member_id", "id"),
        sa.Index(None, "community_id", "id"),
        sa.Index(None, "branch_id", "id"),
        sa.CheckConstraint(
            "(status = 'handed_over') = (branch_id IS NOT NULL)", name="branch_when_handed_over"
        ),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="reply_has_its_moment"),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("community_registration.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    year: Mapped[int] = mapped_column(sa.SmallInteger)
    # Of the year, in this community, as the records stood when it was written.
    services: Mapped[int]
    minutes: Mapped[int]
    categories: Mapped[list[str]]
    projects: Mapped[int]
    organised: Mapped[int] = mapped_column(server_default="0", default=0)
    stood_in: Mapped[int] = mapped_column(server_default="0", default=0)
    unit_projects: Mapped[int] = mapped_column(server_default="0", default=0)
    comment: Mapped[str]
    status: Mapped[FeedbackStatus] = mapped_column(default=FeedbackStatus.AWAITING_REPLY)
    written_by: Mapped[int]
    written_at: Mapped[datetime]
    # The last working day on which the member is waited for (spec 3.4).
    reply_due_on: Mapped[date]
    # Empty: the member has nothing to add.
    reply: Mapped[str | None]
    replied_at: Mapped[datetime | None]
    # The home branch that received it.
    branch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    handed_over_at: Mapped[datetime | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression(expire_on_flush=False)
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    member: Mapped[Member] = relationship()
    community: Mapped[Area] = relationship()
