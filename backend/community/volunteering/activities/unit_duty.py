"""What an activity is to the unit that organised it (rule 2j): one, whoever came.

The list says whether it took place; the community that writes it is not the unit whose duty it is.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivityShift,
    AttendanceMark,
)
from backend.core import clock
from backend.ledger import queries as ledger_queries
from backend.ledger import service as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject

KIND = "unit_activity"


def took_place(activity_id: sa.SQLColumnExpression[int] | int) -> sa.ScalarSelect[datetime]:
    """Select when the first shift began at which somebody was present; NULL: none."""
    return (
        sa.select(sa.func.min(ActivityShift.starts_at))
        .join(ActivityAttendance, ActivityAttendance.shift_id == ActivityShift.id)
        .where(
            ActivityAttendance.activity_id == activity_id,
            ActivityAttendance.mark == AttendanceMark.PRESENT,
        )
        .correlate_except(ActivityShift, ActivityAttendance)
        .scalar_subquery()
    )


def entry_of(activity: Activity, began: datetime) -> Entry:
    """Return what an activity of a unit posts; several shifts of it are one."""
    return Entry(
        kind=KIND,
        subject=Subject(SubjectKind.UNIT, activity.unit_id or 0),
        source=source_of(activity),
        occurred_on=clock.local_date(began),
        recorded_on=clock.today(),
        occasion=activity.as_subject,
        area_id=activity.community_id,
    )


def source_of(activity: Activity) -> Source:
    return Source(Activity.__tablename__, activity.id)


def follow(session: Session, rules: RulePack, activity: Activity) -> None:
    """Bring the unit's posting after the list. Twice is the same as once."""
    if activity.unit_id is None:
        return
    source = source_of(activity)
    began = session.scalar(sa.select(took_place(activity.id)))
    posted = session.scalars(ledger_queries.live_postings(source.type, source.id)).first()
    day = clock.local_date(began) if began else None
    if posted is not None and posted.occurred_on == day:
        return
    ledger.reverse(session, rules, source)
    if began is not None:
        ledger.post(session, rules, entry_of(activity, began))
