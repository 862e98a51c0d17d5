"""What may happen to a sign-up, which holds a place in a shift or waits for one (spec 4.1); and
what an activity's own steps do with the places of its shifts.

Callers hold the activity's lock; who checks in locks the sign-up alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
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
from backend.core.errors import Invalid
from backend.core.states import Guard
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


def fill(session: Session, actor: Actor, rows: Sequence[Activity]) -> None:
    """Give activities the actor's own sign-ups that live."""
    here = ActivitySignUp.activity_id.in_([row.id for row in rows])
    mine = own(session, actor, here, queries.LIVE)
    for row in rows:
        row.my_sign_ups = [one for one in mine if one.activity_id == row.id]


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


@dataclass(frozen=True)
class Wish:
    """The shifts somebody would come to; None: the one there is."""

    shift_ids: Collection[int] | None = None
    override_clash: bool = False
    is_volunteer_service: bool = False


def take(taken: Taken[Activity]) -> None:
    """Take a place in each shift, or wait for one where all are taken."""
    session, actor, row, said = taken.session, taken.actor, taken.row, taken.said
    if said.is_volunteer_service and not row.is_volunteer_service:
        raise Invalid("is_volunteer_service", "该活动不登记为志愿服务记录。")
    chosen = _chosen(row, said.shift_ids)
    mine = own(session, actor, ActivitySignUp.activity_id == row.id, queries.LIVE)
    if {shift.id for shift in chosen} & {one.shift_id for one in mine}:
        raise guards.ONCE.refusal()
    if not said.override_clash:
        _check_clash(taken, chosen, mine)
    for shift in chosen:
        _take_place(session, actor, shift, said.is_volunteer_service)
    restate(row)


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
    taken: Taken[Activity], chosen: Sequence[ActivityShift], mine: Sequence[ActivitySignUp]
) -> None:
    """Raise Conflict where a chosen shift overlaps another one of the member's own."""
    held = {row.shift_id for row in mine} | {shift.id for shift in chosen}
    here = [shift for shift in taken.row.shifts if shift.id in held]
    overlaps = any(
        one.starts_at < other.ends_at and other.starts_at < one.ends_at
        for one in chosen
        for other in here
        if one is not other
    )
    elsewhere = queries.clashing(taken.actor.as_member(), chosen, taken.row.id)
    if overlaps or taken.session.scalars(elsewhere).first():
        raise guards.NO_CLASH.refusal()


def _take_place(
    session: Session, actor: Actor, shift: ActivityShift, is_volunteer_service: bool
) -> None:
    lock(session, shift)
    free = shift.places_left > 0
    if not free and shift.has_begun:
        raise guards.WAITED_FOR.refusal()
    shift.signed_up += free
    row = ActivitySignUp(
        activity_id=shift.activity_id,
        shift_id=shift.id,
        member_id=actor.as_member(),
        status=S.SIGNED_UP if free else S.WAITING,
        is_volunteer_service=is_volunteer_service,
    )
    session.add(row)
    audit.record(session, actor, "sign_up.submitted", row, status=row.status)


@dataclass(frozen=True)
class Leaving:
    """The own sign-ups that are to be given back, as far as that is possible."""

    rows: Sequence[ActivitySignUp]


def give_back(taken: Taken[Activity]) -> None:
    """Give places back, each by its own step; whoever waits moves up at once."""
    for row in _let(_let(taken.said.rows, guards.STILL_RUNS), guards.NOT_HERE):
        SIGN_UP.turn(taken.session, row, "withdraw", actor=taken.actor)
        move_up(taken.session, row.shift)
    restate(taken.row)


def _let(rows: Sequence[ActivitySignUp], guard: Guard) -> Sequence[ActivitySignUp]:
    """Return those that may still be given back. Raises the refusal where there is none: a shift
    may be over, and where somebody came that would be forgotten with the sign-up."""
    left = [row for row in rows if guard.allows(row)]
    if not left:
        raise guard.refusal()
    return left
