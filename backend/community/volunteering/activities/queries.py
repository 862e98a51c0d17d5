"""Questions about activities, sign-ups and lists."""

from collections.abc import Collection
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload, with_expression

from backend.community.volunteering.activities.models import (
    BEFORE_BEGIN,
    BEFORE_END,
    Activity,
    ActivityAttendance,
    ActivityShift,
    ActivitySignUp,
    ActivityStatus,
    AttendanceMark,
    SignUpStatus,
)
from backend.core.db import NOW
from backend.support.text_checks import withheld

# Who holds a place or waits for one.
LIVE = ActivitySignUp.status != SignUpStatus.WITHDRAWN


@cache
def current_status() -> sa.ColumnElement[str]:
    """Select the status by the clock, whether or not the job has written it already."""
    over = sa.and_(Activity.status.in_(BEFORE_END), Activity.ends_at <= NOW)
    begun = sa.and_(Activity.status.in_(BEFORE_BEGIN), Activity.starts_at <= NOW)
    return sa.case(
        (over, ActivityStatus.FINISHED.value),
        (begun, ActivityStatus.RUNNING.value),
        else_=sa.cast(Activity.status, sa.Text),
    )


def due_to_turn() -> sa.Select[Activity]:
    """Select, locked, activities that have begun or ended since their status was written."""
    stale = current_status() != sa.cast(Activity.status, sa.Text)
    return (
        sa.select(Activity)
        .where(Activity.status.in_(BEFORE_END), stale)
        .order_by(Activity.id)
        .limit(200)
        .with_for_update(skip_locked=True)
    )


def waiting_in(shift_id: sa.SQLColumnExpression[int]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(ActivitySignUp.shift_id == shift_id, ActivitySignUp.status == SignUpStatus.WAITING)
        .correlate_except(ActivitySignUp)
        .scalar_subquery()
    )


@cache
def shown() -> sa.Select[Activity]:
    """Select activities with what every answer shows of them."""
    return sa.select(Activity).options(
        joinedload(Activity.community),
        joinedload(Activity.unit),
        selectinload(Activity.shifts).options(
            with_expression(ActivityShift.waiting, waiting_in(ActivityShift.id))
        ),
        with_expression(Activity.withheld, withheld.of(Activity.__tablename__, Activity.id)),
        with_expression(Activity.came, somebody_came(Activity.id)),
    )


_EARLIER = aliased(ActivitySignUp)


@cache
def sign_ups() -> sa.Select[ActivitySignUp]:
    """Select sign-ups with their place on the waiting list. Their shifts and activities are those
    the session holds already."""
    position = (
        sa.select(sa.func.count())
        .where(
            _EARLIER.shift_id == ActivitySignUp.shift_id,
            _EARLIER.status == SignUpStatus.WAITING,
            _EARLIER.id <= ActivitySignUp.id,
        )
        .correlate_except(_EARLIER)
        .scalar_subquery()
    )
    present = sa.exists().where(
        ActivityAttendance.shift_id == ActivitySignUp.shift_id,
        ActivityAttendance.member_id == ActivitySignUp.member_id,
        ActivityAttendance.mark == AttendanceMark.PRESENT,
    )
    waits = ActivitySignUp.status == SignUpStatus.WAITING
    return sa.select(ActivitySignUp).options(
        with_expression(ActivitySignUp.waiting_position, sa.case((waits, position))),
        with_expression(ActivitySignUp.present, present),
    )


def live_sign_ups(activity_id: int) -> sa.Select[ActivitySignUp]:
    """Select who holds a place or waits for one, in order."""
    return (
        sign_ups()
        .where(
            ActivitySignUp.activity_id == activity_id,
            LIVE,
        )
        .options(joinedload(ActivitySignUp.member))
        .order_by(ActivitySignUp.id)
    )


def clashing(
    member_id: int, shifts: Collection[ActivityShift], activity_id: int
) -> sa.Select[ActivitySignUp]:
    """Select the member's live sign-ups, of other activities, that overlap one of `shifts`."""
    overlaps = sa.or_(
        *(
            sa.and_(
                ActivityShift.starts_at < shift.ends_at, ActivityShift.ends_at > shift.starts_at
            )
            for shift in shifts
        )
    )
    return (
        sa.select(ActivitySignUp)
        .join(ActivitySignUp.shift)
        .join(ActivitySignUp.activity)
        .where(
            ActivitySignUp.member_id == member_id,
            LIVE,
            ActivitySignUp.activity_id != activity_id,
            Activity.status != ActivityStatus.CANCELLED,
            overlaps,
        )
    )


def members_signed_up(*conditions: sa.ColumnElement[bool]) -> sa.Select[int]:
    """Select the ids of the members who hold a place or wait for one."""
    return sa.select(ActivitySignUp.member_id).where(LIVE, *conditions)


def members_present(activity_id: sa.SQLColumnExpression[int] | int) -> sa.Select[int]:
    """Select the ids of the members whom the list says were present."""
    return sa.select(ActivityAttendance.member_id).where(
        ActivityAttendance.activity_id == activity_id,
        ActivityAttendance.mark == AttendanceMark.PRESENT,
    )


def somebody_came(activity_id: sa.SQLColumnExpression[int] | int) -> sa.ColumnElement[bool]:
    """Return whether anybody has checked in, or is on the list as present."""
    return sa.or_(
        members_present(activity_id).exists(),
        sa.exists().where(
            ActivitySignUp.activity_id == activity_id,
            LIVE,
            ActivitySignUp.checked_in_at.is_not(None),
        ),
    )


def attendance(activity_id: int) -> sa.Select[ActivityAttendance]:
    """Select the organiser's list with the names on it."""
    return (
        sa.select(ActivityAttendance)
        .where(ActivityAttendance.activity_id == activity_id)
        .options(
            joinedload(ActivityAttendance.member),
            joinedload(ActivityAttendance.stand_in_for),
            joinedload(ActivityAttendance.record),
        )
        .order_by(ActivityAttendance.id)
    )
