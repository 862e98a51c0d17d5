"""志愿服务记录证明: what a residents' committee certifies, frozen when it is issued."""

import enum
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.community.volunteering.hours import hours
from backend.community.volunteering.models import ServiceCategory
from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.members.models import Member


class CertificateStatus(enum.StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"


class CertificateStanding(enum.StrEnum):
    """What a number says to anybody."""

    VALID = "valid"
    OUTDATED = "outdated"
    REVOKED = "revoked"


class ServiceCertificate(Timestamped, Base):
    """An ID number is never stored, a revoked row stays."""

    __tablename__ = "service_certificate"
    __table_args__ = (
        sa.Index(None, "member_id", "id"),
        sa.Index(None, "community_id", "status", "id"),
        sa.CheckConstraint("period_from <= period_to", name="dates_in_order"),
        sa.CheckConstraint("services > 0 AND minutes > 0", name="certifies_something"),
        sa.CheckConstraint("(status = 'revoked') = (revoked_on IS NOT NULL)", name="revoked_on"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    # Whose residents' committee issues it: the community in which the member is registered.
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    period_from: Mapped[date]
    period_to: Mapped[date]
    status: Mapped[CertificateStatus] = mapped_column(default=CertificateStatus.ISSUED)
    services: Mapped[int]
    minutes: Mapped[int]
    number: Mapped[str] = mapped_column(unique=True)
    issuer: Mapped[str]
    issued_on: Mapped[date]
    revoked_by: Mapped[int | None]
    revoked_on: Mapped[date | None]
    revoke_reason: Mapped[str | None]
    # The revoked one in whose place it was issued anew.
    replaces_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("service_certificate.id"), unique=True
    )

    # Whether a record it counts is no longer as it was counted; filled by `queries.shown` only.
    outdated: Mapped[bool] = query_expression(sa.false(), expire_on_flush=False)
    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression(expire_on_flush=False)
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    member: Mapped[Member] = relationship()
    community: Mapped[Area] = relationship()
    records: Mapped[list["CertifiedRecord"]] = relationship(
        order_by="CertifiedRecord.record_id", cascade="all, delete-orphan"
    )

    @property
    def hours(self) -> str:
        return str(hours(self.minutes))

    @property
    def standing(self) -> CertificateStanding:
        """Revoked says more than outdated, and outdated more than valid."""
        if self.status is CertificateStatus.REVOKED:
            return CertificateStanding.REVOKED
        return CertificateStanding.OUTDATED if self.outdated else CertificateStanding.VALID


class CertifiedRecord(Base):
    """One service record as it was counted.

    `duration_min`: what it said then; `minutes`: what of that no other on the paper says already;
    `is_occasion`: false where it went on at the same time as another of them.
    """

    __tablename__ = "certified_record"

    certificate_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_certificate.id"), primary_key=True
    )
    record_id: Mapped[int] = mapped_column(
        sa.ForeignKey("service_record.id"), primary_key=True, index=True
    )
    category: Mapped[ServiceCategory]
    minutes: Mapped[int]
    duration_min: Mapped[int]
    is_occasion: Mapped[bool] = mapped_column(server_default=sa.true(), default=True)
