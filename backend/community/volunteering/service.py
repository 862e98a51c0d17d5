"""志愿服务: log a service one gave. What else may happen stands in `flow`. Callers own the
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.community.volunteering import kinds, news, overlaps, reminders, terms
from backend.community.volunteering.facts import Facts, describe
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import (
    RecordSource,
    ServiceRecord,
    ServiceRecordStatus,
)
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.ledger.rulepack import RulePack
from backend.people.areas import service as areas
from backend.support.attachments import carried as attachments

confirm = FLOW.step("confirm", "record_id")
send_back = FLOW.step("return", "record_id")
withdraw = FLOW.step("withdraw", "record_id")
resubmit = FLOW.step("resubmit", "record_id")
correct = FLOW.step("correct", "record_id")
void = FLOW.step("void", "record_id")
dispute = FLOW.step("dispute", "record_id")
drop_dispute = FLOW.step("drop_dispute", "record_id")
uphold = FLOW.step("uphold", "record_id")


@dataclass(frozen=True, kw_only=True)
class Logging:
    """What somebody did where, and whether it is Party service, registered volunteer service, or
    both."""

    facts: Facts
    community_code: str
    is_party_service: bool = True
    is_volunteer_service: bool = False
    attachment_ids: Sequence[int] = ()


def submit(session: Session, rules: RulePack, *, actor: Actor, said: Logging) -> ServiceRecord:
    """Log a service the actor gave; it counts once the community has confirmed it."""
    record = ServiceRecord(
        member_id=actor.as_member(),
        community_id=areas.community(session, said.community_code).id,
        source=RecordSource.SELF_LOGGED,
        status=ServiceRecordStatus.SUBMITTED,
    )
    _choose(record, said)
    describe(record, said.facts)
    overlaps.hold(session, [record.member_id])
    overlaps.refuse_own(session, record)
    terms.stamp(record, rules)
    taken = FLOW.begin(session, actor, record, "submitted")
    reminders.plan(session, record)
    taken.check("content", said.facts.content)
    attachments.attach(
        session,
        actor=actor,
        ids=said.attachment_ids,
        kind=kinds.RECORD_FILES,
        subject=record.as_subject,
        area_id=record.community_id,
    )
    news.tell_deciders(session, record)
    FLOW.fill(session, actor, [record])
    return record


def _choose(record: ServiceRecord, said: Logging) -> None:
    """One service is Party service, registered volunteer service, or both (spec, finding 2)."""
    if not said.is_party_service and not said.is_volunteer_service:
        raise Invalid("is_party_service", "请至少选择一项：计入党员服务，或登记为志愿服务。")
    record.is_party_service = said.is_party_service
    record.is_volunteer_service = said.is_volunteer_service
