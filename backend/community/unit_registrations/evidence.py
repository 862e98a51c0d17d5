"""What units' registrations owe the ledger, and how each is explained to the unit's people."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.unit_registrations import queries, service
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.core import clock
from backend.ledger.evidence import Explained, Fact
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry
from backend.ledger.subjects import Subject

KINDS = frozenset({service.FACT})
S = UnitRegistrationStatus


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """A registration is a state, not an occasion: it posts nothing."""
    yield from ()


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand: each accepted registration, until it ended."""
    accepted = sa.select(UnitRegistration).where(UnitRegistration.accepted_on.is_not(None))
    for row in session.scalars(accepted.execution_options(yield_per=1000)):
        if row.accepted_on is not None:
            subject, source = service.subject_of(row), service.source_of(row)
            yield Fact(service.FACT, subject, source, row.accepted_on, row.ended_on)


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the unit's registrations that were alive in `year`."""
    rows = session.scalars(
        queries.shown().where(UnitRegistration.unit_id == subject.id).order_by(UnitRegistration.id)
    ).all()
    return [_explain(row) for row in rows if _touches(row, year)]


def _touches(row: UnitRegistration, year: int) -> bool:
    first = clock.local_date(row.submitted_at)
    return first.year <= year and (row.ended_on is None or row.ended_on >= date(year, 1, 1))


def _explain(row: UnitRegistration) -> Explained:
    day = row.accepted_on or clock.local_date(row.submitted_at)
    return Explained(service.source_of(row), day, f"向{row.area.name}报到", _why_not(row))


def _why_not(row: UnitRegistration) -> str | None:
    return {
        S.SUBMITTED: "等待接收。",
        S.RETURNED: "已退回，请补正后重新提交。",
        S.WITHDRAWN: "已撤回。",
        S.ENDED: "该报到已结束。",
    }.get(row.status)
