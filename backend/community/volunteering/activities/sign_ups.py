"""Sign up for an activity and withdraw from it, always without consequence. Callers own the
transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering.activities import guards, policy, queries, service, waiting_list
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityShift,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.activities.states import ACTIVITY, SIGN_UP
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Forbidden, Invalid, NotFound

T = TypeVar("T")


@dataclass(frozen=True)
class SignUps:
    """Somebody's own sign-ups of one activity; `short_notice`: later than it asked for."""

    activity_id: int
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
    member_id = actor.as_member()
    activity = service.locked(session, actor, activity_id)
    activity.status = ACTIVITY.after(activity.status, "sign_up")
    if not policy.may_sign_up(actor):
        raise Forbidden("registration_required", "请先完成社区报到，再报名参加活动。")
    if is_volunteer_service and not activity.is_volunteer_service:
        raise Invalid("is_volunteer_service", "该活动不登记为志愿服务记录。")
    chosen = _chosen(activity, shift_ids)
    mine = session.scalars(_own(activity_id, member_id)).all()
    if {shift.id for shift in chosen} & {row.shift_id for row in mine}:
        raise guards.ONCE.refusal()
    if not override_clash:
        _check_clash(session, activity, member_id, chosen, mine)
    rows = [_take_place(session, actor, shift, is_volunteer_service) for shift in chosen]
    waiting_list.restate(activity)
    session.flush()
    return _shown(session, activity_id, [row.id for row in rows])


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


def _own(activity_id: int, member_id: int) -> sa.Select[ActivitySignUp]:
    return sa.select(ActivitySignUp).where(
        ActivitySignUp.activity_id == activity_id,
        ActivitySignUp.member_id == member_id,
        ActivitySignUp.status != SignUpStatus.WITHDRAWN,
    )


def _check_clash(
    session: Session,
    activity: Activity,
    member_id: int,
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
    if overlaps or session.scalars(queries.clashing(member_id, chosen, activity.id)).first():
        raise guards.NO_CLASH.refusal()


def _take_place(
    session: Session, actor: Actor, shift: ActivityShift, is_volunteer_service: bool
) -> ActivitySignUp:
    session.refresh(shift, ["places", "signed_up"], with_for_update=True)
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
    member_id = actor.as_member()
    activity = service.locked(session, actor, activity_id)
    mine = _one_shift(_own(activity_id, member_id), shift_id)
    rows = session.scalars(mine.order_by(ActivitySignUp.shift_id)).all()
    if not rows:
        return _withdrawn_before(session, activity_id, member_id, shift_id)
    activity.status = ACTIVITY.after(activity.status, "withdraw")
    shifts = {shift.id: shift for shift in activity.shifts}
    leaving = _leaving(session, rows, shifts)
    for row in leaving:
        _give_back(session, actor, activity, shifts[row.shift_id], row)
    waiting_list.restate(activity)
    session.flush()
    first = min(shifts[row.shift_id].starts_at for row in leaving)
    late = first - clock.now() < timedelta(hours=activity.notice_hours)
    return _shown(session, activity_id, [row.id for row in leaving], short_notice=late)


def _leaving(
    session: Session, rows: Sequence[ActivitySignUp], shifts: dict[int, ActivityShift]
) -> list[ActivitySignUp]:
    """Return those that can still be given back: not of a shift that is over, and not where the
    member came, which would be forgotten with the sign-up. Raises Conflict where there is none."""
    ahead = [row for row in rows if shifts[row.shift_id].ends_at > clock.now()]
    if not ahead:
        raise guards.STILL_RUNS.refusal()
    ids = [row.shift_id for row in ahead]
    listed = session.scalars(queries.present_in(ahead[0].member_id, ids)).all()
    leaving = [row for row in ahead if row.checked_in_at is None and row.shift_id not in listed]
    if not leaving:
        raise guards.NOT_HERE.refusal()
    return leaving


def _give_back(
    session: Session, actor: Actor, activity: Activity, shift: ActivityShift, row: ActivitySignUp
) -> None:
    held = row.status is SignUpStatus.SIGNED_UP
    row.status = SIGN_UP.after(row.status, "withdraw")
    row.withdrawn_at = clock.now()
    audit.record(session, actor, "sign_up.withdrawn", row)
    if held:
        session.refresh(shift, ["places", "signed_up"], with_for_update=True)
        shift.signed_up -= 1
        waiting_list.move_up(session, activity, shift)


def _withdrawn_before(
    session: Session, activity_id: int, member_id: int, shift_id: int | None
) -> SignUps:
    """Withdrawing twice is the same as once; who never signed up has nothing to withdraw."""
    past = sa.select(sa.func.max(ActivitySignUp.id)).where(
        ActivitySignUp.activity_id == activity_id, ActivitySignUp.member_id == member_id
    )
    ids = session.scalars(_one_shift(past.group_by(ActivitySignUp.shift_id), shift_id)).all()
    if not ids:
        raise NotFound("sign_up_not_found", "您没有报名这个活动。")
    return _shown(session, activity_id, ids)


def _one_shift(statement: sa.Select[T], shift_id: int | None) -> sa.Select[T]:
    return statement if shift_id is None else statement.where(ActivitySignUp.shift_id == shift_id)


def _shown(
    session: Session, activity_id: int, ids: Collection[int], *, short_notice: bool = False
) -> SignUps:
    found = queries.sign_ups().where(ActivitySignUp.id.in_(ids)).order_by(ActivitySignUp.shift_id)
    rows = session.scalars(found.execution_options(populate_existing=True)).all()
    return SignUps(activity_id, rows, short_notice)
