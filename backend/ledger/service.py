"""Write the ledger, in the transaction of the confirmation that earns the posting.

Lock order, the same for everybody: duty years (by rule, subject, year), then the tally, then the
rollups (by pattern). Whoever posts for a subject waits for whoever posts for it already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core import clock
from backend.ledger import duty_years, queries
from backend.ledger.duty_years import Locked
from backend.ledger.exemptions import kind_of
from backend.ledger.models import Posting, StandingFact, Tally
from backend.ledger.periods import month_of
from backend.ledger.rulepack import RulePack
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
    still = sa.and_(_facts(kind, source), StandingFact.ends_on.is_(None))
    ends = sa.func.greatest(StandingFact.starts_on, ends_on)
    session.execute(sa.update(StandingFact).where(still).values(ends_on=ends))


def void(session: Session, kind: str, source: Source) -> None:
    """Let the facts of `source` never have held: it was a mistake."""
    never = {"ends_on": StandingFact.starts_on}
    session.execute(sa.update(StandingFact).where(_facts(kind, source)).values(never))


def bind(
    session: Session,
    rules: RulePack,
    kind: str,
    subject: Subject,
    source: Source,
    *,
    starts_on: date,
) -> None:
    """Hold a fact while which the subject owes something; what ended today goes on."""
    again = sa.and_(_facts(kind, source), StandingFact.ends_on == starts_on)
    lasted = StandingFact.starts_on < StandingFact.ends_on
    resumed = sa.update(StandingFact).where(again, lasted).values(ends_on=None)
    if not session.scalars(resumed.returning(StandingFact.id)).all():
        hold(session, kind, subject, source, starts_on=starts_on)
    session.flush()
    _judge_again(session, rules, _bound_ids(rules, kind), subject, starts_on.year)


def unbind(
    session: Session, rules: RulePack, kind: str, subject: Subject, source: Source, *, ends_on: date
) -> None:
    """End such a fact: the period it ends in is not owed any more."""
    release(session, kind, source, ends_on=ends_on)
    _judge_again(session, rules, _bound_ids(rules, kind), subject, ends_on.year)


def _bound_ids(rules: RulePack, kind: str) -> list[str]:
    return [rule.id for rule in rules.rules_bound_by(kind)]


def _facts(kind: str, source: Source) -> sa.ColumnElement[bool]:
    return sa.and_(
        StandingFact.kind == kind,
        StandingFact.source_type == source.type,
        StandingFact.source_id == source.id,
    )


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
        hold(session, kind_of(rule_id), subject, source, starts_on=starts_on)
    session.flush()
    _judge_again(session, rules, rule_ids, subject, starts_on.year)


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
        facts = sa.update(StandingFact).where(_facts(kind_of(rule_id), source))
        session.execute(facts.values(ends_on=ends_on))
    _judge_again(session, rules, rule_ids, subject, starts_on.year)


def _judge_again(
    session: Session, rules: RulePack, rule_ids: Iterable[str], subject: Subject, since: int
) -> None:
    """What a year asks has changed: whoever posts meanwhile waits for its row, or we for theirs."""
    counting = [rules.by_id[rule_id] for rule_id in sorted(rule_ids)]
    counting = [rule for rule in counting if not rule.standing]
    for year in range(since, clock.today().year + 1):
        locked = duty_years.lock(session, counting, subject, year)
        duty_years.bring_up_to_date(session, subject, locked)


def _lock(
    session: Session, rules: RulePack, kind: str, subject: Subject, year: int
) -> list[Locked]:
    return duty_years.lock(session, rules.counting_rules(kind, subject.kind), subject, year)


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
    session: Session, kind: str, subject: Subject, day: date, locked: list[Locked]
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
    duty_years.bring_up_to_date(session, subject, locked)
