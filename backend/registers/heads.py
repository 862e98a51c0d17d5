"""How many members the own branches of a community have at the end of each quarter: from then on,
until the next, rules 5a and 5b go by that (spec 1.2, A5)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import bulk, clock
from backend.core.db import among
from backend.ledger import restating
from backend.ledger.evidence import Explained, Fact
from backend.ledger.models import SubjectKind
from backend.ledger.periods import PeriodLength, period_of
from backend.ledger.restating import Held
from backend.ledger.rulepack import Counting, RulePack
from backend.ledger.service import Entry, Source
from backend.ledger.subjects import Subject
from backend.people.areas.models import Area, AreaKind
from backend.people.members.models import Member
from backend.people.organizations import queries as organizations
from backend.people.organizations.models import Organization
from backend.registers.models import HeadCount

SOURCE = HeadCount.__tablename__
MANY, SOME = "members_100", "members_50"
KINDS = frozenset({MANY, SOME})
_MANY, _SOME = 100, 50


def last_day(today: date) -> date:
    """Return the last day of the quarter that was over last."""
    return period_of(PeriodLength.QUARTER, today).first - timedelta(days=1)


def count(session: Session, rules: RulePack) -> int:
    """Count for the quarter that is over, where that has not been done; return for how many
    communities. Whoever is on the rosters when it is done counts."""
    day = last_day(clock.today())
    done = sa.exists().where(HeadCount.area_id == Area.id, HeadCount.counted_on == day)
    members = (
        sa.select(Organization.area_id, sa.func.count(Member.id).label("members"))
        .join(Member, sa.and_(Member.branch_id == Organization.id, Member.active))
        .where(Organization.id.in_(organizations.residents_branches()))
        .group_by(Organization.area_id)
        .subquery()
    )
    found = (
        sa.select(Area.id, sa.func.coalesce(members.c.members, 0))
        .outerjoin(members, members.c.area_id == Area.id)
        .where(
            Area.kind == AreaKind.RESIDENTS_COMMITTEE,
            ~Area.hidden,
            Area.valid_to.is_(None),
            ~done,
        )
        .order_by(Area.id)
    )
    rows = [
        {"area_id": area_id, "counted_on": day, "members": number}
        for area_id, number in session.execute(found)
    ]
    bulk.insert(session, HeadCount, rows)
    restate(session, rules, [int(row["area_id"]) for row in rows])
    return len(rows)


def restate(session: Session, rules: RulePack, area_ids: Collection[int]) -> int:
    """State anew which communities have so many; return how many facts changed."""
    wanted = _wanted(session, among(HeadCount.area_id, area_ids))
    return restating.restate(session, rules, SOURCE, area_ids, wanted)


def _wanted(session: Session, which: sa.ColumnElement[bool]) -> dict[int, Sequence[Held]]:
    """Return what must be held, by community: what meets is one fact."""
    rows = session.execute(
        sa.select(HeadCount.area_id, HeadCount.counted_on, HeadCount.members)
        .where(which)
        .order_by(HeadCount.area_id, HeadCount.counted_on)
    )
    counts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for area_id, day, number in rows:
        counts[area_id].append((day, number))
    return {area_id: list(_facts(area_id, told)) for area_id, told in counts.items()}


def _facts(area_id: int, counts: Sequence[tuple[date, int]]) -> Iterator[Held]:
    subject = Subject(SubjectKind.AREA, area_id)
    since, held = date.min, ""
    for day, number in counts:
        kind = MANY if number >= _MANY else SOME if number >= _SOME else ""
        if kind == held:
            continue
        if held:
            yield Held(held, subject, since, day, area_id)
        since, held = day, kind
    if held:
        yield Held(held, subject, since, None, area_id)


def entries(_session: Session, _counting: Counting) -> Iterator[Entry]:
    """Post nothing: what was counted stands."""
    return iter(())


def facts(session: Session) -> Iterator[Fact]:
    """Yield what must stand of each community that was counted."""
    for area_id, held in _wanted(session, sa.true()).items():
        for one in held:
            source = Source(SOURCE, area_id)
            yield Fact(one.kind, one.subject, source, one.starts_on, one.ends_on)


def explain(
    _session: Session, _counting: Counting, _subject: Subject, _year: int
) -> list[Explained]:
    """Return nothing: whom a duty binds is no evidence that it is met."""
    return []
