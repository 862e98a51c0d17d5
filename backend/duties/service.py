"""Write the ledger, in the transaction of the confirmation that earns the posting.

Lock order, the same for everybody: duty years (by rule, subject, year), then the tally, then the
rollups (by pattern). Whoever posts for a subject waits for whoever posts for it already.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock
from backend.duties import queries
from backend.duties.models import DutyYear, Posting, Rollup, StandingFact, Tally
from backend.duties.periods import month_of
from backend.duties.rulepack import Rule, RulePack
from backend.duties.subjects import Bound, Subject, find_bound
from backend.duties.verdicts import Ledger, pattern_of


@dataclass(frozen=True)
class Source:
    """The row of a capability from which a posting or fact comes: its table and id."""

    type: str
    id: int


@dataclass(frozen=True)
class Entry:
    """One countable fact as its capability states it. `occasion` is what counts as one."""

    kind: str
    subject: Subject
    source: Source
    occurred_on: date
    recorded_on: date
    occasion: str
    amount: int = 1
    area_id: int | None = None


def post(session: Session, rules: RulePack, entry: Entry) -> Posting:
    """Post `entry`; while a posting of the same source and kind lives, an IntegrityError."""
    locked = _lock(session, rules, entry.kind, entry.subject, entry.occurred_on.year)
    posting = Posting(
        kind=entry.kind,
        subject_kind=entry.subject.kind,
        subject_id=entry.subject.id,
        occurred_on=entry.occurred_on,
        recorded_on=entry.recorded_on,
        late=entry.recorded_on > rules.period_closed_by(entry.kind, entry.occurred_on),
        amount=entry.amount,
        occasion=entry.occasion,
        source_type=entry.source.type,
        source_id=entry.source.id,
        revision=_next_revision(session, entry),
        area_id=entry.area_id,
    )
    session.add(posting)
    _recount(session, entry.kind, entry.subject, entry.occurred_on, locked)
    return posting


def reverse(session: Session, rules: RulePack, source: Source) -> None:
    """Take back every live posting of `source`. Nothing to take back is no error."""
    for posting in session.scalars(queries.live_postings(source.type, source.id)).all():
        subject = Subject(posting.subject_kind, posting.subject_id)
        locked = _lock(session, rules, posting.kind, subject, posting.occurred_on.year)
        session.add(_reversal_of(posting))
        _recount(session, posting.kind, subject, posting.occurred_on, locked)


def hold(
    session: Session,
    kind: str,
    subject: Subject,
    source: Source,
    *,
    starts_on: date,
    area_id: int | None = None,
) -> None:
    """Open a standing fact. A second open one of the same source is an IntegrityError."""
    session.add(
        StandingFact(
            kind=kind,
            subject_kind=subject.kind,
            subject_id=subject.id,
            starts_on=starts_on,
            source_type=source.type,
            source_id=source.id,
            area_id=area_id,
        )
    )


def release(session: Session, kind: str, source: Source, *, ends_on: date) -> None:
    """Close the open fact of `source`; one that would only begin later never held at all."""
    session.execute(
        sa.update(StandingFact)
        .where(
            StandingFact.kind == kind,
            StandingFact.source_type == source.type,
            StandingFact.source_id == source.id,
            StandingFact.ends_on.is_(None),
        )
        .values(ends_on=sa.func.greatest(StandingFact.starts_on, ends_on))
    )


@dataclass(frozen=True)
class _Locked:
    """A duty year we hold the lock of, and its subject as the rule sees it."""

    rule: Rule
    year: DutyYear
    bound: Bound | None


def _lock(
    session: Session, rules: RulePack, kind: str, subject: Subject, year: int
) -> list[_Locked]:
    """Lock the duty year of each rule that counts `kind`, creating it where there is none."""
    locked = []
    for rule in rules.counting_rules(kind, subject.kind):
        key = {"rule_id": rule.id, "subject_kind": subject.kind, "subject_id": subject.id}
        bound = find_bound(session, rule.scope, subject.id)
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
        locked.append(_Locked(rule, row, bound))
    return locked


def _next_revision(session: Session, entry: Entry) -> int:
    earlier = sa.select(sa.func.max(Posting.revision)).where(
        Posting.kind == entry.kind,
        Posting.source_type == entry.source.type,
        Posting.source_id == entry.source.id,
        Posting.subject_kind == entry.subject.kind,
        Posting.subject_id == entry.subject.id,
        # Only what was taken back may be posted again; else the unique index refuses.
        sa.exists().where(_REVERSAL.reverses_id == Posting.id),
    )
    return int(session.scalar(earlier) or 0) + 1


_REVERSAL = sa.orm.aliased(Posting)


def _reversal_of(posting: Posting) -> Posting:
    copied = ("kind", "subject_kind", "subject_id", "occurred_on", "late", "occasion", "area_id",
              "source_type", "source_id")  # fmt: skip
    return Posting(
        **{name: getattr(posting, name) for name in copied},
        recorded_on=clock.today(),
        amount=-posting.amount,
        revision=0,
        reverses_id=posting.id,
    )


def _recount(
    session: Session, kind: str, subject: Subject, day: date, locked: list[_Locked]
) -> None:
    """Count the month again from its postings, then bring duty years and rollups after it."""
    session.flush()
    counts = session.execute(queries.count_month(kind, subject, month_of(day))).one()
    values = counts._asdict()
    key = {"subject_kind": subject.kind, "subject_id": subject.id, "kind": kind}
    session.execute(
        insert(Tally)
        .values(**key, month=month_of(day), **values)
        .on_conflict_do_update(constraint="pk_tally", set_=values)
    )
    for duty in locked:
        _repattern(session, subject, duty)


def _repattern(session: Session, subject: Subject, duty: _Locked) -> None:
    months = queries.months_of(session, [subject], duty.year.year).get(subject, [])
    since = duty.bound.since if duty.bound else None
    pattern = pattern_of(duty.rule, duty.year.year, Ledger(months, bound_since=since))
    moved = [(duty.year.pattern, -1), (pattern, +1)]
    if pattern != duty.year.pattern and duty.year.place_id is not None:
        for bits, change in sorted(moved):
            if bits:
                _add_to_rollup(session, duty.year, bits, change)
    duty.year.pattern = pattern
    session.flush()


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
