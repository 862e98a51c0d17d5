"""What may happen to a sign-up, which holds a place in a shift or waits for one (spec 4.1).

Callers hold the activity's lock; who checks in locks the sign-up alone.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import guards, news, policy, queries
from backend.community.volunteering.activities.models import (
    BEFORE_BEGIN,
    Activity,
    ActivityShift,
    ActivitySignUp,
    ActivityStatus,
)
from backend.community.volunteering.activities.models import SignUpStatus as S
from backend.core import clock
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.flows.flow import Flow
from backend.flows.steps import Step, Taken

SignUp = Taken[ActivitySignUp]


def _rise(taken: SignUp) -> None:
    taken.row.moved_up_at = clock.now()
    taken.row.shift.signed_up += 1


def _give_back(taken: SignUp) -> None:
    """Whose place it was is asked while it is held."""
    row = taken.row
    row.withdrawn_at = clock.now()
    if row.status is S.SIGNED_UP:
        lock(taken.session, row.shift)
        row.shift.signed_up -= 1


def lock(session: Session, shift: ActivityShift) -> None:
    """Lock a shift whose places are about to be counted, and read how many there are."""
    session.refresh(shift, ["places", "signed_up"], with_for_update=True)


def _come(taken: SignUp) -> None:
    taken.row.checked_in_at = clock.now()


def _go(taken: SignUp) -> None:
    taken.row.checked_out_at = clock.now()


SIGN_UP: Flow[ActivitySignUp] = Flow(
    "sign_up",
    ActivitySignUp,
    select=queries.sign_ups,
    visible=policy.HOLDER.holds,
    missing="您没有报名这个活动。",
    texts=None,
    area_id=lambda _row: None,
    steps=[
        Step("move_up", "", "Give the place that is free to whoever waits longest.",
             {S.WAITING: S.SIGNED_UP}, policy.SYSTEM, "a place is free; in order; still to begin",
             then=_rise, past="moved_up", tells=news.tell_moved_up),
        Step("withdraw", "withdrawal", "Give a place back, or wait no more.",
             {S.WAITING: S.WITHDRAWN, S.SIGNED_UP: S.WITHDRAWN}, policy.HOLDER,
             "frees the place, if it is one",
             guards=[guards.STILL_RUNS, guards.NOT_HERE], within=[guards.UNDER_WAY],
             first=_give_back, past="withdrawn"),
        Step("check_in", "check-ins", "Say with the code that one came.",
             {S.SIGNED_UP: S.SIGNED_UP}, policy.HOLDER, "with the code", [guards.IN_WINDOW],
             again=lambda taken: taken.row.checked_in_at is not None,
             then=_come, past="checked_in"),
        Step("check_out", "check-outs", "Say with the code that one leaves.",
             {S.SIGNED_UP: S.SIGNED_UP}, policy.HOLDER, "with the code",
             [guards.IN_WINDOW, guards.CAME],
             again=lambda taken: taken.row.checked_out_at is not None,
             then=_go, past="checked_out"),
    ],
)  # fmt: skip


def own(
    session: Session, actor: Actor, *conditions: sa.ColumnElement[bool]
) -> Sequence[ActivitySignUp]:
    """Return the actor's own sign-ups, in the order of the shifts."""
    found = (
        SIGN_UP.shown(asker_of(actor))
        .where(*conditions)
        .order_by(ActivitySignUp.shift_id, ActivitySignUp.id)
    )
    return session.scalars(found.execution_options(populate_existing=True), asked_by(actor)).all()


def move_up(session: Session, shift: ActivityShift) -> None:
    """Give the free places of a shift that is still to begin to the first who wait, and tell them.
    Once it runs nobody is called to it."""
    if not shift.places_left or shift.has_begun:
        return
    first = (
        sa.select(ActivitySignUp)
        .where(ActivitySignUp.shift_id == shift.id, ActivitySignUp.status == S.WAITING)
        .order_by(ActivitySignUp.id)
        .limit(shift.places_left)
    )
    for row in session.scalars(first.execution_options(populate_existing=True)).all():
        SIGN_UP.turn(session, row, "move_up")


def restate(activity: Activity) -> None:
    """Say whether everything is taken, while nothing has begun."""
    if activity.status in BEFORE_BEGIN:
        left = any(shift.places_left for shift in activity.shifts)
        activity.status = ActivityStatus.PUBLISHED if left else ActivityStatus.FULL
