"""Check in and out with the code at the venue: prefills the organiser's list, and no more."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.community.volunteering.activities import guards, policy
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    CHECK_IN_AFTER,
    CHECK_IN_BEFORE,
    Activity,
    ActivityShift,
    ActivitySignUp,
    ActivityStatus,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import SIGN_UP
from backend.core import clock, rotating_code
from backend.core.actor import Actor
from backend.core.asker import asked_by, asker_of
from backend.core.crypto import Crypto
from backend.core.errors import Conflict
from backend.core.rotating_code import Code, Venue

VENUE = Venue("activity", "个活动")
# Who has just checked in and scans again means the same shift, though the next one began meanwhile.
SAME_SCAN = timedelta(minutes=5)


def show_code(session: Session, keys: Crypto, *, actor: Actor, activity_id: int) -> Code:
    """Return the code of this moment for the organiser to show."""
    activity = FLOW.find(session, actor, activity_id)
    policy.SHOWS_CODE.check(activity)
    _check_open(activity)
    return rotating_code.issue(keys, VENUE, activity_id, clock.now())


def check_in(
    session: Session, keys: Crypto, *, actor: Actor, activity_id: int, code: str
) -> ActivitySignUp:
    """Note that the member came to the shift of this moment; again is no change, whichever other
    shifts the member holds."""
    row = _meant(_mine(session, keys, actor, activity_id, code))
    return SIGN_UP.go("check_in", SIGN_UP.taken(session, row, actor))


def _meant(rows: Sequence[ActivitySignUp]) -> ActivitySignUp:
    """Return the sign-up a scan is about: the one checked in just now; else the shift that runs,
    of several the one that began last; else the one that comes; else the one that was last."""
    now = clock.now()
    for row in rows:
        if row.checked_in_at is not None and now - row.checked_in_at < SAME_SCAN:
            return row
    running = [row for row in rows if row.shift.starts_at <= now < row.shift.ends_at]
    if running:
        return max(running, key=lambda row: (row.shift.starts_at, -row.shift_id))
    coming = [row for row in rows if now < row.shift.starts_at]
    return coming[0] if coming else rows[-1]


def check_out(
    session: Session, keys: Crypto, *, actor: Actor, activity_id: int, code: str
) -> ActivitySignUp:
    """Note that the member left the shift last come to; again is no change."""
    rows = [
        (row.checked_in_at, row.shift_id, row)
        for row in _mine(session, keys, actor, activity_id, code)
        if row.checked_in_at is not None
    ]
    if not rows:
        raise guards.CAME.refusal()
    row = max(rows, key=lambda found: found[:2])[2]
    return SIGN_UP.go("check_out", SIGN_UP.taken(session, row, actor))


def _mine(
    session: Session, keys: Crypto, actor: Actor, activity_id: int, code: str
) -> list[ActivitySignUp]:
    """Return the actor's own sign-ups, locked, of shifts that are open for checking in now, in the
    order in which they begin. Raises Invalid, Conflict."""
    actor.as_member()
    activity = FLOW.find(session, actor, activity_id)
    _check_open(activity)
    held = (
        SIGN_UP.shown(asker_of(actor))
        .join(ActivitySignUp.shift)
        .where(
            ActivitySignUp.activity_id == activity_id,
            ActivitySignUp.status == SignUpStatus.SIGNED_UP,
        )
        .order_by(ActivityShift.starts_at, ActivityShift.id)
        .with_for_update(of=ActivitySignUp)
    )
    held = held.execution_options(populate_existing=True)
    rows = session.scalars(held, asked_by(actor)).all()
    if not rows:
        raise Conflict("not_signed_up", "您没有报名本次活动；如已到场，请告诉组织者登记。")
    rotating_code.tried(session, keys, VENUE, activity_id, code, account_id=actor.account_id)
    open_now = [row for row in rows if guards.IN_WINDOW.allows(row)]
    if not open_now:
        raise guards.IN_WINDOW.refusal()
    return open_now


def _check_open(activity: Activity) -> None:
    dead = activity.status in (ActivityStatus.DRAFT, ActivityStatus.CANCELLED)
    now = clock.now()
    if dead or not activity.starts_at - CHECK_IN_BEFORE <= now <= activity.ends_at + CHECK_IN_AFTER:
        raise guards.IN_WINDOW.refusal()
