"""What meetings a branch has held and owes: kind by kind, period by period, from the tallies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.branch_life.branch_bodies import branches
from backend.branch_life.branch_bodies import queries as bodies
from backend.core import clock
from backend.core.actor import Actor
from backend.ledger import queries
from backend.ledger.holdings import Ledger
from backend.ledger.models import SubjectKind
from backend.ledger.periods import Period, PeriodLength, periods_of
from backend.ledger.rulepack import Check, Counting, Rule, RulePack
from backend.ledger.slots import Counts, Slot, count_slots, due_slots, threshold_of
from backend.ledger.subjects import Subject
from backend.ledger.verdicts import Verdict, judge_check, judge_slot
from backend.people.organizations.models import Organization


@dataclass(frozen=True)
class HeldIn:
    """One period: how often it was held, and how often it had to be."""

    first: date
    last: date
    held: int
    needed: int
    verdict: Verdict


@dataclass(frozen=True)
class Frequency:
    """One kind of meeting over a year; of each group by itself where each owes it."""

    check: Check
    rule_id: str | None
    group: Organization | None
    required: int
    done: int
    verdict: Verdict
    periods: list[HeldIn]


def frequencies(
    session: Session, rules: RulePack, *, actor: Actor, organization_id: int, year: int
) -> list[Frequency]:
    """Return the year of a branch that exists for the actor, in the order of the rules.

    Four statements. Raises NotFound.
    """
    branch = branches.find(session, actor, organization_id)
    subject = Subject(SubjectKind.ORGANIZATION, branch.id)
    ledger = Ledger(
        year,
        clock.today(),
        queries.months_of(session, [subject], year).get(subject, ()),
        queries.holdings_of(session, [subject]).get(subject, ()),
        branch.founded_on,
    )
    checks = list(_checks(rules))
    return _frequencies(session, rules, checks, subject, ledger)


def of_rule(
    session: Session, rules: RulePack, rule: Rule, subject: Subject, ledger: Ledger
) -> list[Frequency]:
    """Return period by period what a subject has done of what a rule asks anew in each.

    One statement, none where the rule asks for nothing of each group.
    """
    checks = [(c, rule.id) for c in rule.checks if c.period is not PeriodLength.YEAR]
    return _frequencies(session, rules, checks, subject, ledger)


def _frequencies(
    session: Session,
    rules: RulePack,
    checks: Sequence[tuple[Check, str | None]],
    subject: Subject,
    ledger: Ledger,
) -> list[Frequency]:
    of_groups = any(check.each for check, _ in checks)
    groups = session.scalars(_groups(subject.id, ledger.year)).all() if of_groups else []
    return [
        _frequency(check, rules.counting, ledger, rule_id, group)
        for check, rule_id in checks
        for group in (groups if check.each else [None])
    ]


def _checks(rules: RulePack) -> Iterator[tuple[Check, str | None]]:
    for rule in rules.rules:
        if rule.scope == ("branch",) and rules.is_computed(rule):
            yield from ((check, rule.id) for check in rule.checks)
    yield from ((check, None) for check in rules.file.frequencies)


def _groups(branch_id: int, year: int) -> sa.Select[Organization]:
    """Select the groups a branch had at some time of the year."""
    lasted = sa.or_(
        Organization.dissolved_on.is_(None), Organization.dissolved_on > date(year, 1, 1)
    )
    return (
        bodies.groups()
        .where(
            Organization.parent_id == branch_id,
            lasted,
            Organization.founded_on <= date(year, 12, 31),
        )
        .order_by(Organization.id)
    )


def _frequency(
    check: Check,
    counting: Counting,
    ledger: Ledger,
    rule_id: str | None,
    group: Organization | None,
) -> Frequency:
    if group is not None:
        own = [holding for holding in ledger.holdings if holding.source_id == group.id]
        ledger = replace(ledger, holdings=own)
    judgement = judge_check(check, counting, clock.today(), ledger)
    counts = count_slots(check, ledger)
    due = due_slots(check, ledger)
    holder = group.id if group else None
    needed = threshold_of(check, ledger)
    periods = [
        _held_in(check, counting, Slot(period, holder), counts, needed, due)
        for period in periods_of(check.period, ledger.year)
    ]
    return Frequency(
        check, rule_id, group, judgement.required, judgement.done, judgement.verdict, periods
    )


def _held_in(
    check: Check, counting: Counting, slot: Slot, counts: Counts, needed: int, due: list[Slot]
) -> HeldIn:
    period: Period = slot.period
    held = counts.get(slot, (0, 0))[0]
    if slot not in due:
        return HeldIn(period.first, period.last, held, 0, Verdict.NOT_APPLICABLE)
    verdict = judge_slot(check, counting, slot, counts, clock.today(), needed)
    return HeldIn(period.first, period.last, held, needed, verdict)
