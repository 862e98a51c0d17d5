"""What the list no longer holds: nobody took it up in time."""

from sqlalchemy.orm import Session

from backend.community.demands import queries
from backend.community.demands.flow import FLOW
from backend.core import clock

AT_A_TIME = 100


def expire_due(session: Session) -> int:
    """Let some demands expire whose last day is over; return how many."""
    due = queries.overdue(clock.today()).limit(AT_A_TIME).with_for_update(skip_locked=True)
    rows = session.scalars(due.execution_options(populate_existing=True)).all()
    for demand in rows:
        FLOW.turn(session, demand, "expire")
    return len(rows)
