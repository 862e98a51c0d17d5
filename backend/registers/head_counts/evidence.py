"""What head counts owe the ledger: which communities have so many members."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.restating import Held
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.registers.models import HeadCount

SOURCE = HeadCount.__tablename__
MANY, SOME = "members_100", "members_50"
KINDS = frozenset({MANY, SOME})
_MANY, _SOME = 100, 50


def wanted(session: Session, which: sa.ColumnElement[bool]) -> dict[int, Sequence[Held]]:
    """Return what must be held, by community: what meets is one fact."""
    rows = session.execute(
        sa.select(HeadCount.area_id, HeadCount.counted_on, HeadCount.members)
        .where(which)
        .order_by(HeadCount.area_id, HeadCount.counted_on)
    )
    counts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for area_id, day, number in rows:
        counts[area_id].append((day, number))
    return {area_id: list(_facts(area_id, told)) for area_id, told in counts.items()}


def _facts(area_id: int, counts: Sequence[tuple[date, int]]) -> Iterator[Held]:
    subject = Subject(SubjectKind.AREA, area_id)
    since, held = date.min, ""
    for day, number in counts:
        kind = MANY if number >= _MANY else SOME if number >= _SOME else ""
        if kind == held:
            continue
        if held:
            yield Held(held, subject, since, day, area_id)
        since, held = day, kind
    if held:
        yield Held(held, subject, since, None, area_id)


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """Post nothing: what was counted stands."""
    return iter(())


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand of each community that was counted."""
    for area_id, held in wanted(session, sa.true()).items():
        for one in held:
            source = Source(SOURCE, area_id)
            yield Fact(one.kind, one.subject, source, one.starts_on, one.ends_on)


def explain(
    _session: Session, _counting: Counting, _subject: Subject, _year: int
) -> list[Explained]:
    """Return nothing: whom a duty binds is no evidence that it is met."""
    return []
