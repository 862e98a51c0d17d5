"""Makes the years that there are not yet, by set: a million of them in minutes, nobody held up.

Bits are computed by the `Judge` of duty years alone: for each subject of whom something is posted
or held, and once for everybody else who is bound since the same day. Only who is written what is
said in SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.core import db
from backend.ledger.duty_years import Judge
from backend.ledger.holdings import Holding, MonthCount
from backend.ledger.masks import Masks
from backend.ledger.models import DutyYear, Rollup, StandingFact, Tally
from backend.ledger.rulepack import Rule
from backend.ledger.subjects import Asked, Rows, all_bound, asked_by


class Span(NamedTuple):
    """Subjects by their ids, `first` and `last` among them."""

    first: int
    last: int


Ids = sa.ColumnElement[int] | InstrumentedAttribute[int]
# A subject's id, and since when it is bound.
Key = tuple[int, date | None]

EVERYBODY = Span(0, 2**63 - 1)


def make(session: Session, judge: Judge, rule: Rule, year: int, span: Span) -> int:
    """Make the years of whom a rule binds and who has none, as they have to be; return how many.

    Whoever writes for a subject makes its year first: what was written after it was looked at here
    made one, which is left alone, and what is written later waits. Who is bound otherwise than a
    moment ago is left out, for `binding` to see.
    """
    if not rule.in_force(year):
        return 0
    of_new = {"rule": rule.id, "year": year, "first": span.first, "last": span.last}
    with _by_hash(session):
        sinces, months, holdings = _look(session, rule, of_new)
        if not sinces:
            return 0
        blank = {since: judge.masks(rule, year, since, (), ()) for since in sinces}
        stated = {
            key: judge.masks(rule, year, key[1], months.get(key, ()), holdings.get(key, ()))
            for key in months | holdings
        }
        values = of_new | _columns(blank, stated)
        return int(db.read(session, _steps(asked_by(rule)).making, values).scalar_one())


@contextmanager
def _by_hash(session: Session) -> Iterator[None]:
    """Let no plan go through a span again for each of its subjects: how many there are without a
    year, it cannot know before."""
    session.execute(sa.text("SET LOCAL enable_nestloop = off"))
    yield
    session.execute(sa.text("SET LOCAL enable_nestloop = on"))


Months = dict[Key, list[MonthCount]]
Holdings = dict[Key, list[Holding]]


def _look(
    session: Session, rule: Rule, of_new: dict[str, Any]
) -> tuple[set[date | None], Months, Holdings]:
    """Return since when those are bound who have no year, and what is posted and held of them."""
    sinces: set[date | None] = set()
    months: Months = defaultdict(list)
    holdings: Holdings = defaultdict(list)
    year = of_new["year"]
    term = {"january": date(year, 1, 1), "december": date(year, 12, 1)}
    kinds = {"counted": sorted(rule.counted), "facts": sorted(rule.facts)}
    looking = _steps(asked_by(rule)).looking
    lines = db.read(session, looking, of_new | term | kinds).all()
    for what, id_, since, kind, first, last, *numbers in lines:
        if what == SINCE:
            sinces.add(since)
        elif what == MONTH:
            months[id_, since].append(MonthCount(kind, first, *numbers))
        else:
            holdings[id_, since].append(Holding(kind, first, last, numbers[0]))
    return sinces, months, holdings


Types = dict[str, sa.types.TypeEngine[Any]]
_BITS: Types = {
    "done": sa.BigInteger(),
    "owed": sa.BigInteger(),
    "exempt": sa.Boolean(),
}
# What was computed, as three tables: how everybody stands who is bound since a day and of whom
# nothing is known; how others stand, each way once; and who they are.
_GIVEN: dict[str, Types] = {
    "blank": {"since": sa.Date(), **_BITS},
    "alike": {"number": sa.BigInteger(), "since": sa.Date(), **_BITS},
    "stated": {"id": sa.BigInteger(), "number": sa.BigInteger()},
}


def _columns(blank: Mapping[date | None, Masks], stated: Mapping[Key, Masks]) -> dict[str, str]:
    """Return them as columns: `_given` reads them."""
    numbers: dict[tuple[date | None, Masks], int] = {}
    numbered = [
        (id_, numbers.setdefault((since, masks), len(numbers)))
        for (id_, since), masks in stated.items()
    ]
    lines: dict[str, Sequence[tuple[object, ...]]] = {
        "blank": [(since, *_bits(masks)) for since, masks in blank.items()],
        "alike": [(number, since, *_bits(masks)) for (since, masks), number in numbers.items()],
        "stated": numbered,
    }
    return {
        f"{name}_{column}": _written(line[at] for line in lines[name])
        for name, columns in _GIVEN.items()
        for at, column in enumerate(columns)
    }


def _bits(masks: Masks) -> tuple[object, ...]:
    return masks.done, masks.owed, masks.exempt


def _written(values: Iterable[object]) -> str:
    """Return numbers, days and truths as PostgreSQL writes an array: the driver takes far longer
    over each."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _given(name: str) -> sa.TableValuedAlias:
    columns = [sa.column(one, of) for one, of in _GIVEN[name].items()]
    written = [sa.bindparam(f"{name}_{one.name}", type_=sa.Text) for one in columns]
    given = [sa.cast(text, sa.ARRAY(one.type)) for text, one in zip(written, columns, strict=True)]
    return sa.func.unnest(*given).table_valued(*columns).render_derived(name)


class _Steps(NamedTuple):
    """The statements for those whom some scopes bind."""

    looking: sa.CompoundSelect[*tuple[Any, ...]]
    making: sa.Select[int]


@cache
def _steps(asked: Asked) -> _Steps:
    return _Steps(_looking(asked), _making(asked))


def _new(asked: Asked) -> sa.CTE:
    """Select (subject_id, place_id, since) of whom a rule binds within a span who have no year:
    once a statement, and from no table more than the span."""
    bound = all_bound(asked).subquery()
    there = sa.exists().where(
        DutyYear.rule_id == sa.bindparam("rule"),
        DutyYear.subject_kind == asked[1],
        DutyYear.subject_id == bound.c.subject_id,
        _in_span(DutyYear.subject_id),
        DutyYear.year == sa.bindparam("year"),
    )
    new = sa.select(bound).where(_in_span(bound.c.subject_id), ~there)
    return new.cte("new").prefix_with("MATERIALIZED")


def _in_span(id_: Ids) -> sa.ColumnElement[bool]:
    return id_.between(sa.bindparam("first"), sa.bindparam("last"))


SINCE, MONTH, HOLDING = "since", "month", "holding"
_ZERO, _NO_DAY = sa.literal_column("0", sa.BigInteger), sa.cast(sa.null(), sa.Date)


def _looking(asked: Asked) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """United in columns of the same types: what it is, of whom and bound since when, a kind, two
    days, four numbers."""
    new = _new(asked)
    nobody, no_kind = _ZERO, sa.literal_column("''", sa.Text)
    # fmt: off
    sinces = sa.select(sa.literal(SINCE), nobody, new.c.since, no_kind, _NO_DAY, _NO_DAY,
                       _ZERO, _ZERO, _ZERO, _ZERO).distinct()
    months = (
        sa.select(sa.literal(MONTH), new.c.subject_id, new.c.since, Tally.kind, Tally.month,
                  _NO_DAY, Tally.occasions, Tally.occasions_late, Tally.amount, Tally.amount_late)
        .join(Tally, Tally.subject_id == new.c.subject_id)
        .where(
            Tally.subject_kind == asked[1],
            _in_span(Tally.subject_id),
            Tally.month.between(sa.bindparam("january"), sa.bindparam("december")),
            sa.func.split_part(Tally.kind, ":", 1) == _any_of("counted"),
        )
    )
    fact = StandingFact
    holdings = (
        sa.select(sa.literal(HOLDING), new.c.subject_id, new.c.since, fact.kind, fact.starts_on,
                  fact.ends_on, fact.source_id, _ZERO, _ZERO, _ZERO)
        .join(fact, fact.subject_id == new.c.subject_id)
        .where(
            fact.subject_kind == asked[1],
            _in_span(fact.subject_id),
            fact.kind == _any_of("facts"),
        )
    )
    # fmt: on
    return sa.union_all(sinces, months, holdings)


def _any_of(name: str) -> sa.ColumnElement[Any]:
    return sa.any_(sa.bindparam(name, type_=sa.ARRAY(sa.Text)))


_ROW = ("rule_id", "subject_kind", "subject_id", "year", "place_id", "bound_since", *_BITS)
_ALIKE = ("rule_id", "year", "place_id", *_BITS)


def _making(asked: Asked) -> sa.Select[int]:
    """Insert the years and count them into the rollups, in this order; select how many."""
    made = (
        insert(DutyYear)
        .from_select(_ROW, _rows(asked))
        .on_conflict_do_nothing()
        .returning(*(getattr(DutyYear, name) for name in _ALIKE))
        .cte("made")
    )
    by = [made.c[name] for name in _ALIKE]
    alike = sa.select(*by, sa.func.count()).where(made.c.owed > 0).group_by(*by).order_by(*by)
    rolled = insert(Rollup).from_select((*_ALIKE, "subjects"), alike)
    added = Rollup.subjects + rolled.excluded.subjects
    rolled = rolled.on_conflict_do_update(constraint="pk_rollup", set_={"subjects": added})
    return sa.select(sa.func.count()).select_from(made).add_cte(rolled.cte("rolled"))


def _rows(asked: Asked) -> Rows:
    new, (blank, alike, stated) = _new(asked), map(_given, _GIVEN)
    bits = (sa.case((stated.c.id.is_(None), blank.c[one]), else_=alike.c[one]) for one in _BITS)
    return (
        sa.select(
            sa.bindparam("rule", type_=sa.Text),
            sa.literal(str(asked[1])),
            new.c.subject_id,
            sa.bindparam("year", type_=sa.SmallInteger),
            new.c.place_id,
            new.c.since,
            *bits,
        )
        .select_from(new)
        .join(blank, _day(blank.c.since) == _day(new.c.since))
        .outerjoin(stated, stated.c.id == new.c.subject_id)
        .outerjoin(alike, alike.c.number == stated.c.number)
        .where(sa.or_(stated.c.id.is_(None), _day(alike.c.since) == _day(new.c.since)))
        .order_by(new.c.subject_id)
    )


def _day(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return a day of binding that equals itself where there is none, too."""
    return sa.func.coalesce(column, sa.literal_column("'-infinity'::date"))
