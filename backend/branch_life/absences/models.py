"""Of whose long absence a branch has been told."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Timestamped


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
