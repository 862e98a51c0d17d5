"""What may happen to a service record, who does it, and what follows (spec 4.1). The member is
locked before the records, and these before the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.community.volunteering import (
    corrections,
    evidence,
    kinds,
    news,
    overlaps,
    policy,
    queries,
    reminders,
    terms,
)
from backend.community.volunteering.corrections import Correcting
from backend.community.volunteering.facts import Facts, describe
from backend.community.volunteering.models import ServiceRecord
from backend.community.volunteering.models import ServiceRecordStatus as S
from backend.community.volunteering.policy import DECIDER, MEMBER, READER, SECRETARY
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import Reason, Step, Taken, never
from backend.support.attachments import carried
from backend.support.attachments import queries as attachments

# What an organiser took off the list and wrote anew is contested where it stands now.
STANDS_NOWHERE_ELSE = Guard(
    "recorded_anew",
    "not recorded anew",
    "这次服务已重新登记，请对新的记录提出异议。",
    lambda row: not row.recorded_anew,
)


@dataclass(frozen=True)
class Confirming:
    """A late record is confirmed with a reason."""

    late_reason: str | None = None


def _confirmed_alike(taken: Taken[ServiceRecord]) -> bool:
    row = taken.row
    if row.status is not S.CONFIRMED or row.decided_by != taken.actor.account_id:
        return False
    if row.late and row.late_reason != taken.said.late_reason:
        raise FLOW.done_otherwise()
    return True


def _refuse_overlap(taken: Taken[ServiceRecord]) -> None:
    overlaps.refuse_standing(taken.session, taken.row)


def _count(taken: Taken[ServiceRecord]) -> None:
    _wait_no_more(taken)
    terms.explain_late(taken, taken.said.late_reason)
    _follow(taken)


def _wait_no_more(taken: Taken[ServiceRecord]) -> None:
    reminders.drop(taken.session, taken.row)


def _follow(taken: Taken[ServiceRecord]) -> None:
    evidence.follow(taken.session, taken.rules, taken.row.member_id)


@dataclass(frozen=True)
class Sending:
    """What a member sends anew; None leaves the attachments that are there."""

    facts: Facts
    attachment_ids: Sequence[int] | None = None


def _send_again(taken: Taken[ServiceRecord]) -> None:
    session, row, facts = taken.session, taken.row, taken.said.facts
    describe(row, facts)
    overlaps.refuse_own(session, row)
    terms.stamp(row, taken.rules)
    session.flush()
    reminders.plan(session, row)
    taken.check("content", facts.content)
    carried.replace(
        session,
        actor=taken.actor,
        ids=taken.said.attachment_ids,
        kind=kinds.RECORD_FILES,
        subject=row.as_subject,
        area_id=row.community_id,
    )


def _ask_anew(taken: Taken[ServiceRecord]) -> None:
    """What was answered to an earlier dispute answers nothing now."""
    taken.row.answer = None


def _upheld_alike(taken: Taken[ServiceRecord]) -> bool:
    """The state does not tell: what was voided is voided again."""
    row = taken.row
    if row.status is S.DISPUTED or row.decided_by != taken.actor.account_id or not row.answer:
        return False
    if row.answer != taken.said.reason:
        raise FLOW.done_otherwise()
    return True


def _stay_voided(taken: Taken[ServiceRecord]) -> None:
    """Where nothing is changed by a dispute, what was voided before it is so again."""
    if taken.row.void_reason is not None:
        taken.row.status = S.VOIDED


FLOW: Flow[ServiceRecord] = Flow(
    "service_record",
    ServiceRecord,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这条服务记录。",
    texts=kinds.RECORD_TEXTS,
    area_id=lambda row: row.community_id,
    lock_first=lambda session, row: overlaps.hold(session, [row.member_id]),
    others=[SECRETARY, READER],
    fill=attachments.fill,
    steps=[
        Step("confirm", "confirmation",
             "Confirm a record, which counts it in the ledger.",
             {S.SUBMITTED: S.CONFIRMED}, DECIDER, "not one's own; no hour twice",
             says=Confirming, again=_confirmed_alike, first=_refuse_overlap, signs="decided",
             then=_count, past="confirmed", tells=news.tell_member, awaited=True),
        Step("return", "return",
             "Return a record for correction.",
             {S.SUBMITTED: S.RETURNED}, DECIDER, "with a reason",
             says=Reason, writes={"reason": "return_reason"}, signs="decided",
             then=_wait_no_more, past="returned", tells=news.tell_member),
        Step("withdraw", "withdrawal",
             "Take a record back before it is confirmed.",
             {S.SUBMITTED: S.WITHDRAWN, S.RETURNED: S.WITHDRAWN}, MEMBER,
             then=_wait_no_more, past="withdrawn"),
        Step("resubmit", "resubmission",
             "Send a returned record again, corrected.",
             {S.RETURNED: S.SUBMITTED}, MEMBER, "no hour twice",
             says=Sending, again=never, then=_send_again,
             past="resubmitted", tells=news.tell_deciders, awaited=True),
        Step("correct", "correction",
             "Correct a record; what it said before is kept.",
             {S.CONFIRMED: S.CONFIRMED, S.DISPUTED: S.CONFIRMED}, DECIDER,
             "reason; old value kept; no hour twice",
             says=Correcting, again=corrections.made_alike, first=corrections.rewrite,
             writes={"reason": "answer"}, signs="decided", then=corrections.count_anew,
             past="corrected", details=corrections.noted, tells=corrections.tell),
        Step("void", "voiding",
             "Void a confirmed record, which takes it out of the ledger.",
             {S.CONFIRMED: S.VOIDED, S.DISPUTED: S.VOIDED}, DECIDER, "with a reason",
             says=Reason, writes={"reason": "void_reason"}, signs="decided",
             then=_follow, past="voided", tells=news.tell_member),
        Step("dispute", "dispute",
             "Contest a record of one's own.",
             {S.CONFIRMED: S.DISPUTED, S.VOIDED: S.DISPUTED}, MEMBER,
             "what counted counts on meanwhile", [STANDS_NOWHERE_ELSE],
             says=Reason, writes={"reason": "dispute_reason"}, then=_ask_anew,
             past="disputed", tells=news.tell_of_dispute),
        Step("drop_dispute", "dispute-withdrawal",
             "Take a dispute back.",
             {S.DISPUTED: S.CONFIRMED}, MEMBER, "what was voided is voided again",
             again=never, then=_stay_voided, past="dispute_dropped"),
        Step("uphold", "upholding",
             "Stand by a disputed record and say why.",
             {S.DISPUTED: S.CONFIRMED}, DECIDER, "with a reason; what was voided is voided again",
             says=Reason, again=_upheld_alike, writes={"reason": "answer"}, signs="decided",
             then=_stay_voided, past="upheld", tells=news.tell_upheld, awaited=True),
    ],
)  # fmt: skip
