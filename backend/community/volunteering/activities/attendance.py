"""The organiser's list, which is the record. Callers own the transaction.

Writing it again changes nothing; a corrected line brings its service record after it. Nobody
confirms the own presence: it waits for a deputy or the street.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering import kinds, overlaps
from backend.community.volunteering.activities import (
    guards,
    policy,
    queries,
    records,
    roll,
    service,
    unit_duty,
)
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.activities.roll import Entry, Line
from backend.community.volunteering.activities.states import ACTIVITY
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Forbidden, Invalid
from backend.ledger.rulepack import Counting, RulePack
from backend.people.members import look_ups
from backend.support.text_checks import service as text_checks


def write_list(
    session: Session,
    rules: RulePack,
    keys: Crypto,
    *,
    actor: Actor,
    activity_id: int,
    lines: Sequence[Line],
    late_reason: str | None = None,
) -> Activity:
    """Write lines over what stands; whoever is not named keeps their line."""
    activity = service.locked(session, actor, activity_id)
    late = _check_writer(rules.counting, actor, activity, late_reason)
    after = ACTIVITY.after(activity.status, "write_list")
    lines = roll.look_up(session, keys, actor, lines)
    with look_ups.kept(session):
        activity.status = after
        entries = roll.read(session, activity, lines, _known(session, activity))
        overlaps.hold(session, [member_id for _, member_id in entries])
        rows = _rows(session, actor, activity, entries, late_reason if late else None)
        records.follow(session, rules, actor, activity, rows)
        unit_duty.follow(session, rules, activity)
        audit.record(session, actor, "activity.list_written", activity, lines=len(lines), late=late)
        if late:
            _check_reason(session, actor, activity, late_reason)
    return activity


def _check_writer(
    counting: Counting, actor: Actor, activity: Activity, late_reason: str | None
) -> bool:
    """Return whether the entry is late, which is the street's to make, with a reason."""
    organises = policy.may_organise(actor, activity.community_id)
    street = policy.may_enter_late(actor, activity.community)
    late = clock.today() > last_day(counting, activity)
    if not (organises or (street and late)):
        raise Forbidden("not_the_organiser", "活动名单由活动所在社区的书记登记。")
    if late and not street:
        raise guards.IN_TIME.refusal(days=counting.attendance_late_working_days)
    if late and not late_reason:
        raise Invalid("late_reason", "请说明为什么现在才补录。")
    return late


def last_day(counting: Counting, activity: Activity) -> date:
    """Return the last day on which the organiser may write the list."""
    over = clock.local_date(activity.ends_at)
    return clock.add_working_days(over, counting.attendance_late_working_days)


def _check_reason(
    session: Session, actor: Actor, activity: Activity, late_reason: str | None
) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.ACTIVITY_TEXTS,
        subject=activity.as_subject,
        part="late_reason",
        area_id=activity.community_id,
        texts=[late_reason],
    )


def _rows(
    session: Session,
    actor: Actor,
    activity: Activity,
    entries: dict[tuple[int, int], Entry],
    late_reason: str | None,
) -> list[records.Written]:
    """Write the lines; say of each whether it is new or was changed."""
    known = _known(session, activity)
    wishes = _wishes(session, activity)
    written = []
    for key, entry in entries.items():
        row = known.get(key) or ActivityAttendance(
            activity_id=activity.id, shift_id=key[0], member_id=key[1]
        )
        changed = _describe(row, entry)
        if changed:
            row.written_by, row.late_reason = actor.account_id, late_reason
            session.add(row)
        written.append(records.Written(row, changed, key in wishes))
    return written


def _known(session: Session, activity: Activity) -> dict[tuple[int, int], ActivityAttendance]:
    """Return the lines as they stand; read anew, with their records as they are by now."""
    found = queries.attendance(activity.id).execution_options(populate_existing=True)
    return {(row.shift_id, row.member_id): row for row in session.scalars(found)}


_FACTS = ("mark", "started_at", "ended_at", "minutes", "stand_in_for_id")


def _describe(row: ActivityAttendance, entry: Entry) -> bool:
    before = [getattr(row, name) for name in _FACTS]
    for name in _FACTS:
        setattr(row, name, getattr(entry, name))
    return before != [getattr(row, name) for name in _FACTS]


def _wishes(session: Session, activity: Activity) -> set[tuple[int, int]]:
    """Return who wished to have it kept as registered volunteer service, by shift and member."""
    wished = sa.select(ActivitySignUp.shift_id, ActivitySignUp.member_id).where(
        ActivitySignUp.activity_id == activity.id,
        ActivitySignUp.status != SignUpStatus.WITHDRAWN,
        ActivitySignUp.is_volunteer_service,
    )
    return {(shift_id, member_id) for shift_id, member_id in session.execute(wished)}
