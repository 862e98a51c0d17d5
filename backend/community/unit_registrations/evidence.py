"""What units' registrations owe the ledger, and how each is explained to the unit's people."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.unit_registrations import queries
from backend.community.unit_registrations.models import UnitRegistration, UnitRegistrationStatus
from backend.core import clock
from backend.flows.steps import Taken
from backend.ledger import service as ledger
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject

# The standing fact of rule 2h.
FACT = "unit_registration"
KINDS = frozenset({FACT})
S = UnitRegistrationStatus


def subject_of(row: UnitRegistration) -> Subject:
    return Subject(SubjectKind.UNIT, row.unit_id)


def source_of(row: UnitRegistration) -> Source:
    return Source(UnitRegistration.__tablename__, row.id)


def hold(taken: Taken[UnitRegistration]) -> None:
    """Let the fact stand from the day of acceptance."""
    row = taken.row
    ledger.hold(
        taken.session,
        taken.rules,
        FACT,
        subject_of(row),
        source_of(row),
        starts_on=clock.today(),
        area_id=row.area_id,
    )


def release(taken: Taken[UnitRegistration]) -> None:
    """Let the fact end with the registration."""
    row = taken.row
    subject, source = subject_of(row), source_of(row)
    ledger.release(taken.session, taken.rules, FACT, subject, source, ends_on=clock.today())


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield nothing: a registration is a state, not an occasion."""
    yield from ()


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand: each accepted registration, until it ended."""
    accepted = sa.select(UnitRegistration).where(UnitRegistration.accepted_on.is_not(None))
    for row in session.scalars(accepted.execution_options(yield_per=1000)):
        if row.accepted_on is not None:
            subject, source = subject_of(row), source_of(row)
            yield Fact(FACT, subject, source, row.accepted_on, row.ended_on)


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
    return Explained(source_of(row), day, f"向{row.area.name}报到", _why_not(row))


def _why_not(row: UnitRegistration) -> str | None:
    return {
        S.SUBMITTED: "等待接收。",
        S.RETURNED: "已退回，请补充后重新提交。",
        S.WITHDRAWN: "已撤回。",
        S.ENDED: "该报到已结束。",
    }.get(row.status)
