"""志愿服务: log, correct, withdraw; confirm, return, void. Callers own the transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.areas import service as areas
from backend.attachments import carried as attachments
from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Forbidden, Invalid, NotFound
from backend.duties import service as ledger
from backend.duties.models import SubjectKind
from backend.duties.rulepack import Counting, RulePack
from backend.duties.service import Entry, Source
from backend.duties.subjects import Subject
from backend.text_checks import service as text_checks
from backend.volunteering import news, policy, queries
from backend.volunteering.models import (
    RecordSource,
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.volunteering.states import SERVICE_RECORD

KIND = "volunteer_service"
LONGEST = timedelta(hours=24)


def submit(
    session: Session,
    *,
    actor: Actor,
    community_code: str,
    category: ServiceCategory,
    content: str,
    started_at: datetime,
    ended_at: datetime,
    break_min: int,
    is_volunteer_service: bool,
    attachment_ids: Sequence[int] = (),
) -> ServiceRecord:
    """Log a service the actor gave; it counts once the community has confirmed it."""
    record = ServiceRecord(
        member_id=actor.as_member(),
        community_id=areas.community(session, community_code).id,
        source=RecordSource.SELF_LOGGED,
        status=ServiceRecordStatus.SUBMITTED,
        is_volunteer_service=is_volunteer_service,
    )
    _describe(record, category, content, started_at, ended_at, break_min)
    session.add(record)
    audit.record(session, actor, "service_record.submitted", record)
    _check(session, actor, record, "content", content)
    attachments.attach(
        session,
        actor=actor,
        ids=attachment_ids,
        subject=record.as_subject,
        area_id=record.community_id,
    )
    news.tell_secretaries(session, record)
    return record


def resubmit(
    session: Session,
    *,
    actor: Actor,
    record_id: int,
    category: ServiceCategory,
    content: str,
    started_at: datetime,
    ended_at: datetime,
    break_min: int,
    attachment_ids: Sequence[int] | None = None,
) -> ServiceRecord:
    """Send a returned record again, corrected."""
    record = _own(session, actor, record_id)
    record.status = SERVICE_RECORD.after(record.status, "resubmit")
    _describe(record, category, content, started_at, ended_at, break_min)
    audit.record(session, actor, "service_record.resubmitted", record)
    _check(session, actor, record, "content", content)
    attachments.replace(
        session,
        actor=actor,
        ids=attachment_ids,
        subject=record.as_subject,
        area_id=record.community_id,
    )
    news.tell_secretaries(session, record)
    return record


def _describe(
    record: ServiceRecord,
    category: ServiceCategory,
    content: str,
    started_at: datetime,
    ended_at: datetime,
    break_min: int,
) -> None:
    """Write the facts; the minutes are computed here and nowhere else. Raises Invalid."""
    now = clock.now()
    if ended_at <= started_at:
        raise Invalid("ended_at", "结束时间必须晚于开始时间。")
    if ended_at > now:
        raise Invalid("ended_at", "服务结束后才能登记。")
    if ended_at - started_at > LONGEST:
        raise Invalid("ended_at", "一次服务不能超过24小时，请分次登记。")
    minutes = int((ended_at - started_at).total_seconds() // 60) - break_min
    if minutes <= 0:
        raise Invalid("break_min", "休息时间必须短于服务时间。")
    record.category, record.content = category, content
    record.started_at, record.ended_at = started_at, ended_at
    record.break_min, record.duration_min = break_min, minutes
    record.submitted_at = now


def withdraw(session: Session, *, actor: Actor, record_id: int) -> ServiceRecord:
    """Take back what has not been confirmed; withdrawing twice is the same as once."""
    record = _own(session, actor, record_id)
    if record.status is ServiceRecordStatus.WITHDRAWN:
        return record
    record.status = SERVICE_RECORD.after(record.status, "withdraw")
    audit.record(session, actor, "service_record.withdrawn", record)
    return record


def confirm(session: Session, rules: RulePack, *, actor: Actor, record_id: int) -> ServiceRecord:
    """Confirm: posts to the ledger of the member, when it was long enough to count."""
    record = _decidable(session, actor, record_id)
    if _decided_alike(record, actor, ServiceRecordStatus.CONFIRMED):
        return record
    _decide(session, actor, record, "confirm")
    if counts(record, rules.counting):
        ledger.post(session, rules, entry_of(record))
    audit.record(session, actor, "service_record.confirmed", record)
    news.tell_member(session, record)
    return record


def send_back(session: Session, *, actor: Actor, record_id: int, reason: str) -> ServiceRecord:
    """Return for correction; the member may send it again."""
    record = _decidable(session, actor, record_id)
    if _decided_alike(record, actor, ServiceRecordStatus.RETURNED):
        return record
    _decide(session, actor, record, "return")
    record.return_reason = reason
    audit.record(session, actor, "service_record.returned", record)
    _check(session, actor, record, "return_reason", reason)
    news.tell_member(session, record)
    return record


def void(
    session: Session, rules: RulePack, *, actor: Actor, record_id: int, reason: str
) -> ServiceRecord:
    """Void a confirmed record: the posting is reversed, the row stays."""
    record = _decidable(session, actor, record_id)
    if _decided_alike(record, actor, ServiceRecordStatus.VOIDED):
        return record
    _decide(session, actor, record, "void")
    record.void_reason = reason
    ledger.reverse(session, rules, source_of(record))
    audit.record(session, actor, "service_record.voided", record)
    _check(session, actor, record, "void_reason", reason)
    news.tell_member(session, record)
    return record


def _check(session: Session, actor: Actor, record: ServiceRecord, part: str, text: str) -> None:
    text_checks.submit(
        session,
        actor,
        subject=record.as_subject,
        part=part,
        area_id=record.community_id,
        texts=[text],
    )


def counts(record: ServiceRecord, counting: Counting) -> bool:
    """Whether a confirmed record is an occasion at all (spec 1.3)."""
    return record.duration_min >= counting.service_least_minutes


def entry_of(record: ServiceRecord) -> Entry:
    """Return what a confirmed record posts. What counts once: an activity on a day, however many
    shifts of it; without an activity one service of a kind, place and day."""
    day = clock.local_date(record.started_at)
    logged = f"self:{record.community_id}:{record.category}:{day}"
    return Entry(
        kind=KIND,
        subject=Subject(SubjectKind.MEMBER, record.member_id),
        source=source_of(record),
        occurred_on=day,
        recorded_on=clock.local_date(record.submitted_at),
        occasion=f"activity:{record.activity_id}:{day}" if record.activity_id else logged,
        amount=record.duration_min,
        area_id=record.community_id,
    )


def source_of(record: ServiceRecord) -> Source:
    return Source(ServiceRecord.__tablename__, record.id)


def _locked(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    """Return the record, locked, if it exists for the actor."""
    found = queries.shown().where(ServiceRecord.id == record_id, policy.visible(actor))
    record = session.scalars(found.with_for_update(of=ServiceRecord)).first()
    if record is None:
        raise NotFound("service_record_not_found", "没有找到这条服务记录。")
    return record


def _own(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    record = _locked(session, actor, record_id)
    if record.member_id != actor.member_id:
        raise Forbidden("not_yours", "只能办理本人的服务记录。")
    return record


def _decidable(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    record = _locked(session, actor, record_id)
    if not policy.may_decide(actor, record):
        raise Forbidden(
            "not_your_decision", "只有服务所在社区的书记可以办理，且不能办理本人的记录。"
        )
    return record


def _decided_alike(record: ServiceRecord, actor: Actor, status: ServiceRecordStatus) -> bool:
    """A second tap of the same person finds the work done."""
    return record.status is status and record.decided_by == actor.account_id


def _decide(session: Session, actor: Actor, record: ServiceRecord, event: str) -> None:
    record.status = SERVICE_RECORD.after(record.status, event)
    record.decided_by, record.decided_at = actor.account_id, clock.now()
    session.flush()
