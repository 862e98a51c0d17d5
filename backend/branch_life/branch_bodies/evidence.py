"""What the ledger knows of a branch's bodies: since when it owes their meetings.

The standing facts are held where a body begins and ends; `facts` states them again from the
positions and groups for the ledger check. Nothing here is an occasion.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock
from backend.ledger import service as ledger
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Counting, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.people.members.models import Position
from backend.people.members.queries import COMMITTEE
from backend.people.organizations.models import Organization, OrganizationKind

BRANCH_COMMITTEE, PARTY_GROUP = "branch_committee", "party_group"
KINDS = frozenset({BRANCH_COMMITTEE, PARTY_GROUP})


def committee_changed(
    session: Session, rules: RulePack, branch: Organization, *, was: bool, now: bool
) -> None:
    """Let a branch owe committee meetings from its first member until its last one leaves."""
    subject, source = _subject(branch.id), _source(branch.id)
    today = clock.today()
    if now and not was:
        ledger.hold_again(session, rules, BRANCH_COMMITTEE, subject, source)
    if was and not now:
        ledger.release(session, rules, BRANCH_COMMITTEE, subject, source, ends_on=today)


def group_founded(session: Session, rules: RulePack, group: Organization) -> None:
    subject, source = _subject(group.parent_id), _source(group.id)
    ledger.hold_again(session, rules, PARTY_GROUP, subject, source)


def group_dissolved(session: Session, rules: RulePack, group: Organization) -> None:
    subject, source = _subject(group.parent_id), _source(group.id)
    ledger.release(session, rules, PARTY_GROUP, subject, source, ends_on=clock.today())


def _subject(branch_id: int | None) -> Subject:
    return Subject(SubjectKind.ORGANIZATION, branch_id or 0)


def _source(organization_id: int) -> Source:
    return Source(Organization.__tablename__, organization_id)


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """Yield nothing: a body is a state, not an occasion."""
    yield from ()


def explain(
    _session: Session, _counting: Counting, _subject: Subject, _year: int
) -> list[Explained]:
    """Return nothing: no duty is met by having a body."""
    return []


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand: each branch's committee while anybody sits on it, and each group."""
    yield from _committees(session)
    groups = sa.select(Organization).where(Organization.kind == OrganizationKind.GROUP)
    for row in session.scalars(groups):
        if row.founded_on is not None:
            subject, source = _subject(row.parent_id), _source(row.id)
            yield Fact(PARTY_GROUP, subject, source, row.founded_on, row.dissolved_on)


def _committees(session: Session) -> Iterator[Fact]:
    rows = session.execute(
        sa.select(Position.organization_id, Position.starts_on, Position.ends_on)
        .where(
            Position.kind.in_(COMMITTEE),
            Position.ends_on.is_distinct_from(Position.starts_on),
        )
        .order_by(Position.organization_id, Position.starts_on)
    )
    terms: dict[int, list[tuple[date, date | None]]] = {}
    for branch_id, first, end in rows:
        terms.setdefault(branch_id, []).append((first, end))
    for branch_id, spans in terms.items():
        for first, end in _joined(spans):
            yield Fact(BRANCH_COMMITTEE, _subject(branch_id), _source(branch_id), first, end)


def _joined(spans: Iterable[tuple[date, date | None]]) -> list[tuple[date, date | None]]:
    """Return the spans in which at least one of these, in order of beginning, goes on."""
    joined: list[tuple[date, date | None]] = []
    for first, end in spans:
        last = joined[-1] if joined else None
        if last is not None and (last[1] is None or first <= last[1]):
            ends = None if last[1] is None or end is None else max(last[1], end)
            joined[-1] = (last[0], ends)
        else:
            joined.append((first, end))
    return joined
