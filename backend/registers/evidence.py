"""What registers owe the ledger: which facts must stand, and what each entry counts for."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import StandingFact
from backend.ledger.rulepack import Counting
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.registers import lives
from backend.registers.catalogue import registers
from backend.registers.models import RegisterVersion

KINDS = frozenset(kind for register in registers().values() for kind in register.fact_kinds)


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """Post nothing: what is in a register stands."""
    return iter(())


def facts(session: Session) -> Iterator[Fact]:
    """Yield what each entry makes stand."""
    found = lives.of_all(session)
    for id_, held in lives.wanted(found, found.keys()).items():
        for one in held:
            source = Source(lives.SOURCE, id_)
            yield Fact(one.kind, one.subject, source, one.starts_on, one.ends_on)


def explain(session: Session, _counting: Counting, subject: Subject, year: int) -> list[Explained]:
    """Return the entries that held something of a subject in a year, under their last name."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    name = (
        sa.select(RegisterVersion.name)
        .where(
            RegisterVersion.entry_id == StandingFact.source_id,
            RegisterVersion.superseded_at.is_(None),
        )
        .order_by(RegisterVersion.starts_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    held = (
        sa.select(StandingFact.source_id, StandingFact.starts_on, StandingFact.kind, name)
        .where(
            StandingFact.source_type == lives.SOURCE,
            StandingFact.subject_kind == subject.kind,
            StandingFact.subject_id == subject.id,
            StandingFact.starts_on <= last,
            sa.or_(StandingFact.ends_on.is_(None), StandingFact.ends_on > first),
            StandingFact.ends_on.is_distinct_from(StandingFact.starts_on),
        )
        .order_by(StandingFact.starts_on, StandingFact.id)
    )
    return [
        Explained(Source(lives.SOURCE, id_), starts_on, called or "", kind=kind)
        for id_, starts_on, kind, called in session.execute(held)
    ]
