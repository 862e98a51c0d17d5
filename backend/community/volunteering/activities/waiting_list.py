"""Who waits moves up in order as soon as a place is free. Callers hold the activity's lock."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering.activities import news
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityShift,
    ActivitySignUp,
    ActivityStatus,
    SignUpStatus,
)
from backend.community.volunteering.activities.states import ACTIVITY, SIGN_UP
from backend.core import clock


def move_up(session: Session, activity: Activity, shift: ActivityShift) -> None:
    """Give the free places of a shift that is still to begin to the first who wait, and tell them.
    Once it runs nobody is called to it."""
    if not shift.places_left or shift.has_begun:
        return
    first = (
        sa.select(ActivitySignUp)
        .where(ActivitySignUp.shift_id == shift.id, ActivitySignUp.status == SignUpStatus.WAITING)
        .order_by(ActivitySignUp.id)
        .limit(shift.places_left)
    )
    moved = session.scalars(first.execution_options(populate_existing=True)).all()
    for sign_up in moved:
        sign_up.status = SIGN_UP.after(sign_up.status, "move_up")
        sign_up.moved_up_at = clock.now()
        shift.signed_up += 1
        audit.record(session, None, "sign_up.moved_up", sign_up)
    for sign_up in moved:
        news.tell_moved_up(session, activity, shift, sign_up)


def restate(activity: Activity) -> None:
    """Say whether everything is taken, while nothing has begun."""
    full = not any(shift.places_left for shift in activity.shifts)
    if full and activity.status is ActivityStatus.PUBLISHED:
        activity.status = ACTIVITY.after(activity.status, "fill")
    elif not full and activity.status is ActivityStatus.FULL:
        activity.status = ACTIVITY.after(activity.status, "free")
