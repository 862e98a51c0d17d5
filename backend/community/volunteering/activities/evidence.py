"""What activities owe the ledger of the units that organise them (rule 2j): one each, whoever came.

The list says whether it took place; the community that writes it is not the unit whose duty it is.
"""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import queries
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivityShift,
    ActivityStatus,
    AttendanceMark,
)
from backend.core import clock
from backend.ledger import queries as ledger_queries
from backend.ledger import service as ledger
from backend.ledger.changes import one_change
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

KIND = "unit_activity"
KINDS = frozenset({KIND})
A = ActivityStatus


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
    with one_change(session, rules):
        ledger.reverse(session, rules, source)
        if began is not None:
            ledger.post(session, rules, entry_of(activity, began))


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each activity of a unit at which somebody was present."""
    began = took_place(Activity.id)
    held = sa.select(Activity, began).where(Activity.unit_id.is_not(None), began.is_not(None))
    for activity, moment in session.execute(held.execution_options(yield_per=1000)):
        yield entry_of(activity, moment)


def facts(_session: Session) -> Iterator[Fact]:
    """Yield nothing: an activity is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the published activities of a unit that began in `year` (Shanghai's)."""
    if subject.kind is not SubjectKind.UNIT:
        return []
    first = datetime(year, 1, 1, tzinfo=clock.SHANGHAI)
    end = datetime(year + 1, 1, 1, tzinfo=clock.SHANGHAI)
    rows = session.execute(
        queries.shown()
        .add_columns(took_place(Activity.id))
        .where(
            Activity.unit_id == subject.id,
            Activity.published_at.is_not(None),
            Activity.starts_at >= first,
            Activity.starts_at < end,
        )
        .order_by(Activity.starts_at)
    )
    return [_explain(activity, began) for activity, began in rows]


def _explain(activity: Activity, began: datetime | None) -> Explained:
    title = withheld.text_for_all(activity.withheld, "plan", activity.title)
    day = clock.local_date(began or activity.starts_at)
    reason = None if began else _why_not(activity)
    return Explained(source_of(activity), day, title, reason)


def _why_not(activity: Activity) -> str:
    return {
        A.CANCELLED: "活动已取消。",
        A.PUBLISHED: "活动尚未开始。",
        A.FULL: "活动尚未开始。",
    }.get(activity.current_status, "社区尚未登记到场名单。")
