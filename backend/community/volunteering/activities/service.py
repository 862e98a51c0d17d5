"""志愿服务活动: draw up, publish, change, call off. Callers own the transaction.

Lock order: the activity, then its shifts, then what hangs on them. Whoever counts places or writes
the list holds the activity.
"""

from collections.abc import Callable, Sequence
from typing import TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering import kinds
from backend.community.volunteering.activities import (
    guards,
    news,
    places,
    policy,
    queries,
    reminders,
    shifts,
)
from backend.community.volunteering.activities.models import (
    BEFORE_BEGIN,
    Activity,
    ActivityShift,
    ActivityStatus,
)
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.community.volunteering.activities.states import ACTIVITY
from backend.community.volunteering.models import ServiceCategory
from backend.core import clock, references
from backend.core.actor import Actor
from backend.core.errors import Forbidden, NotFound
from backend.core.risk import RiskClass
from backend.core.states import Guard
from backend.people.areas import service as areas
from backend.people.organizations import queries as organizations
from backend.support.text_checks import service as text_checks

UnitsOf = Callable[[int], sa.Select[int]]
# Who was asked to an activity and has not answered.
InvitedTo = Callable[[int], sa.Select[int]]


class Plan(TypedDict, total=False):
    """What an organiser writes of an activity besides its shifts."""

    title: str
    category: ServiceCategory
    content: str
    place: str
    risk: RiskClass
    insurance_note: str
    age_note: str
    notice_hours: int
    is_volunteer_service: bool
    unit_id: int | None


# What is read by all and therefore checked.
TEXTS = ("title", "content", "place", "insurance_note", "age_note")


def create(
    session: Session,
    *,
    actor: Actor,
    community_code: str,
    shifts: Sequence[ShiftPlan],
    registered_units: UnitsOf | None = None,
    **plan: Unpack[Plan],
) -> Activity:
    """Draw up an activity of the organiser's own community; a draft until it is published.

    `registered_units` selects the units registered with a community.
    """
    community = areas.community(session, community_code)
    if not policy.may_organise(actor, community.id):
        raise Forbidden("not_your_community", "只能发布本社区的活动。")
    activity = Activity(
        community_id=community.id,
        status=ActivityStatus.DRAFT,
        created_by=actor.account_id,
        changes=0,
        **plan,
    )
    _check_unit(session, activity.community_id, plan.get("unit_id"), registered_units)
    _set_shifts(session, activity, shifts)
    session.add(activity)
    audit.record(session, actor, "activity.drafted", activity)
    _check(session, actor, activity)
    return activity


def _set_shifts(session: Session, activity: Activity, plans: Sequence[ShiftPlan]) -> bool:
    moved = shifts.write(activity, plans)
    if moved:
        shifts.drop_check_ins(session, activity)
    return moved


def _check_unit(
    session: Session, community_id: int, unit_id: int | None, registered: UnitsOf | None
) -> None:
    """Let an activity name only a unit its community has to do with. Raises Invalid."""
    known = organizations.units_near(community_id)
    both = known if registered is None else sa.union(known, registered(community_id))
    references.check(
        session, unit_id, both, field="unit_id",
        message="没有找到该单位，请选择在本社区、已向本社区报到或参加本社区联席会议的单位。",
    )  # fmt: skip


def amend(
    session: Session,
    *,
    actor: Actor,
    activity_id: int,
    shifts: Sequence[ShiftPlan] | None = None,
    registered_units: UnitsOf | None = None,
    invited: InvitedTo | None = None,
    **plan: Unpack[Plan],
) -> Activity:
    """Change what is given. Who signed up or was `invited` is told when time or place moved; a
    place more goes to whoever waits."""
    activity = organised(session, actor, activity_id)
    activity.status = ACTIVITY.after(activity.status, "amend")
    unit_id = plan.get("unit_id", activity.unit_id)
    if unit_id != activity.unit_id:
        _check_unit(session, activity.community_id, unit_id, registered_units)
        _check_nobody_was_present(session, activity, guards.UNIT_STANDS)
    if activity.published_at is not None:
        _check_insured(
            plan.get("risk", activity.risk), plan.get("insurance_note", activity.insurance_note)
        )
    moved = "place" in plan and plan["place"] != activity.place
    if shifts is not None:
        _lock_shifts(session, activity)
        moved |= _set_shifts(session, activity, shifts)
    for name, value in plan.items():
        setattr(activity, name, value)
    session.flush()
    audit.record(session, actor, "activity.amended", activity, fields=sorted(plan), moved=moved)
    if plan.keys() & set(TEXTS):
        _check(session, actor, activity)
    if activity.published_at is not None:
        _follow(session, activity, invited, moved=moved)
    return activity


def _follow(
    session: Session, activity: Activity, invited: InvitedTo | None, *, moved: bool
) -> None:
    """Bring after a change of something published whoever it concerns."""
    turn(activity)
    for shift in activity.shifts:
        places.move_up(session, shift)
    places.restate(activity)
    reminders.plan(session, activity)
    if moved:
        activity.changes += 1
        session.flush()
        news.tell_changed(session, activity)
        if invited is not None:
            news.tell_invited_of_change(session, activity, invited(activity.id))


def publish(session: Session, *, actor: Actor, activity_id: int) -> Activity:
    """Let members sign up; publishing again is no change. Nobody is told unasked."""
    activity = organised(session, actor, activity_id)
    if activity.published_at is not None and activity.status is not ActivityStatus.CANCELLED:
        return activity
    status = ACTIVITY.after(activity.status, "publish")
    _check_insured(activity.risk, activity.insurance_note)
    activity.status, activity.published_at = status, clock.now()
    turn(activity)
    session.flush()
    reminders.plan(session, activity)
    audit.record(session, actor, "activity.published", activity)
    return activity


def _check_insured(risk: RiskClass, insurance_note: str) -> None:
    if risk is not RiskClass.LOW and not insurance_note:
        raise guards.INSURED.refusal()


def cancel(
    session: Session,
    *,
    actor: Actor,
    activity_id: int,
    reason: str,
    invited: InvitedTo | None = None,
) -> Activity:
    """Call an activity off and say why; cancelling again is no change."""
    activity = organised(session, actor, activity_id)
    if activity.status is ActivityStatus.CANCELLED and activity.cancelled_by == actor.account_id:
        return activity
    status = ACTIVITY.after(activity.status, "cancel")
    _check_nobody_was_present(session, activity, guards.NOBODY_CAME)
    activity.status, activity.cancel_reason = status, reason
    activity.cancelled_by, activity.cancelled_at = actor.account_id, clock.now()
    session.flush()
    reminders.drop(session, activity)
    audit.record(session, actor, "activity.cancelled", activity)
    _submit(session, actor, activity, "cancel_reason", reason)
    news.tell_cancelled(session, activity)
    if invited is not None:
        news.tell_invited_of_cancelling(session, activity, invited(activity.id))
    return activity


def _check_nobody_was_present(session: Session, activity: Activity, guard: Guard) -> None:
    """Whoever is on the list as present was there, and so was whoever has checked in."""
    if session.scalar(sa.select(queries.somebody_came(activity.id))):
        raise guard.refusal()


def _check(session: Session, actor: Actor, activity: Activity) -> None:
    _submit(session, actor, activity, "plan", *(getattr(activity, name) for name in TEXTS))


def _submit(session: Session, actor: Actor, activity: Activity, part: str, *texts: str) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.ACTIVITY_TEXTS,
        subject=activity.as_subject,
        part=part,
        area_id=activity.community_id,
        texts=texts,
    )


def turn(activity: Activity) -> None:
    """Let the clock begin and end a locked activity, as the job would."""
    now, status = clock.now(), activity.status
    if status in BEFORE_BEGIN and activity.starts_at <= now:
        status = ACTIVITY.after(status, "begin")
    if status is ActivityStatus.RUNNING and activity.ends_at <= now:
        status = ACTIVITY.after(status, "end")
    activity.status = status


def turn_due(session: Session) -> int:
    """Write the status of what has begun or ended; return how many. Twice does no harm."""
    due = session.scalars(queries.due_to_turn()).all()
    for activity in due:
        turn(activity)
    return len(due)


def get(session: Session, *, actor: Actor, activity_id: int) -> Activity:
    """Return an activity that exists for the actor, as it is now; raises NotFound."""
    return _found(session, actor, activity_id, queries.shown())


def locked(session: Session, actor: Actor, activity_id: int) -> Activity:
    """Return the activity with its row locked, its status brought to the clock."""
    activity = _found(session, actor, activity_id, queries.shown().with_for_update(of=Activity))
    turn(activity)
    return activity


def _found(
    session: Session, actor: Actor, activity_id: int, statement: sa.Select[Activity]
) -> Activity:
    found = statement.where(Activity.id == activity_id, policy.visible(actor))
    activity = session.scalars(found.execution_options(populate_existing=True)).first()
    if activity is None:
        raise NotFound("activity_not_found", "没有找到这个活动。")
    return activity


def organised(session: Session, actor: Actor, activity_id: int) -> Activity:
    """Return the activity, locked, if the actor organises it; raises Forbidden."""
    activity = locked(session, actor, activity_id)
    if not policy.may_organise(actor, activity.community_id):
        raise Forbidden("not_the_organiser", "只有活动所在社区的书记可以办理。")
    return activity


def _lock_shifts(session: Session, activity: Activity) -> None:
    """Lock the rows whose places are about to be counted, in order."""
    session.execute(
        sa.select(ActivityShift.id)
        .where(ActivityShift.activity_id == activity.id)
        .order_by(ActivityShift.id)
        .with_for_update()
    )
