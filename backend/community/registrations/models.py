"""报到: a member registers with a community."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship, synonym

from backend.core.db import Base, Id, Timestamped
from backend.people.areas.models import Area
from backend.people.areas.naming import party_organization
from backend.people.members.models import Channel, Member
from backend.support.attachments.models import Carrying


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


class ResidenceBasis(enum.StrEnum):
    """Why one belongs to the community. Only the last two change anything (spec 3.5)."""

    OWNER = "owner"
    TENANT = "tenant"
    FAMILY = "family"
    WORKPLACE = "workplace"
    EXTERNAL = "external"


class Visibility(enum.StrEnum):
    """`unit_only`: counted, but in no list of who is registered in the community (spec 3.5)."""

    COMMUNITY = "community"
    UNIT_ONLY = "unit_only"


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
    AREA_CHANGED = "area_changed"


class PauseReason(enum.StrEnum):
    """Why somebody is away. Nothing more is asked, of illness least of all."""

    POSTING = "posting"
    STUDY = "study"
    ILLNESS = "illness"
    LEAVE = "leave"


class RequestKind(enum.StrEnum):
    PAUSE = "pause"
    RESUMPTION = "resumption"
    ENDING = "ending"


class RequestStatus(enum.StrEnum):
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class RegistrationRequest(Timestamped, Base):
    """What a member asks of a standing registration; at most one waits for an answer."""

    __tablename__ = "registration_request"
    __table_args__ = (
        sa.Index(
            "uq_registration_request_waiting",
            "registration_id",
            unique=True,
            postgresql_where=sa.text("status = 'submitted'"),
        ),
        sa.Index(None, "registration_id", "id"),
        sa.Index(None, "status", "id"),
        sa.CheckConstraint(
            "(kind = 'pause') = (pause_reason IS NOT NULL)", name="reason_of_a_pause"
        ),
        sa.CheckConstraint(
            "(kind = 'ending') = (end_reason IS NOT NULL)", name="reason_of_an_ending"
        ),
        sa.CheckConstraint(
            "(status = 'refused') = (refusal_reason IS NOT NULL)", name="refused_with_a_reason"
        ),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("community_registration.id"))
    kind: Mapped[RequestKind]
    status: Mapped[RequestStatus] = mapped_column(default=RequestStatus.SUBMITTED)
    pause_reason: Mapped[PauseReason | None]
    end_reason: Mapped[EndReason | None]
    # The signed slip on which somebody without the app asked for it.
    slip_no: Mapped[str | None]
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None]

    registration: Mapped["CommunityRegistration"] = relationship()

    @property
    def reason_code(self) -> PauseReason | EndReason | None:
        return self.pause_reason or self.end_reason

    # The name under which its words are checked among the registration's.
    request_refusal: Mapped[str | None] = synonym("refusal_reason")

    @property
    def as_subject(self) -> str:
        """Its texts are checked, and its steps noted, as the registration's."""
        return self.registration.as_subject

    @property
    def withheld(self) -> list[dict[str, object]] | None:
        return self.registration.withheld

    @property
    def parties(self) -> list[str] | None:
        """One stands to it as to its registration."""
        return self.registration.parties


class RegistrationPause(Timestamped, Base):
    """A registration rests from a day up to, not including, another (None: still)."""

    __tablename__ = "registration_pause"
    __table_args__ = (
        sa.Index(
            "uq_registration_pause_open",
            "registration_id",
            unique=True,
            postgresql_where=sa.text("ends_on IS NULL"),
        ),
        sa.Index(None, "registration_id", "id"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("community_registration.id"))
    reason: Mapped[PauseReason]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class CommunityRegistration(Carrying, Timestamped, Base):
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
        sa.CheckConstraint(
            "(status = 'ended') = (ended_on IS NOT NULL) "
            "AND (status = 'ended') = (end_reason IS NOT NULL)",
            name="ended_says_why",
        ),
        sa.CheckConstraint(
            "(community_id IS NULL) = (basis IS NOT DISTINCT FROM 'external') "
            "AND (community_id IS NULL) = (external_place IS NOT NULL)",
            name="elsewhere_is_named",
        ),
        sa.CheckConstraint(
            "(channel = 'assisted') = (slip_no IS NOT NULL) "
            "AND (channel = 'assisted') = (entered_by_id IS NOT NULL)",
            name="assisted_by_somebody",
        ),
        sa.Index(
            "uq_community_registration_slip",
            "community_id",
            "slip_no",
            unique=True,
            postgresql_where=sa.text("slip_no IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    # None: in no community of this city, but in `external_place`; the home branch judges it.
    community_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    kind: Mapped[RegistrationKind]
    status: Mapped[RegistrationStatus] = mapped_column(default=RegistrationStatus.SUBMITTED)
    skills: Mapped[list[str]] = mapped_column(server_default="{}")
    interests: Mapped[list[str]] = mapped_column(server_default="{}")
    availability: Mapped[str] = mapped_column(server_default="")
    submitted_at: Mapped[datetime]
    # The last working day on which the community can answer in time (spec 3.2).
    answer_due_on: Mapped[date]
    # Counted beyond the published calendar of holidays: the day may still move.
    answer_due_provisional: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    basis: Mapped[ResidenceBasis | None]
    external_place: Mapped[str | None]
    visibility: Mapped[Visibility] = mapped_column(
        server_default=Visibility.COMMUNITY, default=Visibility.COMMUNITY
    )
    channel: Mapped[Channel] = mapped_column(server_default=Channel.APP, default=Channel.APP)
    slip_no: Mapped[str | None]
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
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
    # What the secretary wrote who ended it without being asked.
    end_note: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    entered_by: Mapped[Member | None] = relationship(foreign_keys=[entered_by_id])
    community: Mapped[Area | None] = relationship()
    pause: Mapped[RegistrationPause | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            RegistrationPause.registration_id == CommunityRegistration.id,
            RegistrationPause.ends_on.is_(None),
        ),
    )
    # The last one asked for, whatever became of it.
    request: Mapped[RegistrationRequest | None] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            RegistrationRequest.registration_id == CommunityRegistration.id,
            RegistrationRequest.id == _last_request(),
        ),
    )

    @property
    def asked(self) -> RegistrationRequest | None:
        """What the member asks of it and nobody has answered yet."""
        last = self.request
        return last if last is not None and last.status is RequestStatus.SUBMITTED else None

    @property
    def receiver(self) -> str:
        """Who answers, by name: the community's Party organisation, or of one outside the city the
        home branch."""
        return party_organization(self.community) if self.community else self.member.branch.name

    @property
    def answerable_area_id(self) -> int:
        """The area whose people review what is written and sent here."""
        return self.community_id or self.member.branch.area_id


class RegistrationNudge(Base):
    """The branch reminded a member to register: once a year, whoever does it."""

    __tablename__ = "registration_nudge"
    __table_args__ = (sa.UniqueConstraint("member_id", "year"),)

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    year: Mapped[int] = mapped_column(sa.SmallInteger)
    sent_at: Mapped[datetime]
    sent_by: Mapped[int]


def _last_request() -> sa.ScalarSelect[int]:
    other = sa.alias(RegistrationRequest.__table__)
    mine = other.c.registration_id == CommunityRegistration.id
    newest = sa.select(sa.func.max(other.c.id)).where(mine)
    return newest.correlate(CommunityRegistration.__table__).scalar_subquery()
