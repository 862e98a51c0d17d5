"""志愿服务: log, correct, withdraw; confirm, return, void. Callers own the transaction.

What follows a confirmation (disputes, corrections) stands in `corrections.py`. Lock order: the
member, then the records, then the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.volunteering import (
    kinds,
    news,
    overlaps,
    policy,
    postings,
    queries,
    reminders,
)
from backend.community.volunteering.models import (
    RecordSource,
    ServiceCategory,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.community.volunteering.states import SERVICE_RECORD
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.support.attachments import carried as attachments
from backend.support.text_checks import service as text_checks

LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """What a record says was done; the minutes are computed, never given.

    `break_min` None: the break that the record has already stays.
    """

    category: ServiceCategory
    content: str
    started_at: datetime
    ended_at: datetime
    break_min: int | None

    def over(self, record: ServiceRecord) -> "Facts":
        """Return the facts as they are written over what a record says."""
        stays = record.break_min if self.break_min is None else self.break_min
        return replace(self, break_min=stays or 0)


def submit(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    community_code: str,
    facts: Facts,
    is_volunteer_service: bool,
    is_party_service: bool = True,
    attachment_ids: Sequence[int] = (),
) -> ServiceRecord:
    """Log a service the actor gave; it counts once the community has confirmed it."""
    record = ServiceRecord(
        member_id=actor.as_member(),
        community_id=areas.community(session, community_code).id,
        source=RecordSource.SELF_LOGGED,
        status=ServiceRecordStatus.SUBMITTED,
    )
    _choose(record, party=is_party_service, volunteer=is_volunteer_service)
    describe(record, facts)
    overlaps.hold(session, [record.member_id])
    overlaps.refuse_own(session, record)
    session.add(record)
    _begin_waiting(session, rules, record)
    audit.record(session, actor, "service_record.submitted", record)
    check(session, actor, record, "content", facts.content)
    attachments.attach(
        session,
        actor=actor,
        ids=attachment_ids,
        kind=kinds.RECORD_FILES,
        subject=record.as_subject,
        area_id=record.community_id,
    )
    news.tell_deciders(session, record)
    return record


def resubmit(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    record_id: int,
    facts: Facts,
    attachment_ids: Sequence[int] | None = None,
) -> ServiceRecord:
    """Send a returned record again, corrected."""
    record = own(session, actor, record_id)
    record.status = SERVICE_RECORD.after(record.status, "resubmit")
    describe(record, facts)
    overlaps.refuse_own(session, record)
    _begin_waiting(session, rules, record)
    audit.record(session, actor, "service_record.resubmitted", record)
    check(session, actor, record, "content", facts.content)
    attachments.replace(
        session,
        actor=actor,
        ids=attachment_ids,
        kind=kinds.RECORD_FILES,
        subject=record.as_subject,
        area_id=record.community_id,
    )
    news.tell_deciders(session, record)
    return record


def _choose(record: ServiceRecord, *, party: bool, volunteer: bool) -> None:
    """One service is Party service, registered volunteer service, or both (spec, finding 2)."""
    if not party and not volunteer:
        raise Invalid("is_party_service", "请至少选择一项：计入党员服务，或登记为志愿服务。")
    record.is_party_service, record.is_volunteer_service = party, volunteer


def describe(record: ServiceRecord, facts: Facts) -> None:
    """Write the facts; the minutes are computed here and nowhere else. Raises Invalid."""
    if facts.ended_at <= facts.started_at:
        raise Invalid("ended_at", "结束时间必须晚于开始时间。")
    if facts.ended_at > clock.now():
        raise Invalid("ended_at", "服务结束后才能登记。")
    if facts.ended_at - facts.started_at > LONGEST:
        raise Invalid("ended_at", "一次服务不能超过24小时，请分次登记。")
    facts = facts.over(record)
    length = int((facts.ended_at - facts.started_at).total_seconds() // 60)
    minutes = length - (facts.break_min or 0)
    if minutes <= 0:
        raise Invalid("break_min", "休息时间必须短于服务时间。")
    for name, value in facts.__dict__.items():
        setattr(record, name, value)
    record.duration_min = minutes


def _begin_waiting(session: Session, rules: RulePack, record: ServiceRecord) -> None:
    """Start the term in which it is confirmed; what comes after its period goes to the street."""
    stamp(record, rules)
    session.flush()
    reminders.plan(session, record)


def stamp(record: ServiceRecord, rules: RulePack) -> None:
    """Write when a record came in, and what follows from that."""
    record.submitted_at = clock.now()
    day = clock.today()
    record.confirm_due_on = clock.add_working_days(day, rules.counting.service_confirm_working_days)
    record.late = day > rules.period_closed_by(postings.KIND, clock.local_date(record.started_at))


def withdraw(session: Session, *, actor: Actor, record_id: int) -> ServiceRecord:
    """Take back what has not been confirmed; withdrawing twice is the same as once."""
    record = own(session, actor, record_id)
    if record.status is ServiceRecordStatus.WITHDRAWN:
        return record
    record.status = SERVICE_RECORD.after(record.status, "withdraw")
    reminders.drop(session, record)
    audit.record(session, actor, "service_record.withdrawn", record)
    return record


def confirm(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    record_id: int,
    late_reason: str | None = None,
) -> ServiceRecord:
    """Confirm: posts to the ledger of the member, when it counts. A late one needs a reason."""
    record = decidable(session, actor, record_id)
    if _decided_alike(record, actor, ServiceRecordStatus.CONFIRMED):
        return record
    overlaps.refuse_standing(session, record)
    decide(session, actor, record, "confirm")
    if record.late:
        explain_late(session, actor, record, late_reason)
    postings.follow(session, rules, record.member_id)
    audit.record(session, actor, "service_record.confirmed", record)
    news.tell_member(session, record)
    return record


def explain_late(session: Session, actor: Actor, record: ServiceRecord, reason: str | None) -> None:
    """Keep why something is counted after its period was over. Raises Invalid `late_reason`."""
    if not reason:
        raise Invalid("late_reason", "已超过补录期限，请写明补录原因。")
    record.late_reason = reason
    check(session, actor, record, "late_reason", reason)


def send_back(session: Session, *, actor: Actor, record_id: int, reason: str) -> ServiceRecord:
    """Return for correction; the member may send it again."""
    record = decidable(session, actor, record_id)
    if _decided_alike(record, actor, ServiceRecordStatus.RETURNED):
        return record
    decide(session, actor, record, "return")
    record.return_reason = reason
    audit.record(session, actor, "service_record.returned", record)
    check(session, actor, record, "return_reason", reason)
    news.tell_member(session, record)
    return record


def void(
    session: Session, rules: RulePack, *, actor: Actor, record_id: int, reason: str
) -> ServiceRecord:
    """Void a confirmed record: the posting is reversed, the row stays."""
    record = decidable(session, actor, record_id)
    if _decided_alike(record, actor, ServiceRecordStatus.VOIDED):
        return record
    decide(session, actor, record, "void")
    record.void_reason = reason
    postings.follow(session, rules, record.member_id)
    audit.record(session, actor, "service_record.voided", record)
    check(session, actor, record, "void_reason", reason)
    news.tell_member(session, record)
    return record


def check(session: Session, actor: Actor, record: ServiceRecord, part: str, text: str) -> None:
    text_checks.submit(
        session,
        actor,
        kind=kinds.RECORD_TEXTS,
        subject=record.as_subject,
        part=part,
        area_id=record.community_id,
        texts=[text],
    )


def get(session: Session, *, actor: Actor, record_id: int) -> ServiceRecord:
    """Return a record that exists for the actor, with its corrections. Raises NotFound."""
    found = queries.detailed().where(ServiceRecord.id == record_id, policy.visible(actor))
    record = session.scalars(found).first()
    if record is None:
        raise missing()
    return record


def missing() -> NotFound:
    return NotFound("service_record_not_found", "没有找到这条服务记录。")


def _locked(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    """Return the record, locked after its member, if it exists for the actor."""
    here = sa.and_(ServiceRecord.id == record_id, policy.visible(actor))
    member_id = session.scalar(sa.select(ServiceRecord.member_id).where(here))
    if member_id is None:
        raise missing()
    overlaps.hold(session, [member_id])
    found = queries.shown().where(here).with_for_update(of=ServiceRecord)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def own(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    record = _locked(session, actor, record_id)
    if not is_own(record.member_id, actor.member_id):
        raise Forbidden("not_yours", "只能办理本人的服务记录。")
    return record


def decidable(session: Session, actor: Actor, record_id: int) -> ServiceRecord:
    record = _locked(session, actor, record_id)
    refuse_others(actor, record)
    return record


def refuse_others(actor: Actor, record: ServiceRecord) -> None:
    """Raise what tells somebody who may not decide about a record whose decision it is."""
    if policy.may_decide(actor, record):
        return
    if record.late and policy.is_secretary(actor, record):
        raise Conflict("late_entry_closed", "已超过补录期限，请由街道核实后补录。")
    raise Forbidden("not_your_decision", "只有服务所在社区的书记可以办理，且不能办理本人的记录。")


def _decided_alike(record: ServiceRecord, actor: Actor, status: ServiceRecordStatus) -> bool:
    """A second tap of the same person finds the work done."""
    return record.status is status and record.decided_by == actor.account_id


def decide(session: Session, actor: Actor, record: ServiceRecord, event: str) -> None:
    record.status = SERVICE_RECORD.after(record.status, event)
    record.decided_by, record.decided_at = actor.account_id, clock.now()
    reminders.drop(session, record)
    session.flush()
