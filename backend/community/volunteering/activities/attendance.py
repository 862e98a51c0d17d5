"""The organiser's list, which is the record. Callers own the transaction.

Writing it again changes nothing; a corrected line brings its service record after it. Nobody
confirms the own presence: it waits for a deputy or the street.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering import overlaps
from backend.community.volunteering.activities import (
    evidence,
    guards,
    policy,
    queries,
    records,
    roll,
)
from backend.community.volunteering.activities.flow import FLOW
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    ActivitySignUp,
    SignUpStatus,
)
from backend.community.volunteering.activities.roll import Entry, Line
from backend.core import clock
from backend.core.actor import Actor
from backend.core.crypto import Crypto
from backend.core.errors import Invalid
from backend.ledger.rulepack import Counting, RulePack
from backend.people.members import look_ups


@dataclass(frozen=True)
class Listing:
    """Lines of the list, and for the street why they come after the time for it."""

    lines: Sequence[Line]
    late_reason: str | None = None


def write_list(
    session: Session,
    rules: RulePack,
    keys: Crypto,
    *,
    actor: Actor,
    activity_id: int,
    said: Listing,
) -> Activity:
    """Write lines over what stands; whoever is not named keeps their line."""
    taken = FLOW.held(session, actor, activity_id, policy.WRITES_LIST)
    activity = taken.row
    late = _check_time(rules.counting, activity, said.late_reason)
    after = FLOW.machine.after(activity.current_status, "write_list")
    lines = roll.look_up(session, keys, actor, said.lines)
    with look_ups.kept(session):
        activity.status = after
        entries = roll.read(session, activity, lines, _known(session, activity))
        overlaps.hold(session, [member_id for _, member_id in entries])
        rows = _rows(session, actor, activity, entries, said.late_reason if late else None)
        records.follow(session, rules, actor, activity, rows)
        evidence.follow(session, rules, activity)
        audit.record(session, actor, "activity.list_written", activity, lines=len(lines), late=late)
        if late:
            taken.check("late_reason", said.late_reason)
    return FLOW.find(session, actor, activity_id)


def _check_time(counting: Counting, activity: Activity, late_reason: str | None) -> bool:
    """Return whether the entry is late, which is the street's to make, with a reason."""
    late = clock.today() > last_day(counting, activity)
    if not late and not policy.ORGANISER.stands(activity):
        raise policy.WRITES_LIST.refusal()
    if late and not policy.STREET.stands(activity):
        raise guards.IN_TIME.refusal(days=counting.attendance_late_working_days)
    if late and not late_reason:
        raise Invalid("late_reason", "请说明为什么现在才补录。")
    return late


def last_day(counting: Counting, activity: Activity) -> date:
    """Return the last day on which the organiser may write the list."""
    over = clock.local_date(activity.ends_at)
    return clock.add_working_days(over, counting.attendance_late_working_days)


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
