"""The claims of members and units on service projects."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.community.projects.models import ServiceProject
from backend.core.db import Base, Id, Timestamped
from backend.people.members.models import Member
from backend.people.organizations.models import Unit


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
    CLAIMANT_LEFT = "claimant_left"


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
