"""Link applications: people whose phone number matched no single roster entry."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.people.members.models import Account, Member
from backend.people.organizations.models import Organization


class LinkApplicationStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    NAMED = "named"
    APPROVED = "approved"
    REFUSED = "refused"


class LinkApplicationReason(enum.StrEnum):
    NO_MATCH = "no_match"
    AMBIGUOUS = "ambiguous"


OPEN = (LinkApplicationStatus.SUBMITTED, LinkApplicationStatus.NAMED)


class LinkApplication(Timestamped, Base):
    """At most one open application an account. `member` is the entry somebody named for it, and
    `named_by` who; the number is shown to nobody, only its last four digits."""

    __tablename__ = "link_application"
    __table_args__ = (
        sa.Index(
            "uq_link_application_open",
            "account_id",
            unique=True,
            postgresql_where=sa.text("status IN ('submitted', 'named')"),
        ),
        sa.CheckConstraint(
            "status <> 'named' OR (named_by IS NOT NULL AND member_id IS NOT NULL)",
            name="named_by_whom",
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
    # The account of the first of two people; None where the number itself was the proof.
    named_by: Mapped[int | None]
    named_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # Whether the entry that was named brings rights or a post with it.
    holds_office: Mapped[bool | None] = query_expression(expire_on_flush=False)
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    account: Mapped[Account] = relationship()
    organization: Mapped[Organization | None] = relationship()
    member: Mapped[Member | None] = relationship()
