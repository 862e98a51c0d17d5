"""报到: a member registers with a community."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.areas.models import Area
from backend.core.db import Base, Id, Timestamped
from backend.members.models import Member


class RegistrationKind(enum.StrEnum):
    PRIMARY = "primary"
    ADDITIONAL = "additional"


class RegistrationStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ACTIVE = "active"
    PAUSED = "paused"
    TRANSFER_PENDING = "transfer_pending"
    ENDED = "ended"


class RejectionCode(enum.StrEnum):
    """The only grounds for rejecting (spec 3.2); convenience is none."""

    NOT_A_MEMBER = "not_a_member"
    WRONG_COMMUNITY = "wrong_community"
    DUPLICATE = "duplicate"


class EndReason(enum.StrEnum):
    MOVED = "moved"
    LEFT_UNIT = "left_unit"
    RETIRED = "retired"
    DECEASED = "deceased"
    MEMBERSHIP_ENDED = "membership_ended"
    DATA_ERROR = "data_error"
    WITHDRAWN = "withdrawn"


class CommunityRegistration(Timestamped, Base):
    """At most one waiting and one standing primary registration a member."""

    __tablename__ = "community_registration"
    __table_args__ = (
        sa.Index(
            "uq_community_registration_standing",
            "member_id",
            unique=True,
            postgresql_where=sa.text(
                "kind = 'primary' AND status IN ('active', 'paused', 'transfer_pending')"
            ),
        ),
        sa.Index(
            "uq_community_registration_waiting",
            "member_id",
            unique=True,
            postgresql_where=sa.text("kind = 'primary' AND status IN ('submitted', 'returned')"),
        ),
        sa.Index(
            "uq_community_registration_live",
            "member_id",
            "community_id",
            unique=True,
            postgresql_where=sa.text(
                "status IN ('submitted', 'returned', 'active', 'paused', 'transfer_pending')"
            ),
        ),
        sa.Index(None, "community_id", "status", "id"),
        sa.CheckConstraint(
            "(accepted_on IS NULL) = (receipt_no IS NULL)", name="receipt_on_acceptance"
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    kind: Mapped[RegistrationKind]
    status: Mapped[RegistrationStatus] = mapped_column(default=RegistrationStatus.SUBMITTED)
    skills: Mapped[list[str]] = mapped_column(server_default="{}")
    interests: Mapped[list[str]] = mapped_column(server_default="{}")
    availability: Mapped[str] = mapped_column(server_default="")
    submitted_at: Mapped[datetime]
    # The last working day on which the community can answer in time (spec 3.2).
    answer_due_on: Mapped[date]
    # The member of the staff who took the last decision; a plain account id, as in the audit log.
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    rejection_code: Mapped[RejectionCode | None]
    rejection_reason: Mapped[str | None]
    receipt_no: Mapped[str | None] = mapped_column(unique=True)
    accepted_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[EndReason | None]

    # Whether the member is the secretary of that very community; filled by `queries.shown` only.
    of_secretary: Mapped[bool] = query_expression()

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    member: Mapped[Member] = relationship()
    community: Mapped[Area] = relationship()
