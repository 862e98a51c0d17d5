"""Service projects of a community, which members and units claim."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.community.demands.models import Demand, DemandKind
from backend.core import clock
from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable
from backend.core.risk import RiskClass
from backend.people.areas.models import Area


class ClaimantKind(enum.StrEnum):
    """Who may claim a project."""

    ANY = "any"
    MEMBERS = "members"
    UNITS = "units"


class ClaimantAs(enum.StrEnum):
    """For whom somebody claims: for oneself, or for the unit one is contact of."""

    MEMBER = "member"
    UNIT = "unit"


class ProjectStatus(enum.StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    OPEN = "open"
    FULL = "full"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# Claims are taken in these, while there are places and the deadline is to come.
TAKING_CLAIMS = (ProjectStatus.OPEN, ProjectStatus.FULL, ProjectStatus.IN_PROGRESS)


class ServiceProject(Findable, Timestamped, Base):
    """What is risky or needs money is reviewed by the street before claims are taken; the money
    itself never passes through the system (spec 5.1)."""

    __tablename__ = "service_project"
    __table_args__ = (
        sa.CheckConstraint("places > 0 AND claimed BETWEEN 0 AND places", name="claimed_in_places"),
        sa.CheckConstraint(
            "(status = 'full') = (claimed = places AND status IN ('open', 'full'))",
            name="full_when_taken",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        sa.CheckConstraint(
            "risk = 'low' OR insurance_note <> '' OR status IN ('draft', 'cancelled')",
            name="insured_when_opened",
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)", name="reason_when_cancelled"
        ),
        sa.CheckConstraint(
            "(status IN ('done', 'evaluated')) = (done_on IS NOT NULL)", name="day_when_done"
        ),
        sa.CheckConstraint(
            "(done_on IS NULL) = (evaluation_due_on IS NULL)", name="evaluated_once_done"
        ),
        sa.Index(None, "community_id", "status", "id"),
        sa.Index(None, "demand_id"),
        sa.Index(None, "starts_on", "id"),
        sa.Index(
            "ix_service_project_clock",
            "id",
            postgresql_where=sa.text("status IN ('open', 'full', 'in_progress', 'done')"),
        ),
    )

    FOUND_BY = ("title",)

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    demand_id: Mapped[int | None] = mapped_column(sa.ForeignKey("demand.id"))
    title: Mapped[str]
    content: Mapped[str] = mapped_column(server_default="")
    claimants: Mapped[ClaimantKind]
    places: Mapped[int]
    claimed: Mapped[int] = mapped_column(server_default="0", default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    claim_deadline: Mapped[datetime]
    risk: Mapped[RiskClass] = mapped_column(server_default="low", default=RiskClass.LOW)
    funded: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    insurance_note: Mapped[str] = mapped_column(server_default="", default="")
    status: Mapped[ProjectStatus] = mapped_column(default=ProjectStatus.DRAFT)
    created_by: Mapped[int]
    # Who wrote it anew the last time, and who asked the street to review it.
    amended_by: Mapped[int | None]
    requested_by: Mapped[int | None]
    reviewed_by: Mapped[int | None]
    reviewed_at: Mapped[datetime | None]
    # How often it was sent to the street; why it came back the last time.
    reviews: Mapped[int] = mapped_column(server_default="0", default=0)
    return_reason: Mapped[str | None]
    cancelled_by: Mapped[int | None]
    cancel_reason: Mapped[str | None]
    done_on: Mapped[date | None]
    # The last day on which claimants may say how it went.
    evaluation_due_on: Mapped[date | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How many wait for a place, and whether work was delivered; filled by `queries.shown` only.
    waiting: Mapped[int | None] = query_expression()
    delivered: Mapped[bool | None] = query_expression(expire_on_flush=False)
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    community: Mapped[Area] = relationship()
    demand: Mapped[Demand | None] = relationship()

    @property
    def places_left(self) -> int:
        return self.places - self.claimed

    @property
    def seeks_members(self) -> bool:
        """Whether members may be invited to claim it."""
        here = self.status is ProjectStatus.OPEN and self.claimants is not ClaimantKind.UNITS
        return here and self.claim_deadline > clock.now()

    @property
    def of_wish(self) -> bool:
        return self.demand is not None and self.demand.kind is DemandKind.MICRO_WISH

    @property
    def needs_review(self) -> bool:
        """Whether the street has a say before claims are taken."""
        return self.funded or self.risk is not RiskClass.LOW
