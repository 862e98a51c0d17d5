"""What published demand lists owe the ledger, and how each is explained to its community."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.demands import lists
from backend.community.demands.models import DemandList
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry
from backend.ledger.subjects import Subject

KINDS = frozenset({lists.KIND})


def entries(session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield what must be posted: each version of each list."""
    rows = sa.select(DemandList).execution_options(yield_per=1000)
    yield from map(lists.entry_of, session.scalars(rows))


def facts(_session: Session) -> Iterator[Fact]:
    """Yield nothing: a list is an occasion, not a state."""
    yield from ()


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the community's lists of `year`."""
    if subject.kind is not SubjectKind.AREA:
        return []
    rows = session.scalars(
        sa.select(DemandList)
        .where(DemandList.community_id == subject.id, DemandList.year == year)
        .order_by(DemandList.version)
    )
    return [_explain(row) for row in rows]


def _explain(row: DemandList) -> Explained:
    title = f"公布{row.year}年需求清单（第{row.version}版）"
    return Explained(lists.source_of(row), clock.local_date(row.published_at), title)
