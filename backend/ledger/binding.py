"""Keeps duty years in step with whom the rules bind: at New Year, and when a scope changes.

Whoever a rule binds has a year; whoever it does not any more stands nowhere in it. Only the years
that are open change: a year that is over keeps who was bound in it, and where.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from functools import partial

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.ledger import duty_years, making
from backend.ledger.duty_years import Judge
from backend.ledger.making import EVERYBODY, Ids, Span
from backend.ledger.models import DutyYear, StandingFact, SubjectKind
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.subjects import Bound, Rows, Subject, bound_subjects

# So many subjects at a time, each in a transaction of its own: nobody waits long for one.
BATCH = 2000
# And more of a year of which there is nothing yet, for which hardly anybody waits.
BATCH_OF_NEW = 5000
# So many rules at once: one computes while the database works for another.
HANDS = 2
# Who confirms goes first: a batch that would wait longer gives way and is tried again.
GIVE_WAY, TRIES, PAUSE_SECONDS = "200ms", 50, 0.2
# A worker that was away for weeks catches up with what began or ended meanwhile.
DAYS_BACK = 62

Which = Callable[[Ids], sa.ColumnElement[bool]]


def open_years() -> tuple[int, ...]:
    """Return the years that follow whom the rules bind; from December on the next one, so that it
    is there when it begins."""
    today = clock.today()
    return (today.year, today.year + 1) if today.month == 12 else (today.year,)


def unbound_years(session: Session) -> set[int]:
    """Return the years of which there are duty years, but in which nobody stands: a migration has
    emptied them. Others that are over keep who was bound in them."""
    nobody = sa.func.count(DutyYear.place_id) == 0
    return set(session.scalars(sa.select(DutyYear.year).group_by(DutyYear.year).having(nobody)))


def rebind(session: Session, rules: RulePack, subjects: Iterable[Subject]) -> int:
    """Bring the open years of subjects in step, in the transaction that changes who is bound.

    All of them are locked before the first rollup is written, as by everybody else.
    """
    by_kind: dict[SubjectKind | None, list[int]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject.id)
    locked: list[duty_years.Part] = [
        _lock_changed(session, rule, year, partial(_is_one_of, ids))
        for rule in _in_order(rules)
        if (ids := by_kind[rule.subject])
        for year in open_years()
    ]
    return duty_years.restate_each(session, rules, locked)


def rebind_all(database: Database, rules: RulePack, years: Iterable[int]) -> int:
    """Bring whole years in step, batch by batch, some rules at once; return how many duty years
    changed.

    May run twice, and beside anything else: rows and rollups of one rule are of no other.
    """
    changed = 0
    for year in years:
        with ThreadPoolExecutor(min(HANDS, database.at_once), "rebind") as hands:
            bound = [
                # Each with the clock of who asked.
                hands.submit(copy_context().run, _rebind_rule, database, rules, rule, year)
                for rule in _in_order(rules)
            ]
            try:
                changed += sum(one.result() for one in bound)
            finally:
                hands.shutdown(cancel_futures=True)
        changed += _patiently(database, partial(_retire, rules=rules, year=year))
    return changed


def _rebind_rule(database: Database, rules: RulePack, rule: Rule, year: int) -> int:
    changed, judge = 0, Judge(rules)
    for span, wanted in _batches(database, rule, year):
        act = partial(_rebind, rules=rules, judge=judge, rule=rule, year=year, span=span)
        changed += _patiently(database, partial(act, wanted=wanted))
    return changed


def rebind_year(session: Session, rules: RulePack, *years: int) -> int:
    """Bring whole years in step in one transaction: of a city that nobody uses yet."""
    changed = 0
    for year in years:
        for rule in _in_order(rules):
            changed += _rebind(session, rules, Judge(rules), rule, year, EVERYBODY)
        changed += _retire(session, rules, year)
    return changed


def restate_year(session: Session, rules: RulePack, *years: int) -> int:
    """State whole years anew in one transaction, where a clock was moved meanwhile."""
    subjects = sa.select(DutyYear.subject_kind, DutyYear.subject_id).where(DutyYear.year.in_(years))
    found = [Subject(*row) for row in session.execute(subjects.distinct())]
    names = [rule.id for rule in _in_order(rules)]
    rows = duty_years.lock_there(session, names, found, min(years), max(years))
    return duty_years.restate(session, rules, rows)


def _in_order(rules: RulePack) -> list[Rule]:
    return sorted(rules.computed, key=lambda rule: rule.id)


def _is_one_of(ids: Sequence[int], column: Ids) -> sa.ColumnElement[bool]:
    # As one value: a city's members are more than a statement has room for parameters.
    return column == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.BigInteger())))


def _lies_in(span: Span, column: Ids) -> sa.ColumnElement[bool]:
    return column.between(*span)


def _batches(database: Database, rule: Rule, year: int) -> list[tuple[Span, int]]:
    """Return spans of ids that together hold everybody whom the rule binds otherwise than before,
    and how many of them each holds: mostly nobody, and ids have gaps."""
    changed = _differing(rule, year, partial(_lies_in, EVERYBODY)).subquery()
    there = sa.exists().where(DutyYear.rule_id == rule.id, DutyYear.year == year)
    with database.transaction() as session:
        size = BATCH if session.scalar(sa.select(there)) else BATCH_OF_NEW
        number = sa.func.row_number().over(order_by=changed.c.subject_id)
        batch = ((number - 1) // size).label("batch")
        numbered = sa.select(changed.c.subject_id, batch).subquery()
        first, last = (f(numbered.c.subject_id) for f in (sa.func.min, sa.func.max))
        spans = sa.select(first, last, sa.func.count()).group_by(numbered.c.batch).order_by(first)
        return [(Span(*ids), number) for *ids, number in session.execute(spans)]


def _patiently(database: Database, act: Callable[[Session], int]) -> int:
    """Do something in a transaction that gives way to whoever else writes."""
    for _ in range(TRIES):
        try:
            with database.transaction() as session:
                session.execute(sa.text(f"SET LOCAL lock_timeout = '{GIVE_WAY}'"))
                return act(session)
        except sa.exc.OperationalError as error:
            if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise
            time.sleep(PAUSE_SECONDS)
    with database.transaction() as session:
        return act(session)


def _rebind(
    session: Session,
    rules: RulePack,
    judge: Judge,
    rule: Rule,
    year: int,
    span: Span,
    wanted: int | None = None,
) -> int:
    """`wanted`: how many there are to be changed in the span, where that is known."""
    made = making.make(session, judge, rule, year, span)
    if made == wanted:
        return made
    rows, bounds = _lock_changed(session, rule, year, partial(_lies_in, span))
    return made + duty_years.restate(session, rules, rows, bounds)


Changed = tuple[list[duty_years.Row], dict[tuple[str, Subject], Bound | None]]


def _lock_changed(session: Session, rule: Rule, year: int, which: Which) -> Changed:
    """Lock the years of whom a rule binds otherwise than they say; return them, and how it does."""
    bounds = dict(_changes(session, rule, year, which))
    if not bounds:
        return [], {}
    wanted = sorted(bounds)
    # Made blank where there is none.
    duty_years.create(session, [(rule.id, s) for s in wanted], [None] * len(wanted), year)
    rows = duty_years.lock(session, [rule], wanted, year)
    return rows, {(rule.id, subject): bound for subject, bound in bounds.items()}


def _changes(
    session: Session, rule: Rule, year: int, which: Which
) -> Iterator[tuple[Subject, Bound | None]]:
    """Yield whom a rule binds otherwise than the year says, and how."""
    assert rule.subject is not None  # noqa: S101  # a rule that is computed binds somebody
    for id_, place_id, since in session.execute(_differing(rule, year, which)):
        bound_now = None if place_id is None else Bound(place_id, since)
        yield Subject(rule.subject, id_), bound_now


def _differing(rule: Rule, year: int, which: Which) -> Rows:
    """Select (subject_id, place_id, since) of whom a rule binds otherwise than the year says;
    place NULL: not at all."""
    bound = bound_subjects(rule).subquery()
    now = sa.select(bound).where(which(bound.c.subject_id), sa.literal(rule.in_force(year)))
    was = sa.select(DutyYear.subject_id, DutyYear.place_id, DutyYear.bound_since).where(
        DutyYear.rule_id == rule.id,
        DutyYear.subject_kind == rule.subject,
        DutyYear.year == year,
        DutyYear.place_id.is_not(None),
        which(DutyYear.subject_id),
    )
    new, old = now.subquery(), was.subquery()
    id_ = sa.func.coalesce(new.c.subject_id, old.c.subject_id).label("subject_id")
    return (
        sa.select(id_, new.c.place_id, new.c.since)
        .select_from(new.join(old, new.c.subject_id == old.c.subject_id, full=True))
        .where(
            sa.or_(
                new.c.place_id.is_distinct_from(old.c.place_id),
                new.c.since.is_distinct_from(old.c.bound_since),
            )
        )
    )


def _retire(session: Session, rules: RulePack, year: int) -> int:
    """Let nobody stand in a year under a rule that the pack has no more, or cannot compute."""
    live = [rule.id for rule in rules.computed]
    gone = sa.select(DutyYear.rule_id, DutyYear.subject_kind, DutyYear.subject_id).where(
        DutyYear.year == year, DutyYear.place_id.is_not(None), DutyYear.rule_id.not_in(live)
    )
    by_rule: dict[tuple[str, SubjectKind], list[Subject]] = defaultdict(list)
    for rule_id, kind, id_ in session.execute(gone).all():
        by_rule[rule_id, kind].append(Subject(kind, id_))
    changed = 0
    for (rule_id, _), subjects in sorted(by_rule.items()):
        rows = duty_years.lock_there(session, [rule_id], subjects, year, year)
        nowhere = {(rule_id, row.subject): None for row in rows}
        changed += duty_years.restate(session, rules, rows, nowhere)
    return changed


def turn_day(database: Database, rules: RulePack) -> int:
    """Restate whom a standing fact concerns that has begun or ended in the last days."""
    today = clock.today()
    lately = (today - timedelta(days=DAYS_BACK), today)
    turned = sa.select(StandingFact.kind, StandingFact.subject_kind, StandingFact.subject_id).where(
        sa.or_(StandingFact.starts_on.between(*lately), StandingFact.ends_on.between(*lately))
    )
    with database.transaction() as session:
        found = session.execute(turned.distinct()).all()
    wanted: dict[tuple[str, SubjectKind], list[int]] = {}
    for kind, subject_kind, id_ in found:
        wanted.setdefault((kind, subject_kind), []).append(id_)
    changed = 0
    for (kind, subject_kind), ids in sorted(wanted.items()):
        changed += _turn(database, rules, kind, [Subject(subject_kind, id_) for id_ in sorted(ids)])
    return changed


def _turn(database: Database, rules: RulePack, kind: str, subjects: Sequence[Subject]) -> int:
    touched = rules.touched_by(kind, subjects[0].kind)
    if not touched:
        return 0
    since, changed = (clock.today() - timedelta(days=DAYS_BACK)).year, 0
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        changed += _patiently(
            database,
            partial(restate_since, rules=rules, touched=touched, subjects=some, year=since),
        )
    return changed


def restate_since(
    session: Session,
    rules: RulePack,
    touched: Iterable[Rule],
    subjects: Sequence[Subject],
    year: int,
) -> int:
    """Restate the duty years of a year and later that stand under some rules."""
    names = sorted(rule.id for rule in touched)
    rows = duty_years.lock_there(session, names, subjects, year)
    return duty_years.restate(session, rules, rows)
