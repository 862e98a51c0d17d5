"""Service records of an activity: they follow the lines of its list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering import corrections, evidence, news, reminders, terms
from backend.community.volunteering.activities.models import (
    Activity,
    ActivityAttendance,
    AttendanceMark,
)
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import (
    RecordSource,
    ServiceRecord,
    ServiceRecordCorrection,
    ServiceRecordStatus,
)
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.core.own import is_own
from backend.ledger.rulepack import RulePack

S = ServiceRecordStatus
LIVE = (S.SUBMITTED, S.CONFIRMED, S.DISPUTED)
LIST_CORRECTED = "活动组织者更正了名单"


@dataclass(frozen=True)
class Written:
    """A line of the list as it now stands, and whether that is new."""

    line: ActivityAttendance
    changed: bool
    wished: bool


@dataclass(frozen=True)
class Step:
    """What became of a record."""

    record: ServiceRecord
    action: str
    before: ServiceRecordCorrection | None = None


def follow(
    session: Session, rules: RulePack, actor: Actor, activity: Activity, rows: Sequence[Written]
) -> None:
    """Bring the records after the lines, then the ledger after the records, members in order.

    Callers hold the members: what one logged for the same hours counts together with the list."""
    found = [_step(session, rules, actor, activity, row) for row in rows]
    steps = [step for step in found if step is not None]
    for member_id in sorted({step.record.member_id for step in steps}):
        evidence.follow(session, rules, member_id)
    for step in steps:
        _tell(session, step)


def _step(
    session: Session, rules: RulePack, actor: Actor, activity: Activity, row: Written
) -> Step | None:
    record = row.line.record
    live = record if record is not None and record.status in LIVE else None
    present = row.line.mark is AttendanceMark.PRESENT
    if live is None:
        return _begin(session, rules, actor, activity, row) if present and row.changed else None
    if not present:
        return _take_back(session, actor, live) if row.changed else None
    if row.changed:
        return _correct(session, actor, row.line, live)
    return _confirm(session, actor, live) if live.status is S.SUBMITTED else None


def _begin(
    session: Session, rules: RulePack, actor: Actor, activity: Activity, row: Written
) -> Step:
    own = is_own(row.line.member_id, actor.member_id)
    record = ServiceRecord(
        member_id=row.line.member_id,
        community_id=activity.community_id,
        activity_id=activity.id,
        shift_id=row.line.shift_id,
        category=activity.category,
        content=activity.title,
        source=RecordSource.ORGANISER,
        status=S.SUBMITTED if own else S.CONFIRMED,
        is_volunteer_service=activity.is_volunteer_service and row.wished,
        late_reason=row.line.late_reason,
    )
    if not own:
        record.decided_by, record.decided_at = actor.account_id, clock.now()
    _describe(record, row.line)
    terms.stamp(record, rules)
    session.add(record)
    row.line.record = record
    if own:
        session.flush()
        reminders.plan(session, record)
    audit.record(session, actor, f"service_record.{record.status}", record)
    return Step(record, record.status)


def _describe(record: ServiceRecord, line: ActivityAttendance) -> None:
    if line.started_at is None or line.ended_at is None or line.minutes is None:
        raise ValueError("who was away has no times")  # the caller asked for a presence
    length = int((line.ended_at - line.started_at).total_seconds() // 60)
    record.started_at, record.ended_at = line.started_at, line.ended_at
    record.duration_min, record.break_min = line.minutes, length - line.minutes


def _correct(
    session: Session, actor: Actor, line: ActivityAttendance, record: ServiceRecord
) -> Step:
    """Write the new times over the old ones, which are kept; that settles a dispute, too."""
    waiting = record.status is S.SUBMITTED
    if not waiting and is_own(record.member_id, actor.member_id):
        raise Conflict("not_your_own_presence", "本人的出勤已由他人确认，请由其他经办人更正。")
    before = corrections.keep(session, record, actor, LIST_CORRECTED)
    _describe(record, line)
    audit.record(session, actor, "service_record.corrected", record, correction=before.id)
    if waiting:
        return _confirm(session, actor, record) or Step(record, "corrected")
    _decide(session, actor, record, "correct")
    record.void_reason = None
    record.answer = LIST_CORRECTED
    taken = FLOW.taken(session, record, actor)
    taken.check("answer", LIST_CORRECTED)
    return Step(record, "corrected", before=before)


def _confirm(session: Session, actor: Actor, record: ServiceRecord) -> Step | None:
    """Another organiser who writes the same line confirms it."""
    if is_own(record.member_id, actor.member_id):
        return None
    _decide(session, actor, record, "confirm")
    audit.record(session, actor, "service_record.confirmed", record)
    return Step(record, "confirmed")


def _decide(session: Session, actor: Actor, record: ServiceRecord, event: str) -> None:
    """Take a step of the record's flow for many at once: the ledger follows them together, and
    people hear of them when all are written."""
    record.status = FLOW.machine.after(record.status, event)
    record.decided_by, record.decided_at = actor.account_id, clock.now()
    reminders.drop(session, record)
    session.flush()


def _take_back(session: Session, actor: Actor, record: ServiceRecord) -> Step:
    """A line that no longer says present: the record stays, and counts no more."""
    waiting = record.status is S.SUBMITTED
    if waiting:
        record.status = FLOW.machine.after(record.status, "withdraw")
        reminders.drop(session, record)
    else:
        _decide(session, actor, record, "void")
        record.void_reason = "活动名单已更正，您未登记为到场"
    audit.record(session, actor, f"service_record.{record.status}", record)
    return Step(record, record.status)


def _tell(session: Session, step: Step) -> None:
    if step.action == S.SUBMITTED:
        news.tell_deciders(session, step.record)
    elif step.before is not None:
        news.tell_corrected(session, step.record, step.before)
    elif step.action in (S.CONFIRMED, S.VOIDED):
        news.tell_member(session, step.record)
