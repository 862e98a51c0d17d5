"""Service projects of a community, and the claims of members and units on them."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.community.demands.models import Demand, DemandKind
from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable
from backend.core.risk import RiskClass
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Unit


class ClaimantKind(enum.StrEnum):
    """Who may claim a project."""

    ANY = "any"
    MEMBERS = "members"
    UNITS = "units"


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


class ClaimStatus(enum.StrEnum):
    """`lapsed`: the community did not answer in time; the place is kept for another try."""

    WAITING = "waiting"
    SUBMITTED = "submitted"
    LAPSED = "lapsed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    FAILED = "failed"


# Somebody has done something, which nobody calls off any more.
DELIVERED = (ClaimStatus.DELIVERED, ClaimStatus.COMPLETED)
# A claim in one of these holds its place on the project; what is not completed is under way.
HOLDING = (
    ClaimStatus.SUBMITTED,
    ClaimStatus.LAPSED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.IN_PROGRESS,
    ClaimStatus.DELIVERED,
    ClaimStatus.COMPLETED,
)
UNDER_WAY = HOLDING[:-1]
# Of these a claimant has one a project at most.
LIVE = (ClaimStatus.WAITING, *HOLDING)
_LIVE_SQL = "status IN ({})".format(", ".join(f"'{status}'" for status in LIVE))


class ReleaseReason(enum.StrEnum):
    """Why a claim fell away without anybody's doing."""

    NOT_STARTED = "not_started"
    NOT_RETRIED = "not_retried"
    PROJECT_CANCELLED = "project_cancelled"
    PROJECT_OVER = "project_over"


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
    def of_wish(self) -> bool:
        return self.demand is not None and self.demand.kind is DemandKind.MICRO_WISH

    @property
    def needs_review(self) -> bool:
        """Whether the street has a say before claims are taken."""
        return self.funded or self.risk is not RiskClass.LOW


class ProjectClaim(Timestamped, Base):
    """`unit_id` set: the unit's claim, made by its contact; else the member's own. Who waits is
    served in the order of `id`: first come, first served."""

    __tablename__ = "project_claim"
    __table_args__ = (
        sa.Index(
            "uq_project_claim_live_member",
            "project_id",
            "member_id",
            unique=True,
            postgresql_where=sa.text(f"unit_id IS NULL AND {_LIVE_SQL}"),
        ),
        sa.Index(
            "uq_project_claim_live_unit",
            "project_id",
            "unit_id",
            unique=True,
            postgresql_where=sa.text(f"unit_id IS NOT NULL AND {_LIVE_SQL}"),
        ),
        sa.Index(None, "member_id", "id"),
        sa.Index(None, "unit_id", "id"),
        sa.CheckConstraint(
            "status NOT IN ('delivered', 'completed') OR delivered_on IS NOT NULL",
            name="delivery_is_dated",
        ),
        sa.CheckConstraint(
            "status <> 'submitted' OR answer_due_on IS NOT NULL", name="answer_is_due"
        ),
        sa.CheckConstraint(
            "(status = 'lapsed') = (retry_until IS NOT NULL)", name="kept_while_lapsed"
        ),
        sa.CheckConstraint("status <> 'accepted' OR start_due_on IS NOT NULL", name="start_is_due"),
        sa.CheckConstraint(
            "(status = 'released') = (release_reason IS NOT NULL)", name="reason_when_released"
        ),
        sa.CheckConstraint(
            "(status = 'failed') = (failure_reason IS NOT NULL)", name="reason_when_failed"
        ),
        sa.CheckConstraint(
            "(claimant_solved IS NULL) = (claimant_satisfied IS NULL)", name="evaluated_altogether"
        ),
    )

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("service_project.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.SUBMITTED)
    note: Mapped[str] = mapped_column(server_default="", default="")
    moved_up_at: Mapped[datetime | None]
    # The community's last day to answer; how often it was asked.
    answer_due_on: Mapped[date | None]
    answer_due_provisional: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    tries: Mapped[int] = mapped_column(server_default="1", default=1)
    # The claimant's last day for another try, for whom the place is kept.
    retry_until: Mapped[date | None]
    # The claimant's last day to start.
    start_due_on: Mapped[date | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    # `decided_at` is that of the last decision: these stay.
    accepted_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    # When it was withdrawn, declined, released or given up.
    ended_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    summary: Mapped[str | None]
    delivered_on: Mapped[date | None]
    delivery_recorded_on: Mapped[date | None]
    # How often it was delivered; why the community asked for more.
    deliveries: Mapped[int] = mapped_column(server_default="0", default=0)
    return_reason: Mapped[str | None]
    release_reason: Mapped[ReleaseReason | None]
    failure_reason: Mapped[str | None]
    # How it went: the community, for those it was done for, and the claimant. Of the project,
    # never a score for a person.
    completed_by: Mapped[int | None]
    completed_at: Mapped[datetime | None]
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    comment: Mapped[str | None]
    claimant_solved: Mapped[bool | None]
    claimant_satisfied: Mapped[bool | None]
    claimant_comment: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How many wait before, oneself included; filled by `queries.shown` only.
    waiting_position: Mapped[int | None] = query_expression()
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    project: Mapped[ServiceProject] = relationship()
    member: Mapped[Member] = relationship()
    unit: Mapped[Unit | None] = relationship()
