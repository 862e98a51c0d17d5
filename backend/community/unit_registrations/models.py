"""单位报到: a unit registers with communities and streets, and says what it can offer there."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Unit


class UnitRegistrationStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ACTIVE = "active"
    RENEWAL_DUE = "renewal_due"
    ENDED = "ended"


class UnitRegistration(Timestamped, Base):
    """At most one live registration a unit and receiver; a unit may have several receivers."""

    __tablename__ = "unit_registration"
    __table_args__ = (
        sa.Index(
            "uq_unit_registration_live",
            "unit_id",
            "area_id",
            unique=True,
            postgresql_where=sa.text(
                "status IN ('submitted', 'returned', 'active', 'renewal_due')"
            ),
        ),
        sa.Index(None, "area_id", "status", "id"),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (receipt_no IS NULL)", name="receipt_on_acceptance"
        ),
        sa.CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="day_of_the_end"),
    )

    id: Mapped[Id]
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    # The receiver: a community, or a street, whose Party organisation accepts.
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    # Whom the receiver turns to: the contact who sent it last or renewed it.
    contact_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    status: Mapped[UnitRegistrationStatus] = mapped_column(default=UnitRegistrationStatus.SUBMITTED)
    # What the two sides agree to do.
    plan: Mapped[str]
    submitted_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    receipt_no: Mapped[str | None] = mapped_column(unique=True)
    accepted_on: Mapped[date | None]
    renewed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[int | None]
    end_reason: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    unit: Mapped[Unit] = relationship()
    area: Mapped[Area] = relationship()
    contact: Mapped[Member] = relationship()
    resources: Mapped[list["ResourceOffer"]] = relationship(
        order_by="ResourceOffer.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        back_populates="registration",
    )


class ResourceKind(enum.StrEnum):
    VENUE = "venue"
    PEOPLE = "people"
    EXPERTISE = "expertise"
    MATERIALS = "materials"
    ACTIVITY = "activity"
    OTHER = "other"


class ResourceOffer(Base):
    """One line of a unit's resource list: what, how much and when, in words."""

    __tablename__ = "resource_offer"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("unit_registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ResourceKind]
    description: Mapped[str]
    amount: Mapped[str] = mapped_column(server_default="", default="")
    times: Mapped[str] = mapped_column(server_default="", default="")

    registration: Mapped[UnitRegistration] = relationship(back_populates="resources")

    @property
    def withheld(self) -> list[dict[str, object]] | None:
        """What others may not read of the list it stands on, which was written as a whole."""
        return self.registration.withheld
