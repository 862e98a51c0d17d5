"""A member contests a record, the community corrects it or stands by it. Callers own the
transaction. The error is the organisation's to mend, and the old value is kept (spec 4.1)."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering import news, overlaps, postings, queries, service
from backend.community.volunteering.models import (
    ServiceRecord,
    ServiceRecordCorrection,
    ServiceRecordStatus,
)
from backend.community.volunteering.service import Facts
from backend.community.volunteering.states import SERVICE_RECORD
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack

S = ServiceRecordStatus


def dispute(session: Session, *, actor: Actor, record_id: int, reason: str) -> ServiceRecord:
    """Contest a confirmed or voided record of one's own; until it is decided, what counted counts
    on. Disputing twice is the same as once."""
    record = service.own(session, actor, record_id)
    if record.status is S.DISPUTED:
        return record
    _refuse_replaced(session, record)
    record.status = SERVICE_RECORD.after(record.status, "dispute")
    record.dispute_reason, record.answer = reason, None
    audit.record(session, actor, "service_record.disputed", record)
    service.check(session, actor, record, "dispute_reason", reason)
    news.tell_of_dispute(session, record)
    return record


def _refuse_replaced(session: Session, record: ServiceRecord) -> None:
    """What an organiser took off the list and wrote anew is contested where it stands now."""
    anew = queries.of_member(record.member_id).where(
        ServiceRecord.shift_id == record.shift_id,
        ServiceRecord.id != record.id,
        ServiceRecord.status.not_in([S.WITHDRAWN, S.VOIDED]),
    )
    if record.shift_id is not None and session.scalars(anew).first() is not None:
        raise Conflict("recorded_anew", "这次服务已重新登记，请对新的记录提出异议。")


def drop_dispute(session: Session, *, actor: Actor, record_id: int) -> ServiceRecord:
    """Take a dispute back: the record stands, or stays voided, as it was."""
    record = service.own(session, actor, record_id)
    record.status = SERVICE_RECORD.after(record.status, _back(record, "drop_dispute"))
    audit.record(session, actor, "service_record.dispute_dropped", record)
    return record


def uphold(session: Session, *, actor: Actor, record_id: int, reason: str) -> ServiceRecord:
    """Stand by a disputed record, confirmed or voided as it was, and say why."""
    record = service.decidable(session, actor, record_id)
    if record.decided_by == actor.account_id and record.answer == reason:
        return record
    service.decide(session, actor, record, _back(record, "uphold"))
    answer(session, actor, record, reason)
    audit.record(session, actor, "service_record.upheld", record)
    news.tell_upheld(session, record)
    return record


def correct(
    session: Session, rules: RulePack, *, actor: Actor, record_id: int, facts: Facts, reason: str
) -> ServiceRecord:
    """Write what was so; the old value is kept, the ledger takes the old posting back and posts
    the new one. A voided record that was contested stands again."""
    record = service.decidable(session, actor, record_id)
    if record.void_reason is None and _says(record) == facts.over(record):
        return _unchanged(record, reason)
    before = keep(session, record, actor, reason)
    known = overlaps.known(session, record) if record.stands else frozenset()
    service.describe(record, facts)
    overlaps.refuse_standing(session, record, beside=known)
    service.decide(session, actor, record, "correct")
    record.void_reason = None
    postings.follow(session, rules, record.member_id)
    audit.record(session, actor, "service_record.corrected", record, correction=before.id)
    service.check(session, actor, record, "content", facts.content)
    answer(session, actor, record, reason)
    news.tell_corrected(session, record, before)
    return record


def _unchanged(record: ServiceRecord, reason: str) -> ServiceRecord:
    """The same correction twice is one; one that corrects nothing is a slip. Raises Conflict."""
    if record.answer != reason:
        raise Conflict(
            "nothing_corrected", "更正后的内容与原记录相同；如原记录无误，请选择“维持原记录”。"
        )
    return record


def _back(record: ServiceRecord, event: str) -> str:
    """Where a dispute leads that changes nothing: what was voided stays so."""
    disputed = record.status is S.DISPUTED
    return "void" if disputed and record.void_reason is not None else event


def answer(session: Session, actor: Actor, record: ServiceRecord, reason: str) -> None:
    """Write what the community says to the member about a record."""
    record.answer = reason
    service.check(session, actor, record, "answer", reason)


def _says(record: ServiceRecord) -> Facts:
    return Facts(**{name: getattr(record, name) for name in Facts.__dataclass_fields__})


def keep(
    session: Session, record: ServiceRecord, actor: Actor, reason: str
) -> ServiceRecordCorrection:
    """Keep what a record says, before something else is written in its place."""
    before = ServiceRecordCorrection(
        record_id=record.id,
        duration_min=record.duration_min,
        void_reason=record.void_reason,
        reason=reason,
        corrected_by=actor.account_id,
        **_says(record).__dict__,
    )
    session.add(before)
    session.flush()
    return before
