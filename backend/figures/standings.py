"""Organisations, units and communities of an area one by one: how each stands with one rule.

Members are never listed here: their figures end at the community (spec 8.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Forbidden
from backend.figures import rates
from backend.ledger import queries
from backend.ledger.exemptions import ledger_of
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.subjects import Subject, bound_subjects
from backend.ledger.verdicts import Judgement, Verdict, judge
from backend.people.areas.models import Area
from backend.people.organizations.models import Organization, Unit

# With a verdict asked for, so many are judged in one answer; what is left comes with the cursor.
BATCH, BATCHES = 200, 5


@dataclass(frozen=True)
class Standing:
    id: int
    name: str
    judgement: Judgement


@dataclass(frozen=True)
class Slice:
    """`after` is where the next slice begins, None at the end; a slice may be short before it."""

    standings: list[Standing]
    after: int | None


def standings(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    area_code: str,
    rule_id: str,
    year: int,
    verdict: Verdict | None,
    after: int,
    limit: int,
) -> Slice:
    """List subjects of the actor's own territory by id. Raises NotFound, `subjects_not_listed`."""
    rule, area = rates.visible(session, rules, actor=actor, area_code=area_code, rule_id=rule_id)
    if rule.subject is SubjectKind.MEMBER:
        raise Forbidden("subjects_not_listed", "党员个人的履行情况不逐人列出，只统计人数。")
    size = BATCH if verdict else limit + 1
    found: list[Standing] = []
    for _ in range(BATCHES if verdict else 1):
        rows = _rows(session, rule, area, year, after, size)
        found += [s for s in _judged(session, rules, rule, rows, year) if _fits(s, verdict)]
        if len(found) > limit:
            return Slice(found[:limit], found[limit - 1].id)
        if len(rows) < size:
            return Slice(found, None)
        after = rows[-1].id
    return Slice(found, after)


def _fits(standing: Standing, verdict: Verdict | None) -> bool:
    return verdict is None or standing.judgement.verdict is verdict


Rows = Sequence[sa.Row[int, str, date | None]]


_Community = aliased(Area)
_TABLES: dict[SubjectKind, Any] = {
    SubjectKind.ORGANIZATION: Organization,
    SubjectKind.UNIT: Unit,
    SubjectKind.AREA: _Community,
}


def _rows(session: Session, rule: Rule, area: Area, year: int, after: int, size: int) -> Rows:
    table = _TABLES[rule.subject]
    bound = bound_subjects(rule.scope).subquery()
    return session.execute(
        sa.select(table.id, table.name, bound.c.since)
        .join(bound, bound.c.subject_id == table.id)
        .join(Area, Area.id == bound.c.place_id)
        .where(
            rates.inside(area), rates.owes_something(rule, bound.c.since, year), table.id > after
        )
        .order_by(table.id)
        .limit(size)
    ).all()


def _judged(session: Session, rules: RulePack, rule: Rule, rows: Rows, year: int) -> list[Standing]:
    subjects = [Subject(rule.subject, row[0]) for row in rows]
    months = queries.months_of(session, subjects, year)
    holdings = queries.holdings_of(session, subjects)
    judged = []
    for (id_, name, since), subject in zip(rows, subjects, strict=True):
        held = holdings.get(subject, ())
        counted = months.get(subject, ())
        ledger = ledger_of(rule, year, counted, held, since, today=clock.today())
        judgement = judge(rule, rules.counting, year=year, today=clock.today(), ledger=ledger)
        judged.append(Standing(id_, name, judgement))
    return judged
