"""Who is exempt from attending meetings, and until when."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.db import Base, Id, Timestamped
from backend.people.members.models import Member


class ExemptionGround(enum.StrEnum):
    """A code, never a diagnosis (spec 2.4)."""

    OLD_AGE = "old_age"
    FRAIL = "frail"
    SERIOUS_ILLNESS = "serious_illness"
    DISABILITY = "disability"


class AttendanceExemption(Timestamped, Base):
    """Nothing is required of the member from one day to the other, both included; `ended_on` is
    the first day on which it holds no more, where it was ended early."""

    __tablename__ = "attendance_exemption"
    __table_args__ = (
        sa.Index(None, "member_id", "ends_on"),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    ground: Mapped[ExemptionGround]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    approved_by: Mapped[int]
    ended_on: Mapped[date | None]
    ended_by: Mapped[int | None]

    member: Mapped[Member] = relationship()
