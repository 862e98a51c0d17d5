"""Whose duty is met: mine, my branch's, my unit's, each opened down to its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, db
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.ledger import queries
from backend.ledger.evidence import Explained, Sources
from backend.ledger.exemptions import ledger_of
from backend.ledger.models import Posting, SubjectKind
from backend.ledger.rulepack import Rule, RulePack, Scope
from backend.ledger.subjects import Bound, Subject, find_bounds
from backend.ledger.verdicts import Judgement, judge, not_applicable
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, Unit
from backend.people.organizations.queries import residents_branches

LED_BY_COMMUNITY = "您的组织关系在社区，由社区党组织直接管理，不适用这项职责，也不需要报到。"


@dataclass(frozen=True)
class NamedSubject:
    """`led_by_community`: a member of a residents' branch, whom rules for organs pass by."""

    kind: SubjectKind
    id: int
    name: str
    led_by_community: bool = False


@dataclass(frozen=True)
class Duty:
    """`why_not_applicable` is a sentence for people, where the reason lies in the subject."""

    rule: Rule
    subject: NamedSubject
    judgement: Judgement
    why_not_applicable: str | None = None


@dataclass(frozen=True)
class Evidence:
    source_type: str
    source_id: int
    occurred_on: date
    title: str
    counted: bool
    reason: str | None


def duties(session: Session, rules: RulePack, *, actor: Actor, year: int) -> list[Duty]:
    """Return one duty a rule that applies to the actor, the branch or the unit, by rule order."""
    named = _my_subjects(session, actor)
    subjects = [Subject(n.kind, n.id) for n in named.values()]
    months = queries.months_of(session, subjects, year)
    holdings = queries.holdings_of(session, subjects)
    bounds = _bounds(session, rules, named)
    found, today = [], clock.today()
    for rule in rules.rules:
        bound = bounds.get(rule.scope)
        if bound is None:
            found += _passed_by(rule, named)
            continue
        subject = Subject(rule.subject, named[rule.subject].id)
        ledger = ledger_of(
            rule,
            year,
            months.get(subject, ()),
            holdings.get(subject, ()),
            bound.since,
            today=today,
        )
        judgement = judge(rule, rules.counting, year=year, today=today, ledger=ledger)
        found.append(Duty(rule, named[rule.subject], judgement))
    return found


def _passed_by(rule: Rule, named: dict[SubjectKind, NamedSubject]) -> list[Duty]:
    """Who is led by the community already is told so, and is in no rate (spec 3.5)."""
    if not _passes_by(rule, named):
        return []
    return [Duty(rule, named[rule.subject], not_applicable(rule), LED_BY_COMMUNITY)]


def _passes_by(rule: Rule, named: dict[SubjectKind, NamedSubject]) -> bool:
    return rule.scope is Scope.ORGAN_MEMBER and named[rule.subject].led_by_community


_MINE = (
    sa.select(
        Member.name,
        Member.branch_id.in_(residents_branches()),
        Organization.id,
        Organization.name,
        Unit.id,
        Unit.name,
    )
    .join(Organization, Organization.id == Member.branch_id)
    .outerjoin(Unit, Unit.id == Member.unit_id)
    .where(Member.id == sa.bindparam("member_id"))
)


def _my_subjects(session: Session, actor: Actor) -> dict[SubjectKind, NamedSubject]:
    member_id = actor.as_member()
    row = db.read(session, _MINE, {"member_id": member_id}).one()
    name, led_by_community, branch_id, branch_name, unit_id, unit_name = row
    mine = {
        SubjectKind.MEMBER: NamedSubject(SubjectKind.MEMBER, member_id, name, led_by_community),
        SubjectKind.ORGANIZATION: NamedSubject(SubjectKind.ORGANIZATION, branch_id, branch_name),
    }
    if unit_id is not None:
        mine[SubjectKind.UNIT] = NamedSubject(SubjectKind.UNIT, unit_id, unit_name)
    return mine


def _bounds(
    session: Session, rules: RulePack, named: dict[SubjectKind, NamedSubject]
) -> dict[Scope, Bound]:
    """Return how my subjects stand in each scope: one statement, however many rules."""
    mine = {rule.scope: named[rule.subject].id for rule in rules.rules if rule.subject in named}
    return find_bounds(session, mine)


def evidence(
    session: Session,
    rules: RulePack,
    sources: Sequence[Sources],
    *,
    actor: Actor,
    rule_id: str,
    year: int,
) -> list[Evidence]:
    """Return what counts and what does not, with the reason. Raises NotFound for other rules."""
    rule, named = rules.by_id.get(rule_id), _my_subjects(session, actor)
    if rule is None or rule.subject not in named:
        raise NotFound("duty_not_found", "没有找到这项职责。")
    passed_by = _passes_by(rule, named)
    if not passed_by and not find_bounds(session, {rule.scope: named[rule.subject].id}):
        raise NotFound("duty_not_found", "没有找到这项职责。")
    subject = Subject(rule.subject, named[rule.subject].id)
    explained = [
        item
        for capability in sources
        if capability.kinds & rule.kinds
        for item in capability.explain(session, rules.counting, subject, year)
        if item.kind is None or item.kind in rule.kinds
    ]
    if passed_by:
        explained = [replace(item, why_not=LED_BY_COMMUNITY) for item in explained]
    postings = session.scalars(queries.postings_of(subject, rule.kinds, year)).all()
    shown = [_judge_item(item, postings, standing=rule.standing) for item in explained]
    return sorted(shown, key=lambda item: (item.occurred_on, item.source_id))


def _judge_item(item: Explained, postings: Iterable[Posting], *, standing: bool) -> Evidence:
    """An occasion counts once: the first posting stands for it."""
    reason = item.why_not
    first: dict[str, Posting] = {}
    for posting in postings:
        first.setdefault(posting.occasion, posting)
    own = next(
        (p for p in postings if (p.source_type, p.source_id) == (item.source.type, item.source.id)),
        None,
    )
    if own is not None and first[own.occasion] is not own:
        reason = "同一天的同类服务、同一时间的服务或同一事项只计一次，已计入另一条记录。"
    counted = reason is None and (standing or own is not None)
    return Evidence(
        item.source.type,
        item.source.id,
        item.occurred_on,
        item.title,
        counted,
        None if counted else (reason or "未计入。"),
    )
