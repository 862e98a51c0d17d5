"""志愿服务活动: activities in shifts, who signed up, and the organiser's list."""

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from backend.community.volunteering.models import ServiceCategory, ServiceRecord
from backend.core import clock
from backend.core.db import Base, Id, Timestamped
from backend.core.finding import Findable
from backend.core.risk import RiskClass
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Unit

# People come a little early, and the last ones sign out after the end.
CHECK_IN_BEFORE, CHECK_IN_AFTER = timedelta(minutes=30), timedelta(hours=2)


class ActivityStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    FULL = "full"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


BEFORE_BEGIN = (ActivityStatus.PUBLISHED, ActivityStatus.FULL)
BEFORE_END = (*BEFORE_BEGIN, ActivityStatus.RUNNING)


class SignUpStatus(enum.StrEnum):
    SIGNED_UP = "signed_up"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class AttendanceMark(enum.StrEnum):
    PRESENT = "present"
    NO_SHOW = "no_show"
    EXCUSED = "excused"


class SignedUpFor:
    # One's own sign-ups that live; filled by `places.fill` only.
    my_sign_ups: Sequence["ActivitySignUp"] = ()


class Activity(Findable, SignedUpFor, Timestamped, Base):
    """`starts_at` and `ends_at` span its shifts. A risk needs insurance before anybody may sign
    up (spec 4.4); `notice_hours` is a request, whoever withdraws later still may."""

    __tablename__ = "activity"
    __table_args__ = (
        sa.Index(None, "community_id", "status", "id"),
        sa.Index(None, "starts_at", "id"),
        sa.Index(
            "ix_activity_ends_at",
            "ends_at",
            postgresql_where=sa.text("status IN ('published', 'full', 'running')"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name="times_in_order"),
        sa.CheckConstraint("notice_hours >= 0", name="notice_not_negative"),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_reason IS NOT NULL)", name="reason_when_cancelled"
        ),
        sa.CheckConstraint(
            "risk = 'low' OR insurance_note <> '' OR status IN ('draft', 'cancelled')",
            name="insured_when_published",
        ),
    )

    FOUND_BY = ("title", "place")

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(sa.ForeignKey("area.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    title: Mapped[str]
    category: Mapped[ServiceCategory]
    content: Mapped[str]
    place: Mapped[str]
    risk: Mapped[RiskClass]
    insurance_note: Mapped[str] = mapped_column(server_default="", default="")
    age_note: Mapped[str] = mapped_column(server_default="", default="")
    notice_hours: Mapped[int] = mapped_column(server_default="24", default=24)
    # Whether those who wish may have it kept as registered volunteer service, too.
    is_volunteer_service: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[ActivityStatus] = mapped_column(default=ActivityStatus.DRAFT)
    created_by: Mapped[int]
    published_at: Mapped[datetime | None]
    # How often those who signed up were told of a change.
    changes: Mapped[int] = mapped_column(server_default="0", default=0)
    cancelled_by: Mapped[int | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]

    # What others may not read of it, and whether somebody came; filled by `queries.shown` only.
    withheld: Mapped[list[dict[str, object]] | None] = query_expression(expire_on_flush=False)
    came: Mapped[bool | None] = query_expression(expire_on_flush=False)
    # How whoever asks stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    @property
    def current_status(self) -> ActivityStatus:
        """The status by the clock, whether or not the job has written it already."""
        now = clock.now()
        if self.status in BEFORE_END and self.ends_at <= now:
            return ActivityStatus.FINISHED
        begun = self.status in BEFORE_BEGIN and self.starts_at <= now
        return ActivityStatus.RUNNING if begun else self.status

    @property
    def is_ahead(self) -> bool:
        """Whether one may still come to it, or be invited."""
        return self.current_status in BEFORE_END

    community: Mapped[Area] = relationship()
    unit: Mapped[Unit | None] = relationship()
    shifts: Mapped[list["ActivityShift"]] = relationship(
        back_populates="activity",
        order_by=lambda: (ActivityShift.starts_at, ActivityShift.id),
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class ActivityShift(Timestamped, Base):
    """One turn of an activity with places of its own. `signed_up` counts who holds one."""

    __tablename__ = "activity_shift"
    __table_args__ = (
        sa.Index(None, "activity_id", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="times_in_order"),
        sa.CheckConstraint(
            "places > 0 AND signed_up BETWEEN 0 AND places", name="signed_up_in_places"
        ),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int]
    signed_up: Mapped[int] = mapped_column(server_default="0", default=0)

    # How many wait; filled by `queries.shown` only.
    waiting: Mapped[int | None] = query_expression()

    activity: Mapped[Activity] = relationship(back_populates="shifts")

    @property
    def places_left(self) -> int:
        return self.places - self.signed_up

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= clock.now()

    def takes_check_ins_at(self, moment: datetime) -> bool:
        return self.starts_at - CHECK_IN_BEFORE <= moment <= self.ends_at + CHECK_IN_AFTER


class ActivitySignUp(Timestamped, Base):
    """A member and a shift. Who waits is served in the order of `id`: first come, first served."""

    __tablename__ = "activity_sign_up"
    __table_args__ = (
        sa.Index(
            "uq_activity_sign_up_live",
            "shift_id",
            "member_id",
            unique=True,
            postgresql_where=sa.text("status <> 'withdrawn'"),
        ),
        sa.Index(None, "member_id", "id"),
        sa.Index(None, "activity_id", "member_id"),
        sa.CheckConstraint(
            "checked_out_at IS NULL OR checked_in_at IS NOT NULL", name="in_before_out"
        ),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id", ondelete="CASCADE"))
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("activity_shift.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    status: Mapped[SignUpStatus]
    # The member's own choice, never made for them (spec, finding 2).
    is_volunteer_service: Mapped[bool] = mapped_column(server_default=sa.false(), default=False)
    moved_up_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    # From the code at the venue, for the organiser's convenience only.
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]

    # How many wait before, oneself included, and whether the list says that the member was there;
    # filled by `queries.sign_ups` only.
    waiting_position: Mapped[int | None] = query_expression()
    present: Mapped[bool | None] = query_expression(expire_on_flush=False)
    # How whoever asks stands to it; filled by its flow only.
    parties: Mapped[list[str] | None] = query_expression(expire_on_flush=False)

    activity: Mapped[Activity] = relationship()
    shift: Mapped[ActivityShift] = relationship()
    member: Mapped[Member] = relationship()


class ActivityAttendance(Timestamped, Base):
    """One line of the organiser's list, which is the record: a member and a shift. A presence has
    a service record; who was away has none, and nothing follows from it."""

    __tablename__ = "activity_attendance"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "member_id"),
        sa.Index(None, "activity_id", "id"),
        sa.CheckConstraint("(mark = 'present') = (minutes IS NOT NULL)", name="minutes_of_present"),
        sa.CheckConstraint("minutes > 0", name="minutes_positive"),
        sa.CheckConstraint("stand_in_for_id <> member_id", name="stands_in_for_another"),
    )

    id: Mapped[Id]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("activity_shift.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    mark: Mapped[AttendanceMark]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    stand_in_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_record.id"))
    written_by: Mapped[int]
    # Why it was entered after the time for it.
    late_reason: Mapped[str | None]

    member: Mapped[Member] = relationship(foreign_keys=[member_id])
    stand_in_for: Mapped[Member | None] = relationship(foreign_keys=[stand_in_for_id])
    record: Mapped[ServiceRecord | None] = relationship()
