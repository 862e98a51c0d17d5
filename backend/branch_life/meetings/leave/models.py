"""请假: a member asks to be excused from one meeting."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.branch_life.meetings.models import AbsenceReason, Meeting
from backend.core.db import Base, Id, Timestamped
from backend.people.members.models import Member


class LeaveStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class LeaveRequest(Timestamped, Base):
    """`lapsed`: the meeting was cancelled before anybody decided."""

    __tablename__ = "leave_request"
    __table_args__ = (
        sa.Index(
            "uq_leave_request_live",
            "meeting_id",
            "member_id",
            unique=True,
            postgresql_where=sa.text("status IN ('submitted', 'approved')"),
        ),
        sa.Index(None, "member_id", "id"),
        sa.CheckConstraint(
            "(status = 'refused') = (refuse_reason IS NOT NULL)", name="reason_when_refused"
        ),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    reason: Mapped[AbsenceReason]
    status: Mapped[LeaveStatus] = mapped_column(default=LeaveStatus.SUBMITTED)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    refuse_reason: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    meeting: Mapped[Meeting] = relationship()
    member: Mapped[Member] = relationship()
