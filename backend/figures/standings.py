"""Organisations, units, communities and what registers hold one by one: how each stands with one
rule.

Members are never listed here: their figures end at the community (spec 8.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from backend.core import clock
from backend.core.actor import Actor, Role
from backend.core.asker import asked_by, asker_of
from backend.core.errors import Forbidden, NotFound
from backend.figures import organizational_life, policy, rates, registered
from backend.figures.my_duties import Duty, Evidence, NamedSubject, evidence_of
from backend.figures.organizational_life import Frequency
from backend.ledger import masks, queries
from backend.ledger.evidence import Sources
from backend.ledger.holdings import Ledger, ledger_of
from backend.ledger.models import DutyYear, SubjectKind
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.subjects import Subject
from backend.ledger.verdicts import Judgement, Verdict, judge
from backend.people.areas.models import Area
from backend.people.members.models import Member
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
    if not rules.is_computed(rule):
        return Slice([], None)
    if rule.subject is SubjectKind.MEMBER:
        raise Forbidden("subjects_not_listed", "党员个人的履行情况不逐人列出，只统计人数。")
    if not registered.lists(actor, rule):
        raise Forbidden("subjects_not_listed", "这项职责涉及个人，不逐人列出，只统计人数。")
    size = BATCH if verdict else limit + 1
    found: list[Standing] = []
    for _ in range(BATCHES if verdict else 1):
        rows = _rows(session, actor, rule, area, year, after, size)
        found += [s for s in _judged(session, rules, rule, rows, year) if _fits(s, verdict)]
        if len(found) > limit:
            return Slice(found[:limit], found[limit - 1].id)
        if len(rows) < size:
            return Slice(found, None)
        after = rows[-1].id
    return Slice(found, after)


def _fits(standing: Standing, verdict: Verdict | None) -> bool:
    return verdict is None or standing.judgement.verdict is verdict


@dataclass(frozen=True)
class Opened:
    """One subject's duty and what it is judged from; `periods` where the rule has several."""

    duty: Duty
    evidence: list[Evidence]
    periods: list[Frequency]


def opened(
    session: Session,
    rules: RulePack,
    sources: Sequence[Sources],
    *,
    actor: Actor,
    rule_id: str,
    subject_id: int,
    year: int,
) -> Opened:
    """Return what counts for one subject, to whom its verdict is shown; raises NotFound.

    Of a member that is the home branch's secretary and the receiving community's (architecture 6).
    """
    rule = rules.by_id.get(rule_id)
    if rule is None or rule.subject is None or not rules.is_computed(rule):
        raise _no_duty()
    subject = Subject(rule.subject, subject_id)
    row = _row(session, actor, rule, subject, year)
    [ledger] = _ledgers(session, rule, [row], year)
    judgement = judge(rule, rules.counting, today=clock.today(), ledger=ledger)
    return Opened(
        Duty(rule, NamedSubject(subject.kind, subject.id, row.name), judgement),
        evidence_of(session, rules, sources, rule, subject, year),
        organizational_life.of_rule(session, rules, rule, subject, ledger),
    )


def _row(
    session: Session, actor: Actor, rule: Rule, subject: Subject, year: int
) -> sa.Row[int, str, date | None]:
    """Return a subject to whom its verdict is shown; raises NotFound."""
    seen = _of_member(actor) if rule.subject is SubjectKind.MEMBER else _of_others(actor, rule)
    table = _TABLES[subject.kind]
    row = session.execute(
        sa.select(table.id, table.name, DutyYear.bound_since)
        .join_from(DutyYear, _from(table), table.id == DutyYear.subject_id)
        .where(
            DutyYear.rule_id == rule.id,
            DutyYear.subject_kind == subject.kind,
            DutyYear.subject_id == subject.id,
            DutyYear.year == year,
            DutyYear.place_id.is_not(None),
            seen,
        ),
        asked_by(actor),
    ).one_or_none()
    if row is None:
        raise _no_duty()
    return row


def _no_duty() -> NotFound:
    return NotFound("duty_not_found", "没有找到这项职责。")


def _of_others(actor: Actor, rule: Rule) -> sa.ColumnElement[bool]:
    inside = DutyYear.place_id.in_(sa.select(Area.id).where(policy.visible_areas(actor)))
    return sa.and_(inside, _exists_for(actor, rule))


def _exists_for(actor: Actor, rule: Rule) -> sa.ColumnElement[bool]:
    """Say whether a subject exists for the actor: what a register holds for its readers alone."""
    entry = rule.subject is SubjectKind.ENTRY
    return registered.shown(asker_of(actor)) if entry else sa.true()


def _of_member(actor: Actor) -> sa.ColumnElement[bool]:
    own = sa.or_(
        Member.branch_id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
        Member.community_id.in_(actor.areas(Role.COMMUNITY_SECRETARY)),
    )
    return DutyYear.subject_id.in_(sa.select(Member.id).where(own))


Rows = Sequence[sa.Row[int, str, date | None]]


_Community = aliased(Area)
_TABLES: dict[SubjectKind, Any] = {
    SubjectKind.MEMBER: Member,
    SubjectKind.ORGANIZATION: Organization,
    SubjectKind.UNIT: Unit,
    SubjectKind.AREA: _Community,
    SubjectKind.ENTRY: registered.NAMED.c,
}


def _from(table: Any) -> Any:
    """Return what is joined for the columns of a table."""
    return registered.NAMED if table is registered.NAMED.c else table


def _rows(
    session: Session, actor: Actor, rule: Rule, area: Area, year: int, after: int, size: int
) -> Rows:
    table = _TABLES[rule.subject]  # type: ignore[index]  # a rule that is computed has subjects
    begun = masks.begun(rule, year, clock.today())
    return session.execute(
        sa.select(table.id, table.name, DutyYear.bound_since)
        .join_from(DutyYear, _from(table), table.id == DutyYear.subject_id)
        .join(Area, Area.id == DutyYear.place_id)
        .where(
            DutyYear.rule_id == rule.id,
            DutyYear.year == year,
            DutyYear.owed.bitwise_and(begun) != 0,
            rates.inside(area),
            table.id > after,
            _exists_for(actor, rule),
        )
        .order_by(table.id)
        .limit(size),
        asked_by(actor),
    ).all()


def _judged(session: Session, rules: RulePack, rule: Rule, rows: Rows, year: int) -> list[Standing]:
    ledgers, today = _ledgers(session, rule, rows, year), clock.today()
    return [
        Standing(id_, name, judge(rule, rules.counting, today=today, ledger=ledger))
        for (id_, name, _), ledger in zip(rows, ledgers, strict=True)
    ]


def _ledgers(session: Session, rule: Rule, rows: Rows, year: int) -> list[Ledger]:
    """Return what the rule reads of each; two statements."""
    assert rule.subject is not None  # noqa: S101  # a rule that is computed has subjects
    subjects = [Subject(rule.subject, row[0]) for row in rows]
    months = queries.months_of(session, subjects, year)
    holdings = queries.holdings_of(session, subjects)
    today = clock.today()
    return [
        ledger_of(
            rule, year, months.get(subject, ()), holdings.get(subject, ()), since, today=today
        )
        for (_, _, since), subject in zip(rows, subjects, strict=True)
    ]
