"""Service projects of a community, and the claims of members and units on them."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.areas.models import Area
from backend.core.db import Base, Id, Timestamped
from backend.core.errors import Conflict
from backend.members.models import Member
from backend.organizations.models import Unit


class ClaimantKind(enum.StrEnum):
    """Who may claim a project."""

    ANY = "any"
    MEMBERS = "members"
    UNITS = "units"


class ProjectStatus(enum.StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    FULL = "full"
    CANCELLED = "cancelled"


class ClaimStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


# A claim in one of these holds its place on the project.
LIVE = (
    ClaimStatus.SUBMITTED,
    ClaimStatus.ACCEPTED,
    ClaimStatus.IN_PROGRESS,
    ClaimStatus.DELIVERED,
    ClaimStatus.COMPLETED,
)
_LIVE_SQL = "status IN ({})".format(", ".join(f"'{status}'" for status in LIVE))


class ServiceProject(Timestamped, Base):
    __tablename__ = "service_project"
    __table_args__ = (
        sa.CheckConstraint("places > 0 AND claimed BETWEEN 0 AND places", name="claimed_in_places"),
        sa.CheckConstraint(
            "(status = 'full') = (claimed = places AND status IN ('open', 'full'))",
            name="full_when_taken",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        sa.Index(None, "community_id", "status", "id"),
    )

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    title: Mapped[str]
    content: Mapped[str] = mapped_column(server_default="")
    claimants: Mapped[ClaimantKind]
    places: Mapped[int]
    claimed: Mapped[int] = mapped_column(server_default="0", default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    claim_deadline: Mapped[datetime]
    status: Mapped[ProjectStatus] = mapped_column(default=ProjectStatus.DRAFT)
    created_by: Mapped[int]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    community: Mapped[Area] = relationship()

    @property
    def places_left(self) -> int:
        return self.places - self.claimed

    def take_place(self, now: datetime) -> None:
        """Use up one place. The caller must hold the row lock. Raises Conflict."""
        if self.status is ProjectStatus.FULL:
            raise Conflict("project_full", "名额已满，可查看本社区其他项目。")
        if self.status is not ProjectStatus.OPEN or now > self.claim_deadline:
            raise Conflict("claim_closed", "该项目已停止认领，可查看本社区其他项目。")
        self.claimed += 1
        if self.places_left == 0:
            self.status = ProjectStatus.FULL

    def give_back_place(self) -> None:
        """Free one place. The caller must hold the row lock."""
        self.claimed -= 1
        if self.status is ProjectStatus.FULL:
            self.status = ProjectStatus.OPEN


class ProjectClaim(Timestamped, Base):
    """`unit_id` set: the unit's claim, made by its contact; else the member's own."""

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
    )

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("service_project.id"), index=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.SUBMITTED)
    note: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None]
    summary: Mapped[str | None]
    delivered_on: Mapped[date | None]
    delivery_recorded_on: Mapped[date | None]
    completed_by: Mapped[int | None]
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    comment: Mapped[str | None]

    # What others may not read of it; filled by `queries.claims` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    project: Mapped[ServiceProject] = relationship()
    member: Mapped[Member] = relationship()
    unit: Mapped[Unit | None] = relationship()
