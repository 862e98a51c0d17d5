"""Build tallies, duty years and rollups again from what lies below, for the ledger check."""

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.ledger import queries
from backend.ledger.exemptions import ledger_of
from backend.ledger.models import DutyYear, Posting, Rollup, SubjectKind, Tally
from backend.ledger.rulepack import RulePack, base_of
from backend.ledger.subjects import Subject, bound_subjects
from backend.ledger.verdicts import Holding, MonthCount, pattern_of

Rows = dict[Any, Any]


def tallies(session: Session) -> Rows:
    """Return (subject, kind, month) -> (occasions, late, amount), from the live postings."""
    month = sa.cast(sa.func.date_trunc("month", Posting.occurred_on), sa.Date).label("month")
    keys = (Posting.subject_kind, Posting.subject_id, Posting.kind, month)
    occasions = (
        sa.select(
            *keys,
            sa.func.bool_and(Posting.late).label("late"),
            sa.func.sum(Posting.amount).label("amount"),
        )
        .where(queries.LIVE)
        .group_by(*keys, Posting.occasion)
        .subquery()
    )
    c = occasions.c
    rows = session.execute(
        sa.select(
            c.subject_kind,
            c.subject_id,
            c.kind,
            c.month,
            sa.func.count(),
            sa.func.count().filter(c.late),
            sa.cast(sa.func.sum(c.amount), sa.BigInteger),
        ).group_by(c.subject_kind, c.subject_id, c.kind, c.month)
    )
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def stored_tallies(session: Session) -> Rows:
    rows = session.execute(
        sa.select(
            Tally.subject_kind,
            Tally.subject_id,
            Tally.kind,
            Tally.month,
            Tally.occasions,
            Tally.occasions_late,
            Tally.amount,
        ).where(Tally.occasions > 0)
    )
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def duty_years(session: Session, rules: RulePack) -> Rows:
    """Return (rule, subject, year) -> (place, pattern), from the stored tallies."""
    months: dict[tuple[SubjectKind, int, int], list[MonthCount]] = defaultdict(list)
    for (kind, subject_id, posted, month), counts in stored_tallies(session).items():
        months[kind, subject_id, month.year].append(MonthCount(posted, month, *counts[:2]))
    held = _holdings(session, {Subject(kind, id_) for kind, id_, _ in months})
    built = {}
    for rule in rules.rules:
        bound = _bound(session, rule.scope)
        for (kind, subject_id, year), counted in months.items():
            if kind is rule.subject and any(base_of(m.kind) in rule.kinds for m in counted):
                place, since = bound.get(subject_id, (None, None))
                holdings = held.get(Subject(kind, subject_id), ())
                pattern = pattern_of(rule, year, ledger_of(rule, year, counted, holdings, since))
                if pattern:
                    built[rule.id, kind, subject_id, year] = (place, pattern)
    return built


def _holdings(session: Session, subjects: set[Subject]) -> dict[Subject, list[Holding]]:
    """Read them a thousand at a time: a statement takes only so many values."""
    held: dict[Subject, list[Holding]] = {}
    everybody = sorted(subjects)
    for first in range(0, len(everybody), 1000):
        held |= queries.holdings_of(session, everybody[first : first + 1000])
    return held


def _bound(session: Session, scope: Any) -> dict[int, tuple[int, date | None]]:
    rows = session.execute(bound_subjects(scope))
    return {row.subject_id: (row.place_id, row.since) for row in rows}


def stored_duty_years(session: Session) -> Rows:
    rows = session.execute(
        sa.select(
            DutyYear.rule_id,
            DutyYear.subject_kind,
            DutyYear.subject_id,
            DutyYear.year,
            DutyYear.place_id,
            DutyYear.pattern,
        ).where(DutyYear.pattern > 0)
    )
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def rollups(session: Session) -> Rows:
    """Return (rule, year, place, pattern) -> subjects, from the stored duty years."""
    key = (DutyYear.rule_id, DutyYear.year, DutyYear.place_id, DutyYear.pattern)
    rows = session.execute(
        sa.select(*key, sa.func.count())
        .where(DutyYear.pattern > 0, DutyYear.place_id.is_not(None))
        .group_by(*key)
    )
    return {tuple(row[:4]): row[4] for row in rows}


def stored_rollups(session: Session) -> Rows:
    rows = session.execute(
        sa.select(
            Rollup.rule_id, Rollup.year, Rollup.place_id, Rollup.pattern, Rollup.subjects
        ).where(Rollup.subjects > 0)
    )
    return {tuple(row[:4]): row[4] for row in rows}
