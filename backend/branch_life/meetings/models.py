"""Organisational life: meetings of a branch and who was there."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable
from backend.people.members.models import Member
from backend.people.organizations.models import Organization
from backend.support.attachments.models import Carrying


class MeetingKind(enum.StrEnum):
    MEMBERS_ASSEMBLY = "members_assembly"
    COMMITTEE_MEETING = "committee_meeting"
    GROUP_MEETING = "group_meeting"
    PARTY_LECTURE = "party_lecture"
    THEME_DAY = "theme_day"
    ORGANIZATIONAL_LIFE_MEETING = "organizational_life_meeting"
    MEMBER_APPRAISAL = "member_appraisal"


class Gathering(enum.StrEnum):
    """Who is due to attend: the branch's members, its committee, or a Party group of it."""

    MEMBERS = "members"
    COMMITTEE = "committee"
    GROUP = "group"


class MeetingMode(enum.StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"


class MeetingStatus(enum.StrEnum):
    CONVENED = "convened"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AttendanceStatus(enum.StrEnum):
    PRESENT = "present"
    EXCUSED = "excused"
    ABSENT = "absent"


class AbsenceReason(enum.StrEnum):
    """Why somebody is away: a code, never a diagnosis (spec 2.4)."""

    ILLNESS = "illness"
    FRAILTY = "frailty"
    WORK = "work"
    TRAVEL = "travel"
    FAMILY = "family"
    OTHER = "other"
    UNEXPLAINED = "unexplained"


class Meeting(Carrying, Findable, Timestamped, Base):
    """Closing freezes list, votes and minutes, hashes them and posts to the ledger; from then on
    there are amendments only."""

    __tablename__ = "meeting"
    __table_args__ = (
        sa.Index(None, "organization_id", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="times_in_order"),
        sa.CheckConstraint(
            "(status = 'closed') = (closing_hash IS NOT NULL)", name="hashed_when_closed"
        ),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)", name="reason_when_cancelled"
        ),
        sa.CheckConstraint(
            "(gathering = 'group') = (group_id IS NOT NULL)", name="group_of_a_gathering"
        ),
        sa.CheckConstraint(
            "appraised_count IS NULL"
            " OR kind = 'member_appraisal' AND appraised_count BETWEEN 0 AND due_count",
            name="appraised_of_those_due",
        ),
    )

    FOUND_BY = ("title", "place")

    id: Mapped[Id]
    organization_id: Mapped[int] = mapped_column(sa.ForeignKey("organization.id"))
    kind: Mapped[MeetingKind]
    gathering: Mapped[Gathering] = mapped_column(default=Gathering.MEMBERS)
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"))
    title: Mapped[str]
    mode: Mapped[MeetingMode]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    agenda: Mapped[list[str]] = mapped_column(server_default="{}")
    # Meetings from before places were asked for have none.
    place: Mapped[str | None]
    online_platform: Mapped[str | None]
    online_url: Mapped[str | None]
    status: Mapped[MeetingStatus] = mapped_column(default=MeetingStatus.CONVENED)
    convened_by: Mapped[int]
    # None: the branch secretary does it.
    chair_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    recorder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)
    # Frozen at closing.
    due_count: Mapped[int | None]
    present_count: Mapped[int | None]
    excused_count: Mapped[int | None]
    due_voters: Mapped[int | None]
    present_voters: Mapped[int | None]
    # Of 民主评议 only, and never of whom or with what outcome; meetings from before it was asked
    # for have none.
    appraised_count: Mapped[int | None]
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    closing_hash: Mapped[str | None]
    cancelled_by: Mapped[int | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]

    # What others may not read of it; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression()
    # How whoever it was read for stands to it; filled by `access` only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    organization: Mapped[Organization] = relationship(foreign_keys=[organization_id])
    group: Mapped[Organization | None] = relationship(foreign_keys=[group_id])
    chair: Mapped[Member | None] = relationship(foreign_keys=[chair_id])
    recorder: Mapped[Member | None] = relationship(foreign_keys=[recorder_id])

    @property
    def online(self) -> dict[str, str | None] | None:
        """Platform and link of an online meeting."""
        if self.online_url is None:
            return None
        return {"platform": self.online_platform, "url": self.online_url}


class AttendanceRecord(Timestamped, Base):
    """One line of the list. `self_joined` says that the member joined by the link or the code; the
    recorder's list is the record either way, dwell time is never kept."""

    __tablename__ = "attendance_record"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "member_id"),
        sa.CheckConstraint("reason IS NULL OR status <> 'present'", name="reason_of_absence"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    status: Mapped[AttendanceStatus]
    reason: Mapped[AbsenceReason | None]
    self_joined: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)

    member: Mapped[Member] = relationship()
