"""The organiser's list put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.community.volunteering.activities import attendance, policy, queries
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.models import ServiceRecordStatus
from backend.core.actor import Actor
from backend.ledger.rulepack import Counting
from backend.people.members.models import Member


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
    def record_status(self) -> ServiceRecordStatus | None:
        return self.line.record.status if self.line and self.line.record else None

    def __getattr__(self, name: str) -> object:
        return getattr(self.line, name) if self.line else None


@dataclass(frozen=True)
class Roll:
    activity: Activity
    closes_on: date
    lines: Sequence[RollLine]


def roll(session: Session, counting: Counting, *, actor: Actor, activity_id: int) -> Roll:
    """Return the list of names, which is the organiser's; raises NotFound, Forbidden."""
    activity = FLOW.find(session, actor, activity_id)
    policy.READS_LIST.check(activity)
    return written(session, counting, activity)


def written(session: Session, counting: Counting, activity: Activity) -> Roll:
    """Return the list to whoever has just written it, which was logged: perhaps the street."""
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
