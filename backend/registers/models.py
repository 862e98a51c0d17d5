"""Entries of registers, and how each was from a day to a day."""

import enum
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.core.finding import QuicklyFindable
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, Unit


class EntryStatus(enum.StrEnum):
    """`voided`: it was a mistake and never was so."""

    STANDING = "standing"
    ENDED = "ended"
    VOIDED = "voided"


class RegisterEntry(Timestamped, Base):
    """One thing in a register, whatever it has been called and wherever it has been. Place, unit
    and member are those of its last version: rights are told by them."""

    __tablename__ = "register_entry"
    __allow_unmapped__ = True
    __table_args__ = (
        sa.Index(
            "uq_register_entry_code",
            "register",
            "code",
            unique=True,
            postgresql_where=sa.text("status = 'standing'"),
        ),
        sa.Index(None, "register", "place_id", "code", "id"),
        sa.Index(None, "register", "code", "id"),
    )

    id: Mapped[Id]
    register: Mapped[str]
    status: Mapped[EntryStatus] = mapped_column(
        server_default="standing", default=EntryStatus.STANDING
    )
    code: Mapped[str]
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("register_entry.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)
    # The first day on which it is no more; None: still.
    ends_on: Mapped[date | None]
    # Rises with each change: whoever writes names the one that was read.
    revision: Mapped[int] = mapped_column(server_default="1", default=1)
    recorded_by: Mapped[int | None]
    end_reason: Mapped[str | None]
    void_reason: Mapped[str | None]
    voided_at: Mapped[datetime | None]

    # What others may not read of it, and how whoever it was read for stands to it.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    place: Mapped[Area] = relationship(foreign_keys=place_id)
    # How it is on the day that was asked about, and all that was written of it; filled where shown.
    version: "RegisterVersion | None" = None
    history: Sequence["RegisterVersion"] = ()


class RegisterVersion(QuicklyFindable, Timestamped, Base):
    """How an entry is from a day up to, not including, another (None: still). What was corrected
    stays, superseded."""

    __tablename__ = "register_version"
    __table_args__ = (
        ExcludeConstraint(
            (sa.text("int8range(entry_id, entry_id, '[]')"), "&&"),
            (sa.text("daterange(starts_on, ends_on)"), "&&"),
            name="uq_register_version_one_at_a_time",
            where=sa.text("superseded_at IS NULL"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="dates_in_order"),
        sa.CheckConstraint("jsonb_typeof(\"values\") = 'object'", name="values_are_named"),
        sa.Index(None, "entry_id", "starts_on"),
        sa.Index(
            "ix_register_version_pairs",
            "pairs",
            postgresql_using="gin",
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
        *(
            sa.Index(None, slot, postgresql_where=sa.text(f"{slot} IS NOT NULL"))
            for slot in ("parent_id", "organization_id", "unit_id", "member_id", "area_id")
        ),
        sa.Index(None, "place_id"),
    )

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("register_entry.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    # Of the kind's fields when it was written.
    schema_version: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str]
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("register_entry.id"))
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    values: Mapped[dict[str, object]] = mapped_column(JSONB, server_default="{}", default=dict)
    sealed: Mapped[str | None]
    # Since when what a slot points to is no more: from that day it counts for nothing.
    lapsed: Mapped[dict[str, object]] = mapped_column(JSONB, server_default="{}", default=dict)
    # Why it was changed; None for what it was entered with.
    reason: Mapped[str | None]
    recorded_by: Mapped[int | None]
    superseded_at: Mapped[datetime | None]

    entry: Mapped[RegisterEntry] = relationship(foreign_keys=entry_id)
    parent: Mapped[RegisterEntry | None] = relationship(foreign_keys=parent_id)
    place: Mapped[Area] = relationship(foreign_keys=place_id)
    organization: Mapped[Organization | None] = relationship(foreign_keys=organization_id)
    unit: Mapped[Unit | None] = relationship(foreign_keys=unit_id)
    member: Mapped[Member | None] = relationship(foreign_keys=member_id)
    area: Mapped[Area | None] = relationship(foreign_keys=area_id)
    # What the entry it belongs to is called; asked for where it is shown.
    parent_name: Mapped[str | None] = query_expression()


class RegisterReview(Timestamped, Base):
    """Somebody looked through a register of a place and found it whole: an empty one that nobody
    has looked at says nothing."""

    __tablename__ = "register_review"
    __table_args__ = (sa.UniqueConstraint("register", "place_id", "reviewed_on"),)

    id: Mapped[Id]
    register: Mapped[str]
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), index=True)
    reviewed_on: Mapped[date]
    reviewed_by: Mapped[int | None]
    # How many entries stood there that day.
    entries: Mapped[int]


class HeadCount(Timestamped, Base):
    """How many members are affiliated to the branches of a community at the end of a quarter: what
    rules 5a and 5b go by (spec 1.2, A5)."""

    __tablename__ = "head_count"
    __table_args__ = (sa.UniqueConstraint("area_id", "counted_on"),)

    id: Mapped[Id]
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    counted_on: Mapped[date]
    members: Mapped[int]


class RegisterOpening(Timestamped, Base):
    """Somebody opened what is sealed of an entry, and why: whoever keeps or leads may read that."""

    __tablename__ = "register_opening"
    __table_args__ = (sa.Index(None, "entry_id", "id"),)

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("register_entry.id"))
    account_id: Mapped[int]
    reason: Mapped[str]
