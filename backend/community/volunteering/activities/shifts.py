"""The shifts of an activity: written, moved, taken out. Callers hold the activity's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from backend.audit import service as audit
from backend.community.volunteering.activities import guards
from backend.community.volunteering.activities.models import Activity, ActivityShift, ActivitySignUp
from backend.core.errors import Invalid

LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class ShiftPlan:
    """A shift as the organiser wants it; without `id` it is a new one."""

    starts_at: datetime
    ends_at: datetime
    places: int
    id: int | None = None


def check(plans: Sequence[ShiftPlan]) -> None:
    """Raise Invalid where a shift could not take place."""
    for plan in plans:
        if plan.ends_at <= plan.starts_at:
            raise Invalid("shifts", "每个班次的结束时间必须晚于开始时间。")
        if plan.ends_at - plan.starts_at > LONGEST:
            raise Invalid("shifts", "一个班次不能超过24小时，请分成多个班次。")
    known = [plan.id for plan in plans if plan.id is not None]
    if len(set(known)) != len(known):
        raise Invalid("shifts", "同一个班次出现了两次，请核对。")


def write(activity: Activity, plans: Sequence[ShiftPlan]) -> bool:
    """Bring the shifts to `plans`; return whether one that stays was moved in time.

    Raises Conflict where somebody holds a place that would go, or where a shift has begun.
    """
    check(plans)
    known = {shift.id: shift for shift in activity.shifts}
    if unknown := {plan.id for plan in plans if plan.id is not None} - known.keys():
        raise Invalid("shifts", f"有 {len(unknown)} 个班次不属于本活动，请刷新后重试。")
    kept = [(known[plan.id], plan) for plan in plans if plan.id is not None]
    gone = [shift for shift in activity.shifts if shift not in [pair[0] for pair in kept]]
    for shift in gone:
        _check_gone(activity, shift)
    for shift, plan in kept:
        _check_kept(activity, shift, plan)
    moved = [_moves(shift, plan) for shift, plan in kept]
    for shift, plan in kept:
        shift.starts_at, shift.ends_at = plan.starts_at, plan.ends_at
        shift.places = plan.places
    for shift in gone:
        activity.shifts.remove(shift)
    activity.shifts.extend(_new(plan) for plan in plans if plan.id is None)
    span(activity)
    return any(moved)


def _new(plan: ShiftPlan) -> ActivityShift:
    return ActivityShift(
        starts_at=plan.starts_at, ends_at=plan.ends_at, places=plan.places, signed_up=0
    )


def _check_gone(activity: Activity, shift: ActivityShift) -> None:
    _check_not_begun(activity, shift)
    if shift.signed_up or shift.waiting:
        raise guards.SHIFT_FREE.refusal()


def _check_kept(activity: Activity, shift: ActivityShift, plan: ShiftPlan) -> None:
    if _moves(shift, plan):
        _check_not_begun(activity, shift)
    if plan.places < shift.signed_up:
        raise guards.PLACES_KEPT.refusal(held=shift.signed_up)


def _moves(shift: ActivityShift, plan: ShiftPlan) -> bool:
    return (shift.starts_at, shift.ends_at) != (plan.starts_at, plan.ends_at)


def _check_not_begun(activity: Activity, shift: ActivityShift) -> None:
    if activity.published_at is not None and shift.has_begun:
        raise guards.SHIFT_TO_COME.refusal()


def span(activity: Activity) -> None:
    """Let the activity last from its first shift to its last."""
    activity.starts_at = min(shift.starts_at for shift in activity.shifts)
    activity.ends_at = max(shift.ends_at for shift in activity.shifts)


def drop_check_ins(session: Session, activity: Activity) -> None:
    """Let go of check-ins that could not be made for the shifts as they stand now: who was there
    at the old time says nothing of the new one. Callers hold the activity."""
    found = (
        sa.select(ActivitySignUp)
        .join(ActivitySignUp.shift)
        .options(contains_eager(ActivitySignUp.shift))
        .where(ActivitySignUp.activity_id == activity.id, ActivitySignUp.checked_in_at.is_not(None))
        .order_by(ActivitySignUp.id)
    )
    for row in session.scalars(found):
        if row.checked_in_at and not row.shift.takes_check_ins_at(row.checked_in_at):
            row.checked_in_at = row.checked_out_at = None
            audit.record(session, None, "sign_up.check_in_dropped", row)
