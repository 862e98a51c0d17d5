"""表决、选举: totals and what follows from them; never who voted how (spec 2.3)."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.branch_life.meetings.models import Meeting
from backend.core.db import Base, Id, Timestamped
from backend.people.members.models import Member


class DecisionKind(enum.StrEnum):
    """Each with an arithmetic of its own (`arithmetic.py`)."""

    ORDINARY = "ordinary"
    ADMISSION = "admission"
    CONVERSION = "conversion"
    ELECTION = "election"
    COMMITTEE_DECISION = "committee_decision"


class Outcome(enum.StrEnum):
    """`invalid`: too few were present, so that there was no vote."""

    PASSED = "passed"
    NOT_PASSED = "not_passed"
    INVALID = "invalid"


class ResolutionStatus(enum.StrEnum):
    RECORDED = "recorded"
    VOIDED = "voided"


class Resolution(Timestamped, Base):
    """One vote of a meeting. `due` and `present` are voters, as the list stood when the totals were
    recorded; a secret ballot has `issued`, `returned` and `valid` papers besides."""

    __tablename__ = "resolution"
    __table_args__ = (
        sa.Index(None, "meeting_id"),
        sa.CheckConstraint("present <= due", name="present_are_due"),
        sa.CheckConstraint("yes + no + abstain <= present", name="votes_of_those_present"),
        sa.CheckConstraint(
            "written_yes + written_no + written_abstain <= due - present",
            name="opinions_of_those_absent",
        ),
        sa.CheckConstraint(
            "num_nonnulls(issued, returned, valid) IN (0, 3) AND issued <= present "
            "AND returned <= issued AND valid <= returned",
            name="papers_in_order",
        ),
        sa.CheckConstraint("(kind = 'election') = (seats IS NOT NULL)", name="seats_of_elections"),
        sa.CheckConstraint(
            "(status = 'voided') = (void_reason IS NOT NULL)", name="reason_when_voided"
        ),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    kind: Mapped[DecisionKind]
    title: Mapped[str]
    due: Mapped[int]
    present: Mapped[int]
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    # Of full members who were absent and had written beforehand (admission, conversion).
    written_yes: Mapped[int]
    written_no: Mapped[int]
    written_abstain: Mapped[int]
    issued: Mapped[int | None]
    returned: Mapped[int | None]
    valid: Mapped[int | None]
    seats: Mapped[int | None]
    scrutineers: Mapped[list[int]] = mapped_column(
        postgresql.ARRAY(sa.BigInteger()), server_default="{}", default=list
    )
    outcome: Mapped[Outcome]
    status: Mapped[ResolutionStatus] = mapped_column(default=ResolutionStatus.RECORDED)
    recorded_by: Mapped[int]
    void_reason: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How whoever it was read for stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    meeting: Mapped[Meeting] = relationship()
    candidates: Mapped[list["ElectionCandidate"]] = relationship(
        order_by="ElectionCandidate.id", lazy="raise", back_populates="resolution"
    )

    @property
    def not_voted(self) -> int | None:
        """How many were there and neither voted nor abstained; None of a vote by candidates."""
        if self.kind is DecisionKind.ELECTION:
            return None
        return self.present - self.yes - self.no - self.abstain


class ElectionCandidate(Base):
    """One name on the paper, or written in by those who voted against, with its totals."""

    __tablename__ = "election_candidate"
    __table_args__ = (sa.UniqueConstraint("resolution_id", "name"),)

    id: Mapped[Id]
    resolution_id: Mapped[int] = mapped_column(sa.ForeignKey("resolution.id", ondelete="CASCADE"))
    name: Mapped[str]
    written_in: Mapped[bool]
    yes: Mapped[int]
    no: Mapped[int]
    abstain: Mapped[int]
    elected: Mapped[bool]

    resolution: Mapped[Resolution] = relationship(back_populates="candidates")

    @property
    def withheld(self) -> list[dict[str, object]] | None:
        """What others may not read of the vote it belongs to."""
        return self.resolution.withheld


class ExclusionGround(enum.StrEnum):
    """The six classes that an election may leave out of those due to attend (spec 2.3)."""

    CANNOT_EXPRESS_WILL = "cannot_express_will"
    ABROAD = "abroad"
    SERVING_SENTENCE = "serving_sentence"
    FRAIL = "frail"
    TRANSFER_NOT_MADE = "transfer_not_made"
    RETIRED_ELSEWHERE = "retired_elsewhere"


class VoterExclusion(Timestamped, Base):
    """A decision, not a checkbox: the superior agreed, then the meeting adopted it. Withdrawn ones
    stay as rows."""

    __tablename__ = "voter_exclusion"
    __table_args__ = (
        sa.Index(
            "uq_voter_exclusion_standing",
            "meeting_id",
            "member_id",
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    ground: Mapped[ExclusionGround]
    # Under which paper, and on which day, the next-higher Party organisation agreed.
    agreement: Mapped[str]
    agreed_on: Mapped[date]
    recorded_by: Mapped[int]
    withdrawn_at: Mapped[datetime | None]

    # What others may not read of it; filled by `queries.exclusions` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()

    member: Mapped[Member] = relationship()


class OnlineVotingSetting(Timestamped, Base):
    """Whether meetings held online may vote. The newest row is in force; none: they may not."""

    __tablename__ = "online_voting_setting"

    id: Mapped[Id]
    allowed: Mapped[bool]
    reason: Mapped[str]
    set_by: Mapped[int]
