"""An activity as one person sees it, and the organiser's list put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.community.volunteering.activities import (
    attendance,
    places,
    policy,
    queries,
    service,
)
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivitySignUp,
    AttendanceMark,
    SignUpStatus,
)
from backend.community.volunteering.models import ServiceRecordStatus
from backend.core.actor import Actor
from backend.core.errors import Forbidden
from backend.ledger.rulepack import Counting
from backend.people.members.models import Member


@dataclass(frozen=True)
class ActivityDetail:
    """An activity with the actor's own live sign-ups."""

    activity: Activity
    my_sign_ups: Sequence[ActivitySignUp]

    def __getattr__(self, name: str) -> object:
        return getattr(self.activity, name)


@dataclass(frozen=True)
class RollLine:
    """Somebody and a shift: the sign-up, where there is one, and what the organiser wrote."""

    sign_up: ActivitySignUp | None
    line: ActivityAttendance | None
    shift_id: int
    member: Member
    # Of the activity's texts, what others may not read.
    withheld: list[dict[str, object]] | None

    @property
    def sign_up_status(self) -> SignUpStatus | None:
        return self.sign_up.status if self.sign_up else None

    @property
    def checked_in_at(self) -> datetime | None:
        return self.sign_up.checked_in_at if self.sign_up else None

    @property
    def checked_out_at(self) -> datetime | None:
        return self.sign_up.checked_out_at if self.sign_up else None

    @property
    def mark(self) -> AttendanceMark | None:
        return self.line.mark if self.line else None

    @property
    def record_status(self) -> ServiceRecordStatus | None:
        return self.line.record.status if self.line and self.line.record else None

    def __getattr__(self, name: str) -> object:
        return getattr(self.line, name) if self.line else None


@dataclass(frozen=True)
class Roll:
    activity: Activity
    closes_on: date
    lines: Sequence[RollLine]


def of(session: Session, *, actor: Actor, activity_id: int) -> ActivityDetail:
    """Return an activity that exists for the actor; raises NotFound."""
    activity = service.get(session, actor=actor, activity_id=activity_id)
    here = ActivitySignUp.activity_id == activity_id
    return ActivityDetail(activity, places.own(session, actor, here, queries.LIVE))


def roll(session: Session, counting: Counting, *, actor: Actor, activity_id: int) -> Roll:
    """Return the list of names, which is the organiser's; raises NotFound, Forbidden."""
    activity = service.get(session, actor=actor, activity_id=activity_id)
    if not policy.may_organise(actor, activity.community_id):
        raise Forbidden("not_the_organiser", "活动名单由活动所在社区的书记查看和登记。")
    return _roll(session, counting, activity)


def roll_written(session: Session, counting: Counting, *, actor: Actor, activity_id: int) -> Roll:
    """Return the list to whoever has just written it, which was logged: perhaps the street."""
    return _roll(session, counting, service.get(session, actor=actor, activity_id=activity_id))


def _roll(session: Session, counting: Counting, activity: Activity) -> Roll:
    lines = {
        (row.shift_id, row.member_id): row
        for row in session.scalars(queries.attendance(activity.id))
    }
    signed = session.scalars(queries.live_sign_ups(activity.id)).all()
    found = [
        RollLine(
            row,
            lines.pop((row.shift_id, row.member_id), None),
            row.shift_id,
            row.member,
            activity.withheld,
        )
        for row in signed
    ]
    came = [
        RollLine(None, row, row.shift_id, row.member, activity.withheld) for row in lines.values()
    ]
    return Roll(activity, attendance.last_day(counting, activity), [*found, *came])
