"""The duty ledger: postings, standing facts, and the counts kept from them.

postings -> tallies -> duty years -> rollups; each is rebuilt from the one before by the ledger check.
"""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id


class SubjectKind(enum.StrEnum):
    """Whose duty it is. `organization` is a Party organisation, mostly a branch."""

    MEMBER = "member"
    ORGANIZATION = "organization"
    UNIT = "unit"
    AREA = "area"
    # What a register holds: a grid, an estate, a worker, a point.
    ENTRY = "entry"


class Posting(Base):
    """One countable fact, append-only. A correction is a second row that names the first.

    `occasion` is what counts as one: two postings of one occasion count once.
    """

    __tablename__ = "posting"
    __table_args__ = (
        sa.Index(
            "uq_posting_source",
            "kind",
            "source_type",
            "source_id",
            "subject_kind",
            "subject_id",
            "revision",
            unique=True,
            postgresql_where=sa.text("reverses_id IS NULL"),
        ),
        sa.Index(None, "subject_kind", "subject_id", "kind", "occurred_on"),
        sa.CheckConstraint(
            "(reverses_id IS NULL) OR revision = 0", name="reversal_has_no_revision"
        ),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    occurred_on: Mapped[date]
    recorded_on: Mapped[date]
    late: Mapped[bool]
    amount: Mapped[int]
    occasion: Mapped[str]
    source_type: Mapped[str]
    source_id: Mapped[int]
    revision: Mapped[int]
    # The community in which it happened, where there is one; not the subject's own.
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    reverses_id: Mapped[int | None] = mapped_column(sa.ForeignKey("posting.id"), unique=True)
    posted_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class StandingFact(Base):
    """A subject holds a state from a day up to, not including, another (None: still)."""

    __tablename__ = "standing_fact"
    __table_args__ = (
        sa.Index(
            "uq_standing_fact_open",
            "kind",
            "source_type",
            "source_id",
            unique=True,
            postgresql_where=sa.text("ends_on IS NULL"),
        ),
        sa.Index(None, "subject_kind", "subject_id", "kind"),
        # Who holds one; and what begins or ends on a day.
        sa.Index(None, "kind", "subject_id", postgresql_where=sa.text("ends_on IS NULL")),
        sa.Index(None, "starts_on"),
        sa.Index(None, "ends_on", postgresql_where=sa.text("ends_on IS NOT NULL")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates_in_order"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    source_type: Mapped[str]
    source_id: Mapped[int]
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))


class Tally(Base):
    """Live occasions of one kind, subject and month (its first day)."""

    __tablename__ = "tally"

    subject_kind: Mapped[SubjectKind] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    occasions: Mapped[int] = mapped_column(server_default="0")
    # Of these, how many have no posting in time.
    occasions_late: Mapped[int] = mapped_column(server_default="0")
    amount: Mapped[int] = mapped_column(server_default="0")
    # Of the amount, what such occasions bring.
    amount_late: Mapped[int] = mapped_column(server_default="0")


class DutyYear(Base):
    """What a subject owes in a year under one rule and what of it is done, as bits (`masks`): every
    subject that is bound has one. The row everybody who writes for this subject locks first."""

    __tablename__ = "duty_year"
    __table_args__ = (
        # The subjects of a place, one by one.
        sa.Index(
            None,
            "rule_id",
            "year",
            "place_id",
            "subject_id",
            postgresql_where=sa.text("place_id IS NOT NULL"),
        ),
        sa.CheckConstraint("done & ~owed = 0", name="done_is_owed"),
    )

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    # Where the subject stands in the statistics; None: the rule does not bind it.
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("area.id"))
    bound_since: Mapped[date | None]
    done: Mapped[int] = mapped_column(server_default="0")
    owed: Mapped[int] = mapped_column(server_default="0")
    exempt: Mapped[bool] = mapped_column(server_default=sa.false())


class Rollup(Base):
    """How many subjects of a place stand alike in a year. Of no row there are less than none: what
    is taken from one was added to it (the ledger check counts them again)."""

    __tablename__ = "rollup"

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"), primary_key=True)
    done: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owed: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    exempt: Mapped[bool] = mapped_column(primary_key=True)
    subjects: Mapped[int] = mapped_column(server_default="0")
