"""What an organiser writes of an activity: first, and when it is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering.activities import (
    guards,
    news,
    places,
    queries,
    reminders,
    shifts,
)
from backend.community.volunteering.activities.models import Activity, ActivityShift
from backend.community.volunteering.activities.shifts import ShiftPlan
from backend.community.volunteering.models import ServiceCategory
from backend.core import references
from backend.core.risk import RiskClass
from backend.core.states import Guard
from backend.flows.steps import Changes, Taken
from backend.registers import queries as registers

UnitsOf = Callable[[int], sa.Select[int]]
# Who was asked to an activity and has not answered.
InvitedTo = Callable[[int], sa.Select[int]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an organiser writes of an activity and its shifts."""

    community_code: str
    title: str
    category: ServiceCategory
    content: str
    place: str
    shifts: Sequence[ShiftPlan]
    risk: RiskClass = RiskClass.LOW
    insurance_note: str = ""
    age_note: str = ""
    notice_hours: int = 24
    is_volunteer_service: bool = False
    unit_id: int | None = None


# What is read by all and therefore checked.
TEXTS = ("title", "content", "place", "insurance_note", "age_note")


@dataclass(frozen=True)
class Amendment:
    """What is changed; the rest stays, and shifts that are not among those named go. `invited` is
    told of a move, too."""

    changes: Changes
    registered_units: UnitsOf | None = None
    invited: InvitedTo | None = None


def rewrite(taken: Taken[Activity]) -> None:
    """Write what is given. Who signed up is told when time or place moved; a place more goes to
    whoever waits."""
    session, row, said = taken.session, taken.row, taken.said
    _check(taken)
    written = {name: value for name, value in said.changes.items() if name != "shifts"}
    moved = written.get("place", row.place) != row.place
    if "shifts" in said.changes:
        _lock_shifts(session, row)
        moved |= set_shifts(session, row, said.changes["shifts"])
    for name, value in written.items():
        setattr(row, name, value)
    session.flush()
    audit.record(session, taken.actor, "activity.amended", row, fields=sorted(written), moved=moved)
    if written.keys() & set(TEXTS):
        check_texts(taken)
    if row.published_at is not None:
        _follow(taken, moved=moved)


def _check(taken: Taken[Activity]) -> None:
    row, changes = taken.row, taken.said.changes
    unit_id = changes.get("unit_id", row.unit_id)
    if unit_id != row.unit_id:
        check_unit(taken.session, row.community_id, unit_id, taken.said.registered_units)
        check_nobody_came(guards.UNIT_STANDS, taken)
    risk = changes.get("risk", row.risk)
    note = changes.get("insurance_note", row.insurance_note)
    if row.published_at is not None and not _covers(risk, note):
        raise guards.INSURED.refusal()


def _covers(risk: RiskClass, insurance_note: str) -> bool:
    return risk is RiskClass.LOW or bool(insurance_note)


def is_insured(row: Activity) -> bool:
    return _covers(row.risk, row.insurance_note)


def check_unit(
    session: Session, community_id: int, unit_id: int | None, registered: UnitsOf | None
) -> None:
    """Let an activity name only a unit its community has to do with. Raises Invalid."""
    known = registers.units_near(community_id)
    both = known if registered is None else sa.union(known, registered(community_id))
    references.check(
        session, unit_id, both, field="unit_id",
        message="没有找到该单位，请选择在本社区、已向本社区报到或参加本社区联席会议的单位。",
    )  # fmt: skip


def check_nobody_came(guard: Guard, taken: Taken[Activity]) -> None:
    """Ask again now that the activity is locked: whoever is on the list as present was there, and
    so was whoever has checked in."""
    if taken.session.scalar(sa.select(queries.somebody_came(taken.row.id))):
        raise guard.refusal()


def set_shifts(session: Session, activity: Activity, plans: Sequence[ShiftPlan]) -> bool:
    """Write the shifts; return whether one was moved."""
    moved = shifts.write(activity, plans)
    if moved:
        shifts.drop_check_ins(session, activity)
    return moved


def _lock_shifts(session: Session, activity: Activity) -> None:
    """Lock the rows whose places are about to be counted, in order."""
    session.execute(
        sa.select(ActivityShift.id)
        .where(ActivityShift.activity_id == activity.id)
        .order_by(ActivityShift.id)
        .with_for_update()
    )


def check_texts(taken: Taken[Activity]) -> None:
    taken.check("plan", *(getattr(taken.row, name) for name in TEXTS))


def _follow(taken: Taken[Activity], *, moved: bool) -> None:
    """Bring after a change of something published whoever it concerns."""
    session, row, invited = taken.session, taken.row, taken.said.invited
    row.status = row.current_status
    for shift in row.shifts:
        places.move_up(session, shift)
    places.restate(row)
    reminders.plan(session, row)
    if moved:
        row.changes += 1
        session.flush()
        news.tell_changed(session, row)
        if invited is not None:
            news.tell_invited_of_change(session, row, invited(row.id))
