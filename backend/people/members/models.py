"""Party members, the accounts they sign in with, their appointments and consents."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core import clock
from backend.core.actor import PositionKind, Role, SessionKind
from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization, Unit


class MemberCategory(enum.StrEnum):
    FULL = "full"
    PROBATIONARY = "probationary"


class Channel(enum.StrEnum):
    """How something came in. `assisted`: entered by an office for somebody without the app, from a
    signed slip; it counts alike (spec 3.5, 8.6)."""

    APP = "app"
    ASSISTED = "assisted"


class Member(Findable, Timestamped, Base):
    """A roster entry: what spec 7.1 allows and nothing more."""

    __tablename__ = "member"
    __table_args__ = (
        sa.Index(None, "phone_hash"),
        # Nobody is in a Party group of another branch.
        sa.ForeignKeyConstraint(
            ["group_id", "branch_id"], ["organization.id", "organization.parent_id"]
        ),
    )

    id: Mapped[Id]
    name: Mapped[str]
    phone_encrypted: Mapped[str | None]
    phone_hash: Mapped[str | None]
    # One person alone wrote the number anew: it proves to nobody who its owner is.
    phone_unproven: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    category: Mapped[MemberCategory] = mapped_column(default=MemberCategory.FULL)
    active: Mapped[bool] = mapped_column(server_default=sa.true(), default=True)
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(index=True)
    # Why somebody has none is never held (spec 7.1).
    electoral_right: Mapped[bool] = mapped_column(server_default=sa.true(), default=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    # Since when the member has belonged to the unit: a duty starts no earlier.
    unit_since: Mapped[date | None]
    # The community of the active primary registration, written by its acceptance and ending.
    community_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"), index=True)

    # The communities of the additional registrations that stand: services there count as well.
    also_in: Mapped[list[int]] = mapped_column(
        postgresql.ARRAY(sa.BigInteger()), server_default="{}", default=list
    )

    # The entry of the same person with which this one was merged.
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)

    # Filled by `queries.roster` only.
    linked: Mapped[bool] = query_expression()
    # Whether the reader keeps the branch itself, and not only its roster; filled likewise.
    branch_kept: Mapped[bool] = query_expression()
    # Whether the member had the vote at the moment asked about; filled by `held.voting` only.
    voted_then: Mapped[bool | None] = query_expression()

    branch: Mapped[Organization] = relationship(foreign_keys=[branch_id])
    unit: Mapped[Unit | None] = relationship()
    community: Mapped[Area | None] = relationship()


class Membership(Base):
    """What a roster entry said from one moment up to another (None: still). The database writes it
    with the entry; an inactive entry has none."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.Index(None, "branch_id", "since"),
        sa.Index(None, "group_id", "since"),
        sa.Index(None, "member_id", "since"),
        sa.Index(
            "uq_membership_open",
            "member_id",
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
        ),
        sa.CheckConstraint("until >= since", name="in_order"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id", ondelete="CASCADE"))
    branch_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    category: Mapped[MemberCategory]
    electoral_right: Mapped[bool]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class AccountKind(enum.StrEnum):
    WECHAT = "wechat"
    STAFF = "staff"


class Account(Timestamped, Base):
    """Who signs in: a WeChat identity, whose openid is found by its keyed hash and kept encrypted,
    or a staff account, which belongs to no member and has a name of its own."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'wechat') = (openid_hash IS NOT NULL) "
            "AND (openid_hash IS NULL) = (openid_encrypted IS NULL) "
            "AND (kind = 'wechat' OR member_id IS NULL) "
            "AND (kind = 'staff') = (name IS NOT NULL)",
            name="identity_of_its_kind",
        ),
    )

    id: Mapped[Id]
    kind: Mapped[AccountKind] = mapped_column(server_default="wechat", default=AccountKind.WECHAT)
    openid_hash: Mapped[str | None] = mapped_column(unique=True)
    openid_encrypted: Mapped[str | None]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), unique=True)
    name: Mapped[str | None]
    # On the account and not on the phone, where nothing but token and draft may lie.
    large_type: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)

    member: Mapped[Member | None] = relationship()


class LoginSession(Timestamped, Base):
    """A signed-in device; only the token's SHA-256 is kept."""

    __tablename__ = "login_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[SessionKind] = mapped_column(server_default="phone", default=SessionKind.PHONE)
    # What is to be known again by its owner: a system and a browser, no address.
    device: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    # When it was last seen, as exactly as its kind is extended.
    extended_at: Mapped[datetime]
    # However often it is extended, a session ends here.
    ends_at: Mapped[datetime]
    # When it was last proven that its owner sits there.
    proven_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class AppointmentStatus(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class Appointment(Timestamped, Base):
    """Somebody holds a role over exactly one area, organisation or unit for a term: a member, or an
    account that belongs to none. In force only once another than who proposed it has approved it.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        sa.CheckConstraint("num_nonnulls(area_id, organization_id, unit_id) = 1", name="one_scope"),
        sa.CheckConstraint("num_nonnulls(member_id, account_id) = 1", name="one_holder"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
        # Nobody alone gives rights to anybody. What an installation begins with names nobody.
        sa.CheckConstraint(
            "decided_by <> proposed_by OR status <> 'approved'", name="approved_by_another"
        ),
        sa.CheckConstraint("status <> 'ended' OR ended_at IS NOT NULL", name="ended_at_a_moment"),
        sa.Index(
            "uq_appointment_proposed",
            "member_id",
            "account_id",
            "role",
            "area_id",
            "organization_id",
            "unit_id",
            unique=True,
            postgresql_where=sa.text("status = 'proposed'"),
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"), index=True)
    role: Mapped[Role]
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("organization.id"), index=True
    )
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    # The term as it is meant; what was ended at once ended at `ended_at`.
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[AppointmentStatus] = mapped_column(default=AppointmentStatus.PROPOSED)
    proposed_by: Mapped[int | None]
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    ending_reason: Mapped[str | None]

    # What others may not read of it, who holds it, and how whoever it was read for stands to it;
    # filled by its flow only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    holder_name: Mapped[str | None] = query_expression(expire_on_flush=False)
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    member: Mapped[Member | None] = relationship()
    area: Mapped[Area | None] = relationship()
    organization: Mapped[Organization | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    @property
    def place(self) -> str:
        """The name of what the role is held over."""
        held_over = self.area or self.organization or self.unit
        return held_over.name if held_over else ""


class Position(Timestamped, Base):
    """A post in a branch or a Party group, from a day up to, not including, another (None: still).

    Unlike an appointment it gives no right over the branch's data by itself.
    """

    __tablename__ = "position"
    __table_args__ = (
        sa.Index(
            "uq_position_open",
            "member_id",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("ends_on IS NULL"),
        ),
        sa.Index(
            "uq_position_group_leader",
            "organization_id",
            unique=True,
            postgresql_where=sa.text("ends_on IS NULL AND kind = 'group_leader'"),
        ),
        sa.Index(None, "organization_id"),
        sa.CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    kind: Mapped[PositionKind]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    member: Mapped[Member] = relationship()

    def end_today(self) -> None:
        """Let it end; one that is yet to begin is held for no day."""
        self.ends_on = max(clock.today(), self.starts_on)


class Purpose(enum.StrEnum):
    """What consent is asked for, one by one (PIPL art. 14-16). Only the first is needed to go on."""

    CORE_SERVICE = "core_service"
    SUBSCRIPTION_MESSAGES = "subscription_messages"
    PHONE_TO_COMMUNITY = "phone_to_community"


REQUIRED_PURPOSES = frozenset({Purpose.CORE_SERVICE})


class PrivacyNotice(Base):
    """A published version of the privacy notice; the newest one is current."""

    __tablename__ = "privacy_notice"

    version: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    body: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class Consent(Timestamped, Base):
    """An account's consent to one purpose under one version of the notice."""

    __tablename__ = "consent"
    __table_args__ = (sa.UniqueConstraint("account_id", "notice_version", "purpose"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    notice_version: Mapped[str] = mapped_column(sa.ForeignKey("privacy_notice.version"))
    purpose: Mapped[Purpose]
    given_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    withdrawn_at: Mapped[datetime | None]

    @property
    def in_force(self) -> bool:
        """Whether it was given and not taken back."""
        return self.withdrawn_at is None
