"""Who is exempt from attending, and whose long absence a branch has been told of."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.db import Base, Id, Timestamped
from backend.members.models import Member


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


class AbsenceAlert(Timestamped, Base):
    """That a branch was told of one gap at one step; so that it is told once. Not a status."""

    __tablename__ = "absence_alert"
    __table_args__ = (
        sa.UniqueConstraint("member_id", "since", "months"),
        sa.CheckConstraint("months IN (3, 5)", name="steps"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    since: Mapped[date]
    months: Mapped[int] = mapped_column(sa.SmallInteger)
