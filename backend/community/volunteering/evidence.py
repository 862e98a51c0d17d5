"""What service records owe the ledger, and how each is explained to its member."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.volunteering import postings, queries
from backend.community.volunteering.models import ServiceRecord, ServiceRecordStatus
from backend.core import clock
from backend.core.sentences import sentence
from backend.ledger.evidence import Explained, Fact
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry
from backend.ledger.subjects import Subject
from backend.support.text_checks import withheld

KINDS = frozenset({postings.KIND})
S = ServiceRecordStatus


def entries(session: Session, counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: what the records of each member that stand count together."""
    standing = sa.select(ServiceRecord).where(queries.STANDS).order_by(ServiceRecord.member_id)
    rows = session.scalars(standing.execution_options(yield_per=1000))
    for _, own in groupby(rows, key=lambda row: row.member_id):
        yield from postings.entries(own, counting).values()


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
    standing = session.scalars(postings.standing_of(subject.id))
    counted = postings.entries(standing, counting).keys()
    return [
        Explained(
            postings.source_of(row),
            clock.local_date(row.started_at),
            _title(row),
            None if row.id in counted else _why_not(row, counting),
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
