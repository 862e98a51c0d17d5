"""Sign up for an activity and withdraw from it, always without consequence. Callers own the
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering.activities import places, policy, queries
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    Activity,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import Leaving, Wish
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import NotFound


@dataclass(frozen=True)
class SignUps:
    """Somebody's own sign-ups of one activity; `short_notice`: later than it asked for."""

    activity: Activity
    items: Sequence[ActivitySignUp]
    short_notice: bool = False

    @property
    def status(self) -> SignUpStatus:
        """The status all share; who waits for one shift of several is said to wait."""
        found = {item.status for item in self.items}
        return SignUpStatus.WAITING if SignUpStatus.WAITING in found else min(found)


def sign_up(session: Session, *, actor: Actor, activity_id: int, said: Wish) -> SignUps:
    """Take a place in each shift, or wait for one where all are taken."""
    actor.as_member()
    activity = FLOW.locked(session, actor, activity_id, policy.MEMBER)
    FLOW.turn(session, activity, "sign_up", actor=actor, said=said)
    ids = said.shift_ids
    chosen = [] if ids is None else [ActivitySignUp.shift_id.in_(ids)]
    return SignUps(activity, places.own(session, actor, _of(activity), queries.LIVE, *chosen))


def withdraw(
    session: Session, *, actor: Actor, activity_id: int, shift_id: int | None = None
) -> SignUps:
    """Give back the own places, of one shift or of all. Twice is the same as once; who never signed
    up has nothing to withdraw. Raises NotFound."""
    actor.as_member()
    activity = FLOW.locked(session, actor, activity_id, policy.MEMBER)
    mine = [_of(activity)]
    if shift_id is not None:
        mine.append(ActivitySignUp.shift_id == shift_id)
    rows = places.own(session, actor, *mine, queries.LIVE)
    if not rows:
        last = {row.shift_id: row for row in places.own(session, actor, *mine)}
        if not last:
            raise NotFound("sign_up_not_found", places.SIGN_UP.missing)
        return SignUps(activity, list(last.values()))
    FLOW.turn(session, activity, "withdraw", actor=actor, said=Leaving(rows))
    left = [row for row in rows if row.status is SignUpStatus.WITHDRAWN]
    first = min(row.shift.starts_at for row in left)
    late = first - clock.now() < timedelta(hours=activity.notice_hours)
    same = ActivitySignUp.id.in_([row.id for row in left])
    return SignUps(activity, places.own(session, actor, same), late)


def _of(activity: Activity) -> sa.ColumnElement[bool]:
    return ActivitySignUp.activity_id == activity.id
