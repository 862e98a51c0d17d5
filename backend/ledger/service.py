"""Write the ledger, in the transaction of the confirmation that earns the posting.

Lock order, the same for everybody: duty years (by rule, subject, year), then the tally, then the
rollups. Whoever writes for a subject waits for whoever writes for it already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock
from backend.ledger import binding, duty_years, queries
from backend.ledger.duty_years import Row
from backend.ledger.models import Posting, StandingFact, Tally
from backend.ledger.periods import month_of
from backend.ledger.rulepack import RulePack, exemption_kind
from backend.ledger.subjects import Subject


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
    locked = _lock(session, rules, entry.kind, entry.subject, entry.occurred_on)
    binds = {row.rule_id for row in locked if row.place_id is not None}
    closes = rules.period_closed_by(entry.kind, entry.occurred_on, binds)
    posting = Posting(
        kind=entry.kind,
        subject_kind=entry.subject.kind,
        subject_id=entry.subject.id,
        occurred_on=entry.occurred_on,
        recorded_on=entry.recorded_on,
        late=entry.recorded_on > closes,
        amount=entry.amount,
        occasion=entry.occasion,
        source_type=entry.source.type,
        source_id=entry.source.id,
        revision=_next_revision(session, entry),
        area_id=entry.area_id,
    )
    session.add(posting)
    _recount(session, rules, entry.kind, entry.subject, entry.occurred_on, locked)
    return posting


def reverse(session: Session, rules: RulePack, source: Source) -> None:
    """Take back every live posting of `source`. Nothing to take back is no error."""
    for posting in session.scalars(queries.live_postings(source.type, source.id)).all():
        subject = Subject(posting.subject_kind, posting.subject_id)
        locked = _lock(session, rules, posting.kind, subject, posting.occurred_on)
        session.add(_reversal_of(posting))
        _recount(session, rules, posting.kind, subject, posting.occurred_on, locked)


def hold(
    session: Session,
    rules: RulePack,
    kind: str,
    subject: Subject,
    source: Source,
    *,
    starts_on: date,
    area_id: int | None = None,
) -> None:
    """Open a standing fact. A second open one of the same source is an IntegrityError."""
    locked = _lock_since(session, rules, kind, subject, starts_on.year)
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
    _state_again(session, rules, kind, subject, locked)


def hold_again(
    session: Session, rules: RulePack, kind: str, subject: Subject, source: Source
) -> None:
    """Hold from today what may have been held before: what ended today goes on."""
    today = clock.today()
    locked = _lock_since(session, rules, kind, subject, today.year)
    again = sa.and_(_facts(kind, source), StandingFact.ends_on == today)
    lasted = StandingFact.starts_on < StandingFact.ends_on
    resumed = sa.update(StandingFact).where(again, lasted).values(ends_on=None)
    if session.scalars(resumed.returning(StandingFact.id)).all():
        _state_again(session, rules, kind, subject, locked)
    else:
        hold(session, rules, kind, subject, source, starts_on=today)


def release(
    session: Session, rules: RulePack, kind: str, subject: Subject, source: Source, *, ends_on: date
) -> None:
    """Close the open fact of `source`; one that would only begin later never held at all."""
    locked = _lock_since(session, rules, kind, subject, ends_on.year)
    still = sa.and_(_facts(kind, source), StandingFact.ends_on.is_(None))
    ends = sa.func.greatest(StandingFact.starts_on, ends_on)
    session.execute(sa.update(StandingFact).where(still).values(ends_on=ends))
    _state_again(session, rules, kind, subject, locked)


def void(session: Session, rules: RulePack, kind: str, subject: Subject, source: Source) -> None:
    """Let the facts of `source` never have held: it was a mistake."""
    first = session.scalar(
        sa.select(sa.func.min(StandingFact.starts_on)).where(_facts(kind, source))
    )
    if first is None:
        return
    locked = _lock_since(session, rules, kind, subject, first.year)
    never = {"ends_on": StandingFact.starts_on}
    session.execute(sa.update(StandingFact).where(_facts(kind, source)).values(never))
    _state_again(session, rules, kind, subject, locked)


def exempt(
    session: Session,
    rules: RulePack,
    rule_ids: Iterable[str],
    subject: Subject,
    source: Source,
    *,
    starts_on: date,
) -> None:
    """Free a subject of its duties under some rules until `end_exemption`."""
    for rule_id in sorted(rule_ids):
        hold(session, rules, exemption_kind(rule_id), subject, source, starts_on=starts_on)


def end_exemption(
    session: Session,
    rules: RulePack,
    rule_ids: Iterable[str],
    subject: Subject,
    source: Source,
    *,
    starts_on: date,
    ends_on: date,
) -> None:
    """Bind the subject again; with `ends_on` = `starts_on` it was never free."""
    for rule_id in sorted(rule_ids):
        kind = exemption_kind(rule_id)
        locked = _lock_since(session, rules, kind, subject, starts_on.year)
        session.execute(sa.update(StandingFact).where(_facts(kind, source)).values(ends_on=ends_on))
        _state_again(session, rules, kind, subject, locked)


def _facts(kind: str, source: Source) -> sa.ColumnElement[bool]:
    return sa.and_(
        StandingFact.kind == kind,
        StandingFact.source_type == source.type,
        StandingFact.source_id == source.id,
    )


def _lock(session: Session, rules: RulePack, kind: str, subject: Subject, day: date) -> list[Row]:
    """Lock the subject's year, or where no rule looks at the kind, the tally itself."""
    touched = rules.touched_by(kind, subject.kind)
    if not touched:
        _lock_tally(session, kind, subject, month_of(day))
    return duty_years.lock(session, touched, [subject], day.year)


def _lock_tally(session: Session, kind: str, subject: Subject, month: date) -> None:
    key = {"subject_kind": subject.kind, "subject_id": subject.id, "kind": kind, "month": month}
    there = insert(Tally).values(**key)
    session.execute(
        there.on_conflict_do_update(constraint="pk_tally", set_={"kind": there.excluded.kind})
    )


def _lock_since(
    session: Session, rules: RulePack, kind: str, subject: Subject, year: int
) -> list[Row]:
    """Lock the years that a fact changes which is so from `year` on; those that are open are
    created, so that whoever makes the rows of the next year waits for it."""
    touched = rules.touched_by(kind, subject.kind)
    names = [rule.id for rule in touched]
    rows = duty_years.lock_there(session, names, [subject], year)
    there = {(row.rule_id, row.year) for row in rows}
    missing = [y for y in binding.open_years() if any((name, y) not in there for name in names)]
    for open_year in missing:
        duty_years.lock(session, touched, [subject], open_year)
    return duty_years.lock_there(session, names, [subject], year) if missing else rows


def _state_again(
    session: Session, rules: RulePack, kind: str, subject: Subject, locked: list[Row]
) -> None:
    session.flush()
    duty_years.restate(session, rules, locked)
    if rules.bound_by(kind, subject.kind):
        binding.rebind(session, rules, [subject])


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
    session: Session, rules: RulePack, kind: str, subject: Subject, day: date, locked: list[Row]
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
    duty_years.restate(session, rules, locked)
