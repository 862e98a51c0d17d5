"""Questions to the ledger. Verdicts and statistics ask these and nothing else."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core import clock, db
from backend.ledger.holdings import Holding, MonthCount
from backend.ledger.models import DutyYear, Posting, StandingFact, Tally
from backend.ledger.subjects import Rows, Subject

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
    """Select `occasions, occasions_late, amount, amount_late` of one month, from the postings."""
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
    return sa.select(*counted(by_occasion.c.late, by_occasion.c.sum)).select_from(by_occasion)


def counted(
    late: sa.ColumnElement[bool], amount: sa.ColumnElement[int]
) -> list[sa.ColumnElement[int]]:
    """Return the columns of a tally, of rows that are an occasion each."""
    count, total = sa.func.count(), sa.func.sum(amount)
    return [
        count.label("occasions"),
        count.filter(late).label("occasions_late"),
        _whole(total).label("amount"),
        _whole(total.filter(late)).label("amount_late"),
    ]


def _whole(total: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.cast(total, sa.BigInteger), 0)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


_subjects = (
    sa.func.unnest(
        sa.bindparam("kinds", type_=sa.ARRAY(sa.Text)),
        sa.bindparam("ids", type_=sa.ARRAY(sa.BigInteger)),
    )
    .table_valued(sa.column("kind", sa.Text), sa.column("id", sa.BigInteger))
    .render_derived("asked")
)


def _asked(table: type[Tally] | type[StandingFact] | type[DutyYear]) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.cast(table.subject_kind, sa.Text) == _subjects.c.kind,
        table.subject_id == _subjects.c.id,
    )


MONTHS = (
    sa.select(
        Tally.subject_kind,
        Tally.subject_id,
        Tally.kind,
        Tally.month,
        Tally.occasions,
        Tally.occasions_late,
        Tally.amount,
        Tally.amount_late,
    )
    .join(_subjects, _asked(Tally))
    .where(
        Tally.month.between(
            sa.bindparam("first", type_=sa.Date), sa.bindparam("last", type_=sa.Date)
        ),
    )
)
HOLDINGS = sa.select(
    StandingFact.subject_kind,
    StandingFact.subject_id,
    StandingFact.kind,
    StandingFact.starts_on,
    StandingFact.ends_on,
    StandingFact.source_id,
).join(_subjects, _asked(StandingFact))


# Who was bound in a year that is over.
BOUND_THEN = (
    sa.select(
        DutyYear.subject_kind,
        DutyYear.subject_id,
        DutyYear.rule_id,
        DutyYear.bound_since,
        DutyYear.place_id,
    )
    .join(_subjects, _asked(DutyYear))
    .where(DutyYear.year == sa.bindparam("year"), DutyYear.place_id.is_not(None))
)


_of_kinds = sa.any_(sa.bindparam("of_kinds", type_=sa.ARRAY(sa.Text)))
_MONTHS_OF_KINDS = MONTHS.where(sa.func.split_part(Tally.kind, ":", 1) == _of_kinds)
_HOLDINGS_OF_KINDS = HOLDINGS.where(StandingFact.kind == _of_kinds)


def months_of(
    session: Session,
    subjects: Iterable[Subject],
    year: int,
    *,
    until: int | None = None,
    kinds: Collection[str] | None = None,
) -> dict[Subject, list[MonthCount]]:
    """Return the tallies of the subjects in a year, or from it to another, of all kinds or of
    some; one statement."""
    values = named(subjects) | {"first": date(year, 1, 1), "last": date(until or year, 12, 1)}
    values |= {} if kinds is None else {"of_kinds": sorted(kinds)}
    found: dict[Subject, list[MonthCount]] = defaultdict(list)
    rows = db.read(session, MONTHS if kinds is None else _MONTHS_OF_KINDS, values)
    for kind, id_, *counts in rows:
        found[Subject(kind, id_)].append(MonthCount(*counts))
    return found


def holdings_of(
    session: Session, subjects: Iterable[Subject], kinds: Collection[str] | None = None
) -> dict[Subject, list[Holding]]:
    """Return the standing facts of the subjects, past ones too, of all kinds or of some; one
    statement."""
    values = named(subjects) | ({} if kinds is None else {"of_kinds": sorted(kinds)})
    found: dict[Subject, list[Holding]] = defaultdict(list)
    rows = db.read(session, HOLDINGS if kinds is None else _HOLDINGS_OF_KINDS, values)
    for kind, id_, *facts in rows:
        found[Subject(kind, id_)].append(Holding(*facts))
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


def named(subjects: Iterable[Subject]) -> dict[str, object]:
    """Return subjects as MONTHS and HOLDINGS take them."""
    asked = list(subjects)
    return {"kinds": [str(s.kind) for s in asked], "ids": [s.id for s in asked]}
