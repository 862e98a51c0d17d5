"""Whose duty is met: mine, my branch's, my unit's, those of areas I answer for, each opened down to
its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.core import clock, db
from backend.core.actor import OFFICERS, Actor, Role
from backend.core.errors import NotFound
from backend.ledger import queries
from backend.ledger.evidence import Explained, Sources
from backend.ledger.models import Posting, SubjectKind
from backend.ledger.reading import state_of
from backend.ledger.rulepack import Rule, RulePack
from backend.ledger.subjects import Subject
from backend.ledger.verdicts import Judgement, Verdict, judge, not_applicable
from backend.people.areas.models import Area
from backend.people.members.models import Member
from backend.people.organizations.models import Organization, Unit
from backend.people.organizations.queries import residents_branches

LED_BY_COMMUNITY = "您的组织关系在社区，由社区党组织直接管理，不适用这项职责，也不需要报到。"


@dataclass(frozen=True)
class NamedSubject:
    """`led_by_community`: a member of a residents' branch, whom rules for organs pass by; `code`:
    of an area."""

    kind: SubjectKind
    id: int
    name: str
    led_by_community: bool = False
    code: str | None = None

    @property
    def subject(self) -> Subject:
        return Subject(self.kind, self.id)


@dataclass(frozen=True)
class Duty:
    """`why_not_applicable` is a sentence for people, where the reason lies in the subject;
    `next_step` names what the actor can do now about it."""

    rule: Rule
    subject: NamedSubject
    judgement: Judgement
    why_not_applicable: str | None = None
    next_step: str | None = None


@dataclass(frozen=True)
class Evidence:
    source_type: str
    source_id: int
    occurred_on: date
    title: str
    counted: bool
    reason: str | None


def duties(session: Session, rules: RulePack, *, actor: Actor, year: int) -> list[Duty]:
    """Return one duty a rule that applies to the actor, the branch, the unit or an area of the
    actor's office, by rule order; two statements."""
    named = _my_subjects(session, actor)
    state = state_of(session, rules.computed, (one.subject for one in named), year)
    found, today = [], clock.today()
    for rule in rules.computed:
        for mine in named:
            if mine.kind is not rule.subject:
                continue
            ledger = state.ledger(rule, mine.subject)
            if ledger is not None:
                judgement = judge(rule, rules.counting, today=today, ledger=ledger)
                step = _next_step(rule, actor, mine, judgement, year)
                found.append(Duty(rule, mine, judgement, next_step=step))
            elif _passes_by(rule, mine):
                found.append(Duty(rule, mine, not_applicable(rule), LED_BY_COMMUNITY))
    return found


_NOTHING_TO_DO = (Verdict.MET, Verdict.MET_LATE, Verdict.EXEMPT, Verdict.NOT_APPLICABLE)


def _next_step(
    rule: Rule, actor: Actor, mine: NamedSubject, judgement: Judgement, year: int
) -> str | None:
    """Return the rule's step where the actor is one who can take it, for this subject and year."""
    if rule.step is None or judgement.verdict in _NOTHING_TO_DO or year != clock.today().year:
        return None
    roles = [Role(by) for by in rule.step.by if by != "member"]
    scopes: dict[SubjectKind, frozenset[int]] = {
        SubjectKind.MEMBER: frozenset({mine.id}) if "member" in rule.step.by else frozenset(),
        SubjectKind.ORGANIZATION: actor.organizations(*roles),
        SubjectKind.UNIT: actor.units(*roles),
        SubjectKind.AREA: actor.areas(*roles),
    }
    return rule.step.name if mine.id in scopes.get(mine.kind, ()) else None


def _passes_by(rule: Rule, mine: NamedSubject) -> bool:
    """Who is led by the community already is told so, and is in no rate (spec 3.5)."""
    return "organ_member" in rule.scope and mine.led_by_community


_own = Member.id == sa.bindparam("member_id")
_no, _none = sa.false(), sa.cast(sa.null(), sa.Text)
_MINE = sa.union_all(
    sa.select(
        sa.literal(str(SubjectKind.MEMBER)),
        Member.id,
        Member.name,
        Member.branch_id.in_(residents_branches()),
        _none,
    ).where(_own),
    sa.select(
        sa.literal(str(SubjectKind.ORGANIZATION)), Organization.id, Organization.name, _no, _none
    )
    .join(Member, Member.branch_id == Organization.id)
    .where(_own),
    sa.select(sa.literal(str(SubjectKind.UNIT)), Unit.id, Unit.name, _no, _none)
    .join(Member, Member.unit_id == Unit.id)
    .where(_own),
    sa.select(sa.literal(str(SubjectKind.AREA)), Area.id, Area.name, _no, Area.code).where(
        Area.id == sa.any_(sa.bindparam("area_ids", type_=sa.ARRAY(sa.BigInteger)))
    ),
)


def _my_subjects(session: Session, actor: Actor) -> list[NamedSubject]:
    areas = actor.areas(Role.COMMUNITY_SECRETARY, *OFFICERS)
    values = {"member_id": actor.as_member(), "area_ids": sorted(areas)}
    rows = db.read(session, _MINE, values)
    found = [NamedSubject(SubjectKind(kind), *rest) for kind, *rest in rows]
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), one.id))


_ORDER = list(SubjectKind)


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
    rule = rules.by_id.get(rule_id)
    if rule is None or not rules.is_computed(rule):
        raise NotFound("duty_not_found", "没有找到这项职责。")
    mine = [one for one in _my_subjects(session, actor) if one.kind is rule.subject]
    passed_by = [one for one in mine if _passes_by(rule, one)]
    bound = [] if passed_by else _bound(session, rule, mine, year)
    if not bound and not passed_by:
        raise NotFound("duty_not_found", "没有找到这项职责。")
    found = [
        item
        for one in bound or passed_by
        for item in evidence_of(session, rules, sources, rule, one.subject, year)
    ]
    if bound:
        return found
    return [replace(item, counted=False, reason=LED_BY_COMMUNITY) for item in found]


def _bound(
    session: Session, rule: Rule, mine: Sequence[NamedSubject], year: int
) -> list[NamedSubject]:
    state = state_of(session, [rule], (one.subject for one in mine), year)
    return [one for one in mine if state.ledger(rule, one.subject) is not None]


def evidence_of(
    session: Session,
    rules: RulePack,
    sources: Sequence[Sources],
    rule: Rule,
    subject: Subject,
    year: int,
) -> list[Evidence]:
    """Return what counts for a subject under a rule in a year and what does not, by day."""
    explained = [
        item
        for capability in sources
        if capability.kinds & rule.kinds
        for item in capability.explain(session, rules.counting, subject, year)
        if item.kind is None or item.kind in rule.kinds
    ]
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
