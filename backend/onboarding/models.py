"""Link applications: people whose phone number matched no single roster entry."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.members.models import Account, Member
from backend.organizations.models import Organization


class LinkApplicationStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"


class LinkApplicationReason(enum.StrEnum):
    NO_MATCH = "no_match"
    AMBIGUOUS = "ambiguous"


class LinkApplication(Timestamped, Base):
    """At most one open application an account. Without an organisation every branch secretary
    sees it; the number is shown to nobody, only its last four digits."""

    __tablename__ = "link_application"
    __table_args__ = (
        sa.Index(
            "uq_link_application_open",
            "account_id",
            unique=True,
            postgresql_where=sa.text("status = 'submitted'"),
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    organization_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organization.id"), index=True
    )
    status: Mapped[LinkApplicationStatus] = mapped_column(default=LinkApplicationStatus.SUBMITTED)
    reason: Mapped[LinkApplicationReason]
    applicant_name: Mapped[str]
    phone_encrypted: Mapped[str]
    phone_hash: Mapped[str]
    phone_tail: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    refusal_reason: Mapped[str | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    # What others may not read of it; filled by `service.applications` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    account: Mapped[Account] = relationship()
    organization: Mapped[Organization | None] = relationship()
    member: Mapped[Member | None] = relationship()
