"""Duty years and the rollups counted from them: locked first by whoever writes for a subject."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.ledger import queries
from backend.ledger.exemptions import ledger_of
from backend.ledger.models import DutyYear, Rollup
from backend.ledger.rulepack import Rule
from backend.ledger.subjects import Bound, Subject, find_bounds
from backend.ledger.verdicts import pattern_of


@dataclass(frozen=True)
class Locked:
    """A duty year we hold the lock of, and its subject as the rule sees it."""

    rule: Rule
    year: DutyYear
    bound: Bound | None


def lock(session: Session, rules: Iterable[Rule], subject: Subject, year: int) -> list[Locked]:
    """Lock the duty year of each rule, creating it where there is none."""
    locked, rules = [], list(rules)
    bounds = find_bounds(session, {rule.scope: subject.id for rule in rules})
    for rule in rules:
        key = {"rule_id": rule.id, "subject_kind": subject.kind, "subject_id": subject.id}
        bound = bounds.get(rule.scope)
        session.execute(
            insert(DutyYear)
            .values(**key, year=year, place_id=bound.place_id if bound else None)
            .on_conflict_do_nothing()
        )
        row = session.get_one(
            DutyYear,
            (rule.id, subject.kind, subject.id, year),
            with_for_update=True,
            populate_existing=True,
        )
        locked.append(Locked(rule, row, bound))
    return locked


def bring_up_to_date(session: Session, subject: Subject, locked: Iterable[Locked]) -> None:
    """Write the pattern of each locked year anew, and move the subject within its rollup."""
    holdings = queries.holdings_of(session, [subject]).get(subject, [])
    for duty in locked:
        year, since = duty.year.year, duty.bound.since if duty.bound else None
        months = queries.months_of(session, [subject], year).get(subject, [])
        ledger = ledger_of(duty.rule, year, months, holdings, since)
        _move(session, duty.year, pattern_of(duty.rule, year, ledger))
        session.flush()


def take_out(session: Session, subject: Subject) -> None:
    """Let a subject that is gone stand nowhere in the statistics; what was posted stays posted."""
    standing = (
        sa.select(DutyYear)
        .where(
            DutyYear.subject_kind == subject.kind,
            DutyYear.subject_id == subject.id,
            DutyYear.place_id.is_not(None),
        )
        .order_by(DutyYear.rule_id, DutyYear.year)
        .with_for_update()
    )
    for year in session.scalars(standing).all():
        if year.pattern:
            _add_to_rollup(session, year, year.pattern, -1)
        year.place_id = None
    session.flush()


def _move(session: Session, year: DutyYear, pattern: int) -> None:
    moved = [(year.pattern, -1), (pattern, +1)]
    if pattern != year.pattern and year.place_id is not None:
        for bits, change in sorted(moved):
            if bits:
                _add_to_rollup(session, year, bits, change)
    year.pattern = pattern


def _add_to_rollup(session: Session, year: DutyYear, pattern: int, change: int) -> None:
    session.execute(
        insert(Rollup)
        .values(
            rule_id=year.rule_id,
            year=year.year,
            place_id=year.place_id,
            pattern=pattern,
            subjects=max(change, 0),
        )
        .on_conflict_do_update(constraint="pk_rollup", set_={"subjects": Rollup.subjects + change})
    )
