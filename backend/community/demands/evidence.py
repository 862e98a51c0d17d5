"""What published demand lists owe the ledger, and how each is explained to its area."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands.models import DemandList
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject

KIND = "demand_list"
KINDS = frozenset({KIND})


def entry_of(row: DemandList) -> Entry:
    """Return what a list owes the ledger: however many versions a year has, it is one list."""
    day = clock.local_date(row.published_at)
    return Entry(
        KIND,
        Subject(SubjectKind.AREA, row.area_id),
        source_of(row),
        occurred_on=day,
        recorded_on=day,
        occasion=f"{KIND}:{row.area_id}:{row.year}",
        area_id=row.area_id,
    )


def source_of(row: DemandList) -> Source:
    return Source(DemandList.__tablename__, row.id)


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each version of each list."""
    rows = sa.select(DemandList).execution_options(yield_per=1000)
    yield from map(entry_of, session.scalars(rows))


def facts(_session: Session) -> Iterator[Fact]:
    """Yield nothing: a list is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the lists that the area published of `year`."""
    if subject.kind is not SubjectKind.AREA:
        return []
    rows = session.scalars(
        sa.select(DemandList)
        .where(DemandList.area_id == subject.id, DemandList.year == year)
        .order_by(DemandList.version)
    )
    return [_explain(row) for row in rows]


def _explain(row: DemandList) -> Explained:
    title = f"公布{row.year}年需求清单（第{row.version}版）"
    return Explained(source_of(row), clock.local_date(row.published_at), title)
