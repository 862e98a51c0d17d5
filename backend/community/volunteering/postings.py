"""What a member's services are to the ledger (rule 2k). Callers own the transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import occasions, queries
from backend.community.volunteering.models import ServiceRecord
from backend.community.volunteering.occasions import Share
from backend.core import clock
from backend.ledger import queries as ledger_queries
from backend.ledger import service as ledger
from backend.ledger.models import Posting, SubjectKind
from backend.ledger.rulepack import Counting, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject

KIND = "volunteer_service"


@dataclass(frozen=True)
class Change:
    """What a record counted and counts now, in minutes; None: nothing is posted of it."""

    record_id: int
    before: int | None
    after: int | None


def follow(session: Session, rules: RulePack, member_id: int) -> list[Change]:
    """Bring the ledger after a member's records, whichever of them changed. Twice is the same as
    once; callers hold the member."""
    session.flush()
    wanted = entries(session.scalars(standing_of(member_id)), rules.counting)
    posted = _posted(session, member_id)
    kept = {id_ for id_, row in posted.items() if id_ in wanted and not _differs(row, wanted[id_])}
    stale = [row for id_, row in posted.items() if id_ not in kept]
    fresh = [entry for id_, entry in wanted.items() if id_ not in kept]
    for row in sorted(stale, key=lambda row: (row.occurred_on, row.source_id)):
        ledger.reverse(session, rules, _source(row.source_id))
    for entry in sorted(fresh, key=lambda entry: (entry.occurred_on, entry.source.id)):
        ledger.post(session, rules, entry)
    return [
        Change(
            id_,
            posted[id_].amount if id_ in posted else None,
            wanted[id_].amount if id_ in wanted else None,
        )
        for id_ in sorted((posted.keys() | wanted.keys()) - kept)
    ]


def _posted(session: Session, member_id: int) -> dict[int, Posting]:
    found = sa.select(Posting).where(
        Posting.subject_kind == SubjectKind.MEMBER,
        Posting.subject_id == member_id,
        Posting.kind == KIND,
        Posting.source_type == ServiceRecord.__tablename__,
        ledger_queries.LIVE,
    )
    return {posting.source_id: posting for posting in session.scalars(found)}


def _differs(posting: Posting, entry: Entry) -> bool:
    return any(
        getattr(posting, name) != getattr(entry, name)
        for name in ("occurred_on", "occasion", "amount")
    )


def standing_of(member_id: int) -> sa.Select[ServiceRecord]:
    """Select a member's records that stand."""
    return sa.select(ServiceRecord).where(ServiceRecord.member_id == member_id, queries.STANDS)


def entries(records: Iterable[ServiceRecord], counting: Counting) -> dict[int, Entry]:
    """Return what the standing records of one member post, by the record's id.

    Records of the same time are one occasion, which must last the least minutes altogether.
    """
    shares = occasions.share(row for row in records if row.is_party_service)
    minutes: dict[int, int] = {}
    for one in shares:
        minutes[one.first.id] = minutes.get(one.first.id, 0) + one.minutes
    least = counting.service_least_minutes
    return {one.record.id: _entry(one) for one in shares if minutes[one.first.id] >= least}


def _entry(one: Share) -> Entry:
    """What counts once: an activity on a day, however many shifts of it; without an activity one
    service of a kind, place and day; and whatever took the same time as another."""
    first, record = one.first, one.record
    day = clock.local_date(first.started_at)
    logged = f"self:{first.community_id}:{first.category}:{day}"
    return Entry(
        kind=KIND,
        subject=Subject(SubjectKind.MEMBER, record.member_id),
        source=source_of(record),
        occurred_on=day,
        recorded_on=clock.local_date(record.submitted_at),
        occasion=f"activity:{first.activity_id}:{day}" if first.activity_id else logged,
        amount=one.minutes,
        area_id=record.community_id,
    )


def source_of(record: ServiceRecord) -> Source:
    return _source(record.id)


def _source(record_id: int) -> Source:
    return Source(ServiceRecord.__tablename__, record_id)
