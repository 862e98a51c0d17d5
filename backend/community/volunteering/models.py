"""志愿服务: service records, one row a service given."""

import enum
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.community.volunteering.hours import hours
from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.members.models import Channel, Member
from backend.support.attachments.models import Carrying


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
        # Nobody gives the same hour twice. What an organiser's list says may come later and still
        # be written: it is counted together with what was there (`occasions.py`).
        ExcludeConstraint(
            (sa.text("int8range(member_id, member_id, '[]')"), "&&"),
            (sa.text("tstzrange(started_at, ended_at)"), "&&"),
            name="uq_service_record_own_time",
            where=sa.text(
                "shift_id IS NULL AND NOT overlaps_older AND (status = 'confirmed' "
                "OR status = 'disputed' AND void_reason IS NULL)"
            ),
        ),
        sa.CheckConstraint(
            "(activity_id IS NULL) = (shift_id IS NULL)", name="of_an_activity_and_shift"
        ),
        sa.CheckConstraint("ended_at > started_at", name="times_in_order"),
        sa.CheckConstraint("duration_min > 0 AND break_min >= 0", name="positive_duration"),
        sa.CheckConstraint("is_party_service OR is_volunteer_service", name="is_some_service"),
        sa.CheckConstraint(
            "(channel = 'assisted') = (slip_no IS NOT NULL)", name="slip_of_assisted"
        ),
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
    channel: Mapped[Channel] = mapped_column(server_default="app", default=Channel.APP)
    # The number of the slip that the member signed, where somebody else entered it.
    slip_no: Mapped[str | None]
    status: Mapped[ServiceRecordStatus] = mapped_column(default=ServiceRecordStatus.SUBMITTED)
    submitted_at: Mapped[datetime]
    # The last working day on which the community can confirm it in time (spec 4.1).
    confirm_due_on: Mapped[date]
    # Confirmed beside another of the same hours while that was not yet refused.
    overlaps_older: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    # Sent in after the back-entry window of its period: the street decides (spec 1.3).
    late: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    late_reason: Mapped[str | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    void_reason: Mapped[str | None]
    dispute_reason: Mapped[str | None]
    # What the community said when it last corrected the record or stood by it.
    answer: Mapped[str | None]

    # Whether an organiser's list says it anew; filled by `queries.shown` only.
    recorded_anew: Mapped[bool] = query_expression(expire_on_flush=False)
    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression(expire_on_flush=False)
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    member: Mapped[Member] = relationship()
    community: Mapped[Area] = relationship()
    corrections: Mapped[list["ServiceRecordCorrection"]] = relationship(
        order_by="ServiceRecordCorrection.id", viewonly=True
    )

    @property
    def hours(self) -> Decimal:
        return hours(self.duration_min)

    @property
    def stands(self) -> bool:
        """Whether it was confirmed and not voided. A dispute alone takes nothing away."""
        disputed = self.status is ServiceRecordStatus.DISPUTED and self.void_reason is None
        return self.status is ServiceRecordStatus.CONFIRMED or disputed


class ServiceRecordCorrection(Timestamped, Base):
    """What a record said before a correction, append-only (spec 4.1: the old value is kept)."""

    __tablename__ = "service_record_correction"
    __table_args__ = (sa.Index(None, "record_id", "id"),)

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(sa.ForeignKey("service_record.id"))
    category: Mapped[ServiceCategory]
    content: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    break_min: Mapped[int]
    duration_min: Mapped[int]
    # Why it had been voided, where the correction brought it back.
    void_reason: Mapped[str | None]
    # Why it was corrected, and by whom (a plain account id, as in the audit log).
    reason: Mapped[str]
    corrected_by: Mapped[int]

    @property
    def hours(self) -> Decimal:
        return hours(self.duration_min)
