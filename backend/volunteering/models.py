"""志愿服务: service records, one row a service given."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.areas.models import Area
from backend.attachments.models import Carrying
from backend.core.db import Base, Id, Timestamped
from backend.members.models import Member


class ServiceCategory(enum.StrEnum):
    ENVIRONMENT = "environment"
    CARE = "care"
    SAFETY = "safety"
    EDUCATION = "education"
    CULTURE = "culture"
    HEALTH = "health"
    MEDIATION = "mediation"
    GOVERNANCE = "governance"
    OTHER = "other"


class RecordSource(enum.StrEnum):
    SELF_LOGGED = "self_logged"
    ORGANISER = "organiser"
    IMPORTED = "imported"


class ServiceRecordStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    VOIDED = "voided"


class ServiceRecord(Carrying, Timestamped, Base):
    """Minutes are computed by the server; Party service and registered volunteer service are two
    attributes of one record, because volunteering may not be assigned (spec, finding 2)."""

    __tablename__ = "service_record"
    __table_args__ = (
        sa.Index(None, "member_id", "started_at"),
        sa.Index(None, "community_id", "status", "id"),
        # What an organiser's list says of a shift is one record, until it is taken back.
        sa.Index(
            "uq_service_record_shift_id_member_id",
            "shift_id",
            "member_id",
            unique=True,
            postgresql_where=sa.text("status NOT IN ('withdrawn', 'voided')"),
        ),
        sa.CheckConstraint(
            "(activity_id IS NULL) = (shift_id IS NULL)", name="of_an_activity_and_shift"
        ),
        sa.CheckConstraint("ended_at > started_at", name="times_in_order"),
        sa.CheckConstraint("duration_min > 0 AND break_min >= 0", name="positive_duration"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    # The activity whose list says so; none where the member logged it.
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    shift_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity_shift.id"))
    category: Mapped[ServiceCategory]
    content: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    break_min: Mapped[int] = mapped_column(server_default="0", default=0)
    duration_min: Mapped[int]
    is_party_service: Mapped[bool] = mapped_column(server_default=sa.true(), default=True)
    is_volunteer_service: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    source: Mapped[RecordSource]
    status: Mapped[ServiceRecordStatus] = mapped_column(default=ServiceRecordStatus.SUBMITTED)
    submitted_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    void_reason: Mapped[str | None]
    dispute_reason: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    member: Mapped[Member] = relationship()
    community: Mapped[Area] = relationship()
