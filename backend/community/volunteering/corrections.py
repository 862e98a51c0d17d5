"""What a record says is corrected. The error is the organisation's to mend, and the old value is
kept (spec 4.1)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.community.volunteering import evidence, news, overlaps
from backend.community.volunteering.facts import Facts, describe, said_by
from backend.community.volunteering.models import ServiceRecord, ServiceRecordCorrection
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.flows.steps import Taken


@dataclass(frozen=True)
class Correcting:
    """The record as it should have been, and why it is corrected."""

    facts: Facts
    reason: str


def made_alike(taken: Taken[ServiceRecord]) -> bool:
    """Tell whether the same correction was made: twice is one.

    One that corrects nothing is a slip. Raises Conflict.
    """
    row, said = taken.row, taken.said
    if row.void_reason is not None or said_by(row) != said.facts.over(row):
        return False
    if row.answer != said.reason:
        raise Conflict(
            "nothing_corrected", "更正后的内容与原记录相同；如原记录无误，请选择“维持原记录”。"
        )
    return True


def rewrite(taken: Taken[ServiceRecord]) -> None:
    """Write what was so over what was said; what shared its time already may go on doing so."""
    session, row, said = taken.session, taken.row, taken.said
    keep(session, row, taken.actor, said.reason)
    known = overlaps.known(session, row) if row.stands else frozenset()
    describe(row, said.facts)
    overlaps.refuse_standing(session, row, beside=known)


def count_anew(taken: Taken[ServiceRecord]) -> None:
    """Let the ledger take the old posting back and post the new one. A voided record that was
    contested stands again."""
    taken.row.void_reason = None
    evidence.follow(taken.session, taken.rules, taken.row.member_id)
    taken.check("content", taken.said.facts.content)


def noted(taken: Taken[ServiceRecord]) -> dict[str, object]:
    """Return which correction it was, for the audit log."""
    taken.session.expire(taken.row, ["corrections"])
    return {"correction": taken.row.corrections[-1].id}


def tell(session: Session, row: ServiceRecord) -> None:
    """Tell the member of the last correction."""
    news.tell_corrected(session, row, row.corrections[-1])


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
        **said_by(record).__dict__,
    )
    session.add(before)
    session.flush()
    return before
