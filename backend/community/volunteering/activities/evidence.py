"""What activities owe the ledger of the units that organise them."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import queries, unit_duty
from backend.community.volunteering.activities.models import Activity, ActivityStatus
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

KINDS = frozenset({unit_duty.KIND})
A = ActivityStatus


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each activity of a unit at which somebody was present."""
    began = unit_duty.took_place(Activity.id)
    held = sa.select(Activity, began).where(Activity.unit_id.is_not(None), began.is_not(None))
    for activity, moment in session.execute(held.execution_options(yield_per=1000)):
        yield unit_duty.entry_of(activity, moment)


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
        .add_columns(unit_duty.took_place(Activity.id))
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
    return Explained(unit_duty.source_of(activity), day, title, reason)


def _why_not(activity: Activity) -> str:
    return {
        A.CANCELLED: "活动已取消。",
        A.PUBLISHED: "活动尚未开始。",
        A.FULL: "活动尚未开始。",
    }.get(activity.current_status, "社区尚未登记到场名单。")
