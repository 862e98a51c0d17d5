"""Write the ledger, in the transaction of the confirmation that earns the posting.

Lock order, the same for everybody: duty years (by rule, subject, year), then the tally, then the
rollups. Whoever writes for a subject waits for whoever writes for it already. A step that tells the
ledger several things does so within `one_change`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.ledger import queries
from backend.ledger.changes import one_change
from backend.ledger.models import Posting, StandingFact
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
    with one_change(session, rules) as change:
        locked = change.lock(entry.kind, entry.subject, entry.occurred_on)
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
    return posting


def reverse(session: Session, rules: RulePack, source: Source) -> None:
    """Take back every live posting of `source`. Nothing to take back is no error."""
    with one_change(session, rules) as change:
        for posting in session.scalars(queries.live_postings(source.type, source.id)).all():
            subject = Subject(posting.subject_kind, posting.subject_id)
            change.lock(posting.kind, subject, posting.occurred_on)
            session.add(_reversal_of(posting))


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
    with one_change(session, rules) as change:
        change.lock_since(kind, subject, starts_on.year)
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


def hold_again(
    session: Session, rules: RulePack, kind: str, subject: Subject, source: Source
) -> None:
    """Hold from today what may have been held before: what ended today goes on."""
    today = clock.today()
    with one_change(session, rules) as change:
        change.lock_since(kind, subject, today.year)
        again = sa.and_(_facts(kind, source), StandingFact.ends_on == today)
        lasted = StandingFact.starts_on < StandingFact.ends_on
        resumed = sa.update(StandingFact).where(again, lasted).values(ends_on=None)
        if not session.scalars(resumed.returning(StandingFact.id)).all():
            hold(session, rules, kind, subject, source, starts_on=today)


def release(
    session: Session, rules: RulePack, kind: str, subject: Subject, source: Source, *, ends_on: date
) -> None:
    """Close the open fact of `source`; one that would only begin later never held at all."""
    with one_change(session, rules) as change:
        change.lock_since(kind, subject, ends_on.year)
        still = sa.and_(_facts(kind, source), StandingFact.ends_on.is_(None))
        ends = sa.func.greatest(StandingFact.starts_on, ends_on)
        session.execute(sa.update(StandingFact).where(still).values(ends_on=ends))


def void(session: Session, rules: RulePack, kind: str, subject: Subject, source: Source) -> None:
    """Let the facts of `source` never have held: it was a mistake."""
    first = session.scalar(
        sa.select(sa.func.min(StandingFact.starts_on)).where(_facts(kind, source))
    )
    if first is None:
        return
    with one_change(session, rules) as change:
        change.lock_since(kind, subject, first.year)
        never = {"ends_on": StandingFact.starts_on}
        session.execute(sa.update(StandingFact).where(_facts(kind, source)).values(never))


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
    with one_change(session, rules):
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
    with one_change(session, rules) as change:
        for kind in map(exemption_kind, sorted(rule_ids)):
            change.lock_since(kind, subject, starts_on.year)
            ended = sa.update(StandingFact).where(_facts(kind, source)).values(ends_on=ends_on)
            session.execute(ended)


def _facts(kind: str, source: Source) -> sa.ColumnElement[bool]:
    return sa.and_(
        StandingFact.kind == kind,
        StandingFact.source_type == source.type,
        StandingFact.source_id == source.id,
    )


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
