"""What service records owe the ledger (rule 2k), and how each is explained to its member."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import occasions, queries
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.community.volunteering.occasions import Share
from backend.core import clock
from backend.core.sentences import sentence
from backend.ledger import queries as ledger_queries
from backend.ledger import service as ledger
from backend.ledger.changes import one_change
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import Posting, SubjectKind
from backend.ledger.rulepack import Counting, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

KIND = "volunteer_service"
KINDS = frozenset({KIND})
S = ServiceRecordStatus


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
    wanted = counted(session.scalars(standing_of(member_id)), rules.counting)
    posted = _posted(session, member_id)
    kept = {id_ for id_, row in posted.items() if id_ in wanted and not _differs(row, wanted[id_])}
    stale = [row for id_, row in posted.items() if id_ not in kept]
    fresh = [entry for id_, entry in wanted.items() if id_ not in kept]
    with one_change(session, rules):
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


def counted(records: Iterable[ServiceRecord], counting: Counting) -> dict[int, Entry]:
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


def entries(session: Session, counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: what the records of each member that stand count together."""
    standing = sa.select(ServiceRecord).where(queries.STANDS).order_by(ServiceRecord.member_id)
    rows = session.scalars(standing.execution_options(yield_per=1000))
    for _, own in groupby(rows, key=lambda row: row.member_id):
        yield from counted(own, counting).values()


def facts(_session: Session) -> Iterator[Fact]:
    """Yield nothing: a service is an occasion, not a state."""
    yield from ()


def explain(session: Session, counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the member's records of services that began in `year` (Shanghai's)."""
    first = datetime(year, 1, 1, tzinfo=clock.SHANGHAI)
    end = datetime(year + 1, 1, 1, tzinfo=clock.SHANGHAI)
    rows = session.scalars(
        queries.of_member(subject.id)
        .where(ServiceRecord.started_at >= first, ServiceRecord.started_at < end)
        .order_by(ServiceRecord.started_at)
    ).all()
    standing = session.scalars(standing_of(subject.id))
    counts = counted(standing, counting)
    return [
        Explained(
            source_of(row),
            clock.local_date(row.started_at),
            _title(row),
            None if row.id in counts else _why_not(row, counting),
        )
        for row in rows
    ]


def _title(row: ServiceRecord) -> str:
    """Return what the member wrote, or what the organiser called it unless that is withheld."""
    if row.activity_id is None:
        return row.content
    return withheld.text_for_all(row.withheld, "content", row.content)


def _why_not(row: ServiceRecord, counting: Counting) -> str:
    if row.stands:
        return _why_no_occasion(row, counting)
    void_reason = withheld.text_for_all(row.withheld, "void_reason", row.void_reason or "")
    return {
        S.SUBMITTED: "等待社区确认。",
        S.RETURNED: "社区已退回，请补充后重新提交。",
        S.WITHDRAWN: "您已撤回。",
        S.VOIDED: f"社区已作废：{sentence(void_reason)}",
        S.DISPUTED: "社区已作废，您的异议正在核实。",
    }.get(row.status, "尚未确认。")


def _why_no_occasion(row: ServiceRecord, counting: Counting) -> str:
    if not row.is_party_service:
        return "您选择只登记为志愿服务，不计入党员服务。"
    return f"时长不足{counting.service_least_minutes}分钟，不计次。"
