"""Sign up for an activity and withdraw from it, always without consequence. Callers own the
transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering.activities import guards, places, policy, queries, service
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityShift,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.activities.places import SIGN_UP
from backend.community.volunteering.activities.states import ACTIVITY
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Forbidden, Invalid, NotFound
from backend.core.states import Guard


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


def sign_up(
    session: Session,
    *,
    actor: Actor,
    activity_id: int,
    shift_ids: Collection[int] | None,
    override_clash: bool,
    is_volunteer_service: bool,
) -> SignUps:
    """Take a place in each shift, or wait for one where all are taken."""
    actor.as_member()
    activity = service.locked(session, actor, activity_id)
    activity.status = ACTIVITY.after(activity.status, "sign_up")
    if not policy.may_sign_up(actor):
        raise Forbidden("registration_required", "请先完成社区报到，再报名参加活动。")
    if is_volunteer_service and not activity.is_volunteer_service:
        raise Invalid("is_volunteer_service", "该活动不登记为志愿服务记录。")
    chosen = _chosen(activity, shift_ids)
    mine = places.own(session, actor, *_of(activity), queries.LIVE)
    if {shift.id for shift in chosen} & {row.shift_id for row in mine}:
        raise guards.ONCE.refusal()
    if not override_clash:
        _check_clash(session, actor, activity, chosen, mine)
    rows = [_take_place(session, actor, shift, is_volunteer_service) for shift in chosen]
    places.restate(activity)
    session.flush()
    return _now(session, actor, activity, rows)


def _chosen(activity: Activity, shift_ids: Collection[int] | None) -> list[ActivityShift]:
    known = {shift.id: shift for shift in activity.shifts}
    if shift_ids is None and len(known) > 1:
        raise Invalid("shift_ids", "该活动有多个班次，请选择要参加的班次。")
    wanted = list(known) if shift_ids is None else sorted(set(shift_ids))
    if not wanted or not known.keys() >= set(wanted):
        raise Invalid("shift_ids", "请选择本活动的班次。")
    chosen = [known[id_] for id_ in wanted]
    if any(shift.ends_at <= clock.now() for shift in chosen):
        raise guards.NOT_OVER.refusal()
    return chosen


def _check_clash(
    session: Session,
    actor: Actor,
    activity: Activity,
    chosen: Sequence[ActivityShift],
    mine: Sequence[ActivitySignUp],
) -> None:
    """Raise Conflict where a chosen shift overlaps another one of the member's own."""
    held = {row.shift_id for row in mine} | {shift.id for shift in chosen}
    here = [shift for shift in activity.shifts if shift.id in held]
    overlaps = any(
        one.starts_at < other.ends_at and other.starts_at < one.ends_at
        for one in chosen
        for other in here
        if one is not other
    )
    if (
        overlaps
        or session.scalars(queries.clashing(actor.as_member(), chosen, activity.id)).first()
    ):
        raise guards.NO_CLASH.refusal()


def _take_place(
    session: Session, actor: Actor, shift: ActivityShift, is_volunteer_service: bool
) -> ActivitySignUp:
    places.lock(session, shift)
    free = shift.places_left > 0
    if not free and shift.has_begun:
        raise guards.WAITED_FOR.refusal()
    shift.signed_up += free
    row = ActivitySignUp(
        activity_id=shift.activity_id,
        shift_id=shift.id,
        member_id=actor.as_member(),
        status=SignUpStatus.SIGNED_UP if free else SignUpStatus.WAITING,
        is_volunteer_service=is_volunteer_service,
    )
    session.add(row)
    audit.record(session, actor, "sign_up.submitted", row, status=row.status)
    return row


def withdraw(
    session: Session, *, actor: Actor, activity_id: int, shift_id: int | None = None
) -> SignUps:
    """Give back the own places, of one shift or of all; whoever waits moves up at once."""
    actor.as_member()
    activity = service.locked(session, actor, activity_id)
    mine = _of(activity, shift_id)
    rows = places.own(session, actor, *mine, queries.LIVE)
    if not rows:
        return _withdrawn_before(session, actor, activity, mine)
    activity.status = ACTIVITY.after(activity.status, "withdraw")
    leaving = _let(_let(rows, guards.STILL_RUNS), guards.NOT_HERE)
    for row in leaving:
        SIGN_UP.turn(session, row, "withdraw", actor=actor)
        places.move_up(session, row.shift)
    places.restate(activity)
    first = min(row.shift.starts_at for row in leaving)
    late = first - clock.now() < timedelta(hours=activity.notice_hours)
    return _now(session, actor, activity, leaving, short_notice=late)


def _let(rows: Sequence[ActivitySignUp], guard: Guard) -> Sequence[ActivitySignUp]:
    """Return those that may still be given back. Raises the refusal where there is none: a shift
    may be over, and where somebody came that would be forgotten with the sign-up."""
    left = [row for row in rows if guard.allows(row)]
    if not left:
        raise guard.refusal()
    return left


def _withdrawn_before(
    session: Session, actor: Actor, activity: Activity, mine: Sequence[sa.ColumnElement[bool]]
) -> SignUps:
    """Withdrawing twice is the same as once; who never signed up has nothing to withdraw."""
    last = {row.shift_id: row for row in places.own(session, actor, *mine)}
    if not last:
        raise NotFound("sign_up_not_found", SIGN_UP.missing)
    return SignUps(activity, list(last.values()))


def _now(
    session: Session,
    actor: Actor,
    activity: Activity,
    rows: Sequence[ActivitySignUp],
    *,
    short_notice: bool = False,
) -> SignUps:
    """Return sign-ups as they are now."""
    same = ActivitySignUp.id.in_([row.id for row in rows])
    return SignUps(activity, places.own(session, actor, same), short_notice)


def _of(activity: Activity, shift_id: int | None = None) -> list[sa.ColumnElement[bool]]:
    here = ActivitySignUp.activity_id == activity.id
    return [here] if shift_id is None else [here, ActivitySignUp.shift_id == shift_id]
