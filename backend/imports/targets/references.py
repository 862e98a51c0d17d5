"""Asks what has been built on things: whatever else refers to them."""

from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core.db import Base, among
from backend.ledger.models import DutyYear, Posting, StandingFact, SubjectKind


def counts(
    session: Session, table: str, ids: Sequence[int], leaving_out: Collection[str]
) -> Iterator[tuple[str, int]]:
    """Yield the tables that refer to rows of a table by these ids, and how often."""
    for one in Base.metadata.sorted_tables:
        for key in one.foreign_keys:
            if key.column.table.name == table and one.name not in leaving_out:
                found = sa.select(sa.func.count()).select_from(one).where(among(key.parent, ids))
                if number := session.scalar(found):
                    yield one.name, number


def in_ledger(session: Session, kind: SubjectKind, ids: Sequence[int]) -> bool:
    """Return whether anything was posted for subjects, or a fact was stated of them."""
    return any(
        session.scalar(
            sa.select(sa.exists().where(model.subject_kind == kind, among(model.subject_id, ids)))
        )
        for model in (Posting, StandingFact)
    )


def forget_years(session: Session, kind: SubjectKind, ids: Sequence[int]) -> None:
    """Take away the duty years of subjects that are not any more; they stand nowhere by now."""
    session.execute(
        sa.delete(DutyYear).where(
            DutyYear.subject_kind == kind,
            among(DutyYear.subject_id, ids),
            DutyYear.place_id.is_(None),
        )
    )
