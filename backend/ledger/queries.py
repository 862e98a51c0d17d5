"""Questions to the ledger. Verdicts and statistics ask these and nothing else."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core import clock, db
from backend.ledger.models import Posting, StandingFact, Tally
from backend.ledger.subjects import Rows, Subject
from backend.ledger.verdicts import Holding, MonthCount

_Reversal = aliased(Posting)
_not_taken_back = ~sa.exists().where(_Reversal.reverses_id == Posting.id)

LIVE = sa.and_(Posting.reverses_id.is_(None), _not_taken_back)


def live_postings(source_type: str, source_id: int) -> sa.Select[Posting]:
    """Select the postings of one source that have not been taken back."""
    return (
        sa.select(Posting)
        .where(Posting.source_type == source_type, Posting.source_id == source_id, LIVE)
        .order_by(Posting.id)
    )


def postings_of(subject: Subject, kinds: Iterable[str], year: int) -> sa.Select[Posting]:
    """Select what counts for a subject in a year, in the order in which it happened."""
    return (
        sa.select(Posting)
        .where(
            Posting.subject_kind == subject.kind,
            Posting.subject_id == subject.id,
            sa.func.split_part(Posting.kind, ":", 1).in_(list(kinds)),
            Posting.occurred_on.between(date(year, 1, 1), date(year, 12, 31)),
            LIVE,
        )
        .order_by(Posting.occurred_on, Posting.id)
    )


def count_month(kind: str, subject: Subject, month: date) -> Rows:
    """Select `occasions, occasions_late, amount` of one month, from the postings."""
    by_occasion = (
        sa.select(
            sa.func.bool_and(Posting.late).label("late"), sa.func.sum(Posting.amount).label("sum")
        )
        .where(
            Posting.subject_kind == subject.kind,
            Posting.subject_id == subject.id,
            Posting.kind == kind,
            Posting.occurred_on >= month,
            Posting.occurred_on < _next(month),
            LIVE,
        )
        .group_by(Posting.occasion)
        .subquery()
    )
    return sa.select(
        sa.func.count().label("occasions"),
        sa.func.count().filter(by_occasion.c.late).label("occasions_late"),
        sa.func.coalesce(sa.cast(sa.func.sum(by_occasion.c.sum), sa.BigInteger), 0).label("amount"),
    ).select_from(by_occasion)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _is_one_of(table: type[Tally] | type[StandingFact]) -> sa.ColumnElement[bool]:
    subjects: sa.BindParameter[Any] = sa.bindparam("subjects", expanding=True)
    return sa.tuple_(table.subject_kind, table.subject_id).in_(subjects)


_MONTHS = sa.select(
    Tally.subject_kind,
    Tally.subject_id,
    Tally.kind,
    Tally.month,
    Tally.occasions,
    Tally.occasions_late,
).where(
    _is_one_of(Tally),
    Tally.month.between(sa.bindparam("first", type_=sa.Date), sa.bindparam("last", type_=sa.Date)),
)
_HOLDINGS = sa.select(
    StandingFact.subject_kind,
    StandingFact.subject_id,
    StandingFact.kind,
    StandingFact.starts_on,
    StandingFact.ends_on,
    StandingFact.source_id,
).where(_is_one_of(StandingFact))


def months_of(
    session: Session, subjects: Iterable[Subject], year: int
) -> dict[Subject, list[MonthCount]]:
    """Return the tallies of the subjects in a year; one statement."""
    months = {"first": date(year, 1, 1), "last": date(year, 12, 1)}
    rows = db.read(session, _MONTHS, {"subjects": _pairs(subjects), **months})
    found: dict[Subject, list[MonthCount]] = defaultdict(list)
    for row in rows:
        found[Subject(row[0], row[1])].append(MonthCount(*row[2:]))
    return found


def holdings_of(session: Session, subjects: Iterable[Subject]) -> dict[Subject, list[Holding]]:
    """Return the standing facts of the subjects, past ones too; one statement."""
    rows = db.read(session, _HOLDINGS, {"subjects": _pairs(subjects)})
    found: dict[Subject, list[Holding]] = defaultdict(list)
    for row in rows:
        found[Subject(row[0], row[1])].append(Holding(*row[2:]))
    return found


def stands(kind: str, subject: Subject) -> sa.ColumnElement[bool]:
    """Say whether a standing fact of that kind holds for the subject today."""
    today = clock.today()
    return sa.exists().where(
        StandingFact.subject_kind == subject.kind,
        StandingFact.subject_id == subject.id,
        StandingFact.kind == kind,
        StandingFact.starts_on <= today,
        sa.or_(StandingFact.ends_on.is_(None), StandingFact.ends_on > today),
    )


def _pairs(subjects: Iterable[Subject]) -> list[tuple[str, int]]:
    return [(subject.kind, subject.id) for subject in subjects]
