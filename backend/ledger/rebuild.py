"""Build tallies, duty years and rollups again from what lies below, for the ledger check."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.ledger import binding, queries
from backend.ledger.holdings import Holding, MonthCount, ledger_of
from backend.ledger.masks import masks_of
from backend.ledger.models import DutyYear, Posting, Rollup, StandingFact, Tally
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.subjects import Subject, bound_subjects

Rows = dict[Any, Any]


def tallies(session: Session) -> Rows:
    """Return (subject, kind, month) -> (occasions, late, amount, amount late), from postings."""
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
    by = (c.subject_kind, c.subject_id, c.kind, c.month)
    rows = session.execute(sa.select(*by, *queries.counted(c.late, c.amount)).group_by(*by))
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
            Tally.amount_late,
        ).where(Tally.occasions > 0)
    )
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def duty_years(session: Session, rules: RulePack) -> Rows:
    """Return (rule, subject, year) -> (place, since, done, owed, exempt), from tallies and facts.

    Who is bound in the open years the scopes say; in a year that is over, the year itself.
    """
    state, today, built = _State(session), clock.today(), {}
    for rule in rules.computed:
        for subject, year, place, since in _bound(session, rule):
            ledger = ledger_of(
                rule,
                year,
                state.months.get((subject, year), ()),
                state.holdings.get(subject, ()),
                since,
                today=today,
            )
            masks = masks_of(rule, ledger)
            key = (rule.id, subject.kind, subject.id, year)
            built[key] = (place, since, masks.done, masks.owed, masks.exempt)
    return built


class _State:
    """All the tallies and standing facts there are, by subject."""

    def __init__(self, session: Session) -> None:
        self.months: dict[tuple[Subject, int], list[MonthCount]] = defaultdict(list)
        for (kind, id_, posted, month), counts in stored_tallies(session).items():
            self.months[Subject(kind, id_), month.year].append(MonthCount(posted, month, *counts))
        self.holdings: dict[Subject, list[Holding]] = defaultdict(list)
        facts = sa.select(
            StandingFact.subject_kind,
            StandingFact.subject_id,
            StandingFact.kind,
            StandingFact.starts_on,
            StandingFact.ends_on,
            StandingFact.source_id,
        )
        for row in session.execute(facts):
            self.holdings[Subject(row[0], row[1])].append(Holding(*row[2:]))


def _bound(session: Session, rule: Rule) -> Iterator[tuple[Subject, int, int, date | None]]:
    assert rule.subject is not None  # noqa: S101  # a rule that is computed binds somebody
    live = [year for year in binding.open_years() if rule.in_force(year)]
    bound = session.execute(bound_subjects(rule)).all() if live else []
    for year in live:
        for row in bound:
            yield Subject(rule.subject, row.subject_id), year, row.place_id, row.since
    over = sa.select(
        DutyYear.subject_id, DutyYear.year, DutyYear.place_id, DutyYear.bound_since
    ).where(
        DutyYear.rule_id == rule.id,
        DutyYear.year < binding.open_years()[0],
        DutyYear.place_id.is_not(None),
    )
    for id_, year, place_id, since in session.execute(over):
        yield Subject(rule.subject, id_), year, place_id or 0, since


def stored_duty_years(session: Session) -> Rows:
    rows = session.execute(
        sa.select(
            DutyYear.rule_id,
            DutyYear.subject_kind,
            DutyYear.subject_id,
            DutyYear.year,
            DutyYear.place_id,
            DutyYear.bound_since,
            DutyYear.done,
            DutyYear.owed,
            DutyYear.exempt,
        ).where(sa.or_(DutyYear.place_id.is_not(None), DutyYear.owed > 0))
    )
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


_ROLLED = ("rule_id", "year", "place_id", "done", "owed", "exempt")


def rollups(session: Session) -> Rows:
    """Return (rule, year, place, done, owed, exempt) -> subjects, from the stored duty years."""
    key = [getattr(DutyYear, name) for name in _ROLLED]
    rows = session.execute(
        sa.select(*key, sa.func.count())
        .where(DutyYear.owed > 0, DutyYear.place_id.is_not(None))
        .group_by(*key)
    )
    return {tuple(row[:6]): row[6] for row in rows}


def stored_rollups(session: Session) -> Rows:
    key = [getattr(Rollup, name) for name in _ROLLED]
    rows = session.execute(sa.select(*key, Rollup.subjects).where(Rollup.subjects != 0))
    return {tuple(row[:6]): row[6] for row in rows}
