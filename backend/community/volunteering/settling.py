"""Count once what was confirmed for the same time twice, before that was refused."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.audit import service as audit
from backend.community.volunteering import evidence, news, overlaps, queries
from backend.community.volunteering.evidence import Change
from backend.community.volunteering.models import ServiceRecord
from backend.ledger.rulepack import RulePack


def settle(session: Session, rules: RulePack) -> list[Change]:
    """Bring the ledger after overlapping records, member by member, and tell whoever it concerns.
    What the records say stays as it was said. Twice is the same as once."""
    changes = []
    for member_id in session.scalars(_concerned()).all():
        overlaps.hold(session, [member_id])
        found = evidence.follow(session, rules, member_id)
        for change in found:
            record = session.get_one(ServiceRecord, change.record_id)
            audit.record(
                session,
                None,
                "service_record.counted_once",
                record,
                before=change.before,
                after=change.after,
            )
        if found:
            last = session.get_one(ServiceRecord, found[-1].record_id)
            news.tell_counted_once(session, last, len(found))
        changes += found
    return changes


def _concerned() -> sa.Select[int]:
    """Select, in order, the members of whom two records stand for the same time."""
    other = aliased(ServiceRecord)
    beside = sa.exists().where(
        other.member_id == ServiceRecord.member_id,
        other.id < ServiceRecord.id,
        other.started_at < ServiceRecord.ended_at,
        other.ended_at > ServiceRecord.started_at,
        queries.stands(other),
    )
    return (
        sa.select(ServiceRecord.member_id)
        .where(queries.STANDS, beside)
        .distinct()
        .order_by(ServiceRecord.member_id)
    )
