"""需求清单: what residents, members and units need, and the lists published of it."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.organizations.models import Unit


class DemandKind(enum.StrEnum):
    """A micro-wish is of one person or household, known by a code, and is done by one claimant."""

    DEMAND = "demand"
    MICRO_WISH = "micro_wish"


class DemandSource(enum.StrEnum):
    """Who brought it: a signed-in resident, a member, a unit, a grid worker, or the community
    itself, from a visit or a meeting."""

    RESIDENT = "resident"
    MEMBER = "member"
    UNIT = "unit"
    GRID_WORKER = "grid_worker"
    COMMUNITY = "community"


class DemandStatus(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    MERGED = "merged"
    REFERRED = "referred"
    DECLINED = "declined"
    PUBLISHED = "published"
    MATCHED = "matched"
    SOLVED = "solved"
    NOT_SOLVABLE = "not_solvable"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


# What others read of it, without knowing from whom it came.
PUBLIC = (
    DemandStatus.PUBLISHED,
    DemandStatus.MATCHED,
    DemandStatus.SOLVED,
    DemandStatus.NOT_SOLVABLE,
    DemandStatus.EXPIRED,
)


class Demand(Timestamped, Base):
    """`submitted_by` is an account: residents have no entry on any roster. `title` and `content`
    are what is published; where the community wrote them anew, what was sent is kept beside."""

    __tablename__ = "demand"
    __table_args__ = (
        sa.Index(None, "community_id", "status", "id"),
        sa.Index(None, "submitted_by", "id"),
        sa.Index(None, "unit_id", "id"),
        sa.Index(None, "merged_into_id"),
        sa.Index(
            "ix_demand_expires_on", "expires_on", postgresql_where=sa.text("status = 'published'")
        ),
        sa.CheckConstraint(
            "(kind = 'micro_wish') = (beneficiary_code IS NOT NULL)", name="code_of_a_wish"
        ),
        sa.CheckConstraint("(source = 'unit') = (unit_id IS NOT NULL)", name="unit_of_its_demand"),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"
        ),
        sa.CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        sa.CheckConstraint("status <> 'published' OR published_on IS NOT NULL", name="dated"),
        sa.CheckConstraint(
            "(published_on IS NULL) = (expires_on IS NULL)", name="expires_once_published"
        ),
        sa.CheckConstraint("(solved IS NULL) = (satisfied IS NULL)", name="evaluated_altogether"),
    )

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    kind: Mapped[DemandKind]
    title: Mapped[str]
    content: Mapped[str] = mapped_column(server_default="", default="")
    original_title: Mapped[str | None]
    original_content: Mapped[str | None]
    source: Mapped[DemandSource]
    submitted_by: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    # Of whom the community's own paper says who it is (spec 5.1: shown as a code).
    beneficiary_code: Mapped[str | None]
    needed_by: Mapped[date | None]
    status: Mapped[DemandStatus] = mapped_column(default=DemandStatus.DRAFT)
    submitted_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    # `decided_at` is that of the last decision: this stays.
    accepted_at: Mapped[datetime | None]
    # Why it was merged, referred, declined, or closed; where it was referred to.
    decision_reason: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("demand.id"))
    published_on: Mapped[date | None]
    # The last day on which it stands on the list unmatched.
    expires_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    # How it went, by who brought it: of the demand, never of a person.
    solved: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    comment: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression(expire_on_flush=False)
    # How many were merged into it; filled by `queries.shown` only.
    merged_count: Mapped[int | None] = query_expression(expire_on_flush=False)
    # When it first stood on a list, and since when somebody has claimed work for it; filled by
    # `queries.shown` only.
    published_at: Mapped[datetime | None] = query_expression(expire_on_flush=False)
    claimed_at: Mapped[datetime | None] = query_expression(expire_on_flush=False)
    # How whoever it was read for stands to it; filled by its flow and the lists only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    community: Mapped[Area] = relationship()
    unit: Mapped[Unit | None] = relationship()
    merged_into: Mapped["Demand | None"] = relationship(remote_side="Demand.id")


class DemandList(Timestamped, Base):
    """One version of the list of a year, of a community or of its street (rule 12f)."""

    __tablename__ = "demand_list"
    __table_args__ = (sa.UniqueConstraint("area_id", "year", "version"),)

    id: Mapped[Id]
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    year: Mapped[int]
    version: Mapped[int]
    published_at: Mapped[datetime]
    published_by: Mapped[int]

    area: Mapped[Area] = relationship()
    demands: Mapped[list[Demand]] = relationship(
        secondary="demand_list_item", viewonly=True, order_by="Demand.id"
    )

    # How many demands stand on it; filled by `queries.lists` only.
    size: Mapped[int | None] = query_expression()


class DemandListItem(Base):
    __tablename__ = "demand_list_item"
    __table_args__ = (sa.Index(None, "demand_id"),)

    list_id: Mapped[int] = mapped_column(
        sa.ForeignKey("demand_list.id", ondelete="CASCADE"), primary_key=True
    )
    demand_id: Mapped[int] = mapped_column(sa.ForeignKey("demand.id"), primary_key=True)
