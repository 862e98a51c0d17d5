"""What the list no longer holds: nobody took it up in time."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import news, queries, reminders
from backend.community.demands.states import DEMAND
from backend.core import clock

AT_A_TIME = 100


def expire_due(session: Session) -> int:
    """Let some demands expire whose last day is over; return how many."""
    due = queries.overdue(clock.today()).limit(AT_A_TIME).with_for_update(skip_locked=True)
    rows = session.scalars(due.execution_options(populate_existing=True)).all()
    for demand in rows:
        demand.status, demand.closed_on = DEMAND.after(demand.status, "expire"), clock.today()
        demand.decided_by, demand.decided_at, demand.decision_reason = None, clock.now(), None
        reminders.drop(session, demand)
        audit.record(session, None, "demand.expired", demand)
        news.tell_of_end(session, demand)
    return len(rows)
