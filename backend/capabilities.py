"""The one list of what the capabilities declare: their kinds, and who answers for each.

A capability declares its kinds in its own `kinds.py`, what is asked when a reminder is due in its
`reminders.py`, to whom files open in its `policy.py`, what of it waits for people in its
`inbox.py`, what it owes the ledger in its `evidence.py`.
Nothing below knows them; the database checks their form alone.
"""

from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import backend.accounts.appointments.inbox
import backend.accounts.appointments.kinds
import backend.accounts.onboarding.inbox
import backend.accounts.onboarding.kinds
import backend.branch_life.absences.kinds
import backend.branch_life.branch_bodies.evidence
import backend.branch_life.branch_bodies.kinds
import backend.branch_life.learning.kinds
import backend.branch_life.learning.policy
import backend.branch_life.meetings.evidence
import backend.branch_life.meetings.kinds
import backend.branch_life.meetings.leave.inbox
import backend.branch_life.meetings.policy
import backend.branch_life.meetings.reminders
import backend.community.certificates.kinds
import backend.community.claims.evidence
import backend.community.claims.inbox
import backend.community.claims.kinds
import backend.community.claims.reminders
import backend.community.conduct_feedback.inbox
import backend.community.conduct_feedback.kinds
import backend.community.conduct_feedback.reminders
import backend.community.demands.evidence
import backend.community.demands.inbox
import backend.community.demands.kinds
import backend.community.demands.reminders
import backend.community.invitations.kinds
import backend.community.projects.inbox
import backend.community.projects.kinds
import backend.community.registrations.evidence
import backend.community.registrations.inbox
import backend.community.registrations.kinds
import backend.community.registrations.policy
import backend.community.registrations.reminders
import backend.community.unit_registrations.evidence
import backend.community.unit_registrations.inbox
import backend.community.unit_registrations.kinds
import backend.community.volunteering.activities.evidence
import backend.community.volunteering.activities.reminders
import backend.community.volunteering.evidence
import backend.community.volunteering.inbox
import backend.community.volunteering.kinds
import backend.community.volunteering.policy
import backend.community.volunteering.reminders
import backend.imports.registers.comparison
import backend.imports.targets.appointments
import backend.imports.targets.divisions
import backend.imports.targets.members
import backend.imports.targets.organizations
import backend.imports.targets.units
import backend.registers.evidence
import backend.registers.head_counts.evidence
import backend.registers.kinds
import backend.support.attachments.inbox
import backend.support.attachments.kinds
import backend.support.text_checks.inbox
import backend.support.text_checks.kinds
from backend.core.actor import Actor
from backend.core.kinds import Kind
from backend.core.settings import Settings
from backend.core.tasks import Task, TaskKind
from backend.imports.columns import Target, Targets
from backend.ledger import packs
from backend.ledger.evidence import Sources
from backend.ledger.rulepack import RulePack
from backend.support.attachments.declared import FileKind, Opening
from backend.support.attachments.models import Attachment
from backend.support.notifications.declared import NewsKind, ReminderKind
from backend.support.notifications.models import Notification, Reminder
from backend.support.notifications.reminders import Handler
from backend.support.text_checks.declared import TextKind
from backend.support.text_checks.models import TextCheck

DECLARED = (
    backend.accounts.appointments.kinds,
    backend.accounts.onboarding.kinds,
    backend.branch_life.absences.kinds,
    backend.branch_life.branch_bodies.kinds,
    backend.branch_life.learning.kinds,
    backend.branch_life.meetings.kinds,
    backend.community.certificates.kinds,
    backend.community.claims.kinds,
    backend.community.conduct_feedback.kinds,
    backend.community.demands.kinds,
    backend.community.invitations.kinds,
    backend.community.projects.kinds,
    backend.community.registrations.kinds,
    backend.community.unit_registrations.kinds,
    backend.community.volunteering.kinds,
    backend.registers.kinds,
    backend.support.attachments.kinds,
    backend.support.text_checks.kinds,
)

REMINDERS: dict[ReminderKind, Handler] = {
    **backend.branch_life.meetings.reminders.HANDLERS,
    **backend.community.claims.reminders.HANDLERS,
    **backend.community.conduct_feedback.reminders.HANDLERS,
    **backend.community.demands.reminders.HANDLERS,
    **backend.community.registrations.reminders.HANDLERS,
    **backend.community.volunteering.activities.reminders.HANDLERS,
    **backend.community.volunteering.reminders.HANDLERS,
}

FILES: tuple[Opening, ...] = (
    backend.branch_life.learning.policy.FILES,
    backend.branch_life.meetings.policy.FILES,
    backend.community.registrations.policy.FILES,
    backend.community.volunteering.policy.FILES,
)


# In the order in which a screen names them.
TASKS: tuple[Task, ...] = (
    *backend.community.registrations.inbox.TASKS,
    *backend.community.unit_registrations.inbox.TASKS,
    *backend.community.volunteering.inbox.TASKS,
    *backend.community.conduct_feedback.inbox.TASKS,
    *backend.community.demands.inbox.TASKS,
    *backend.community.projects.inbox.TASKS,
    *backend.community.claims.inbox.TASKS,
    *backend.branch_life.meetings.leave.inbox.TASKS,
    *backend.accounts.onboarding.inbox.TASKS,
    *backend.accounts.appointments.inbox.TASKS,
    *backend.support.text_checks.inbox.TASKS,
    *backend.support.attachments.inbox.TASKS,
)


# In the order in which a city that opens brings them: each refers to those before it.
IMPORTED: tuple[Target, ...] = (
    backend.imports.targets.divisions.TARGET,
    backend.imports.targets.units.TARGET,
    backend.imports.targets.organizations.TARGET,
    backend.imports.targets.members.TARGET,
    backend.imports.targets.appointments.TARGET,
    *backend.imports.registers.comparison.TARGETS,
)
IMPORT_TARGETS: Targets = {target.name: target for target in IMPORTED}


def _sources(evidence: ModuleType) -> Sources:
    return Sources(evidence.KINDS, evidence.entries, evidence.facts, evidence.explain)


EVIDENCE = (
    _sources(backend.branch_life.branch_bodies.evidence),
    _sources(backend.branch_life.meetings.evidence),
    _sources(backend.community.claims.evidence),
    _sources(backend.community.demands.evidence),
    _sources(backend.community.registrations.evidence),
    _sources(backend.community.unit_registrations.evidence),
    _sources(backend.community.volunteering.evidence),
    _sources(backend.community.volunteering.activities.evidence),
    _sources(backend.registers.evidence),
    _sources(backend.registers.head_counts.evidence),
)


# What comes in for the ledger: rules that look at anything else are shown, not computed.
POSTED = frozenset(kind for sources in EVIDENCE for kind in sources.kinds)


def rules(settings: Settings) -> RulePack:
    """Read the rule pack of an installation. Raises WrongPack."""
    return packs.load(settings.rule_pack, settings.rule_pack_overlay, posted=POSTED)


def declared_in(*modules: ModuleType) -> list[Kind]:
    """Return whatever kinds modules declare, each under its own name."""
    return [one for module in modules for one in vars(module).values() if isinstance(one, Kind)]


KINDS = declared_in(*DECLARED)
HANDLERS = {kind.name: handler for kind, handler in REMINDERS.items()}


def check(*modules: ModuleType) -> None:
    """Refuse to start where what is declared does not fit together. Raises ValueError.

    `modules` declare some more, where a test tries that.
    """
    problems = [*_misnamed(*DECLARED, *modules), *_unanswered(declared_in(*DECLARED, *modules))]
    answered = Counter(kind for sources in EVIDENCE for kind in sources.kinds)
    problems += [f"posted by two: {kind}" for kind, times in answered.items() if times > 1]
    if problems:
        raise ValueError("; ".join(problems))


def _misnamed(*modules: ModuleType) -> Iterator[str]:
    names = Counter(kind.name for kind in declared_in(*modules))
    yield from (f"declared twice: {name}" for name, times in names.items() if times > 1)
    for module in modules:
        capability = module.__name__.split(".")[-2]
        for kind in declared_in(module):
            if kind.capability != capability:
                yield f"declared by {capability}: {kind}"


def _unanswered(kinds: list[Kind]) -> Iterator[str]:
    """Yield what is declared or answered for, not both.

    A reminder that nobody sends would wait for ever, a file that opens to nobody be lost.
    """
    needed = {kind for kind in kinds if isinstance(kind, ReminderKind | FileKind | TaskKind)}
    answered: list[Kind] = [opening.kind for opening in FILES]
    answered += [task.kind for task in TASKS]
    for kind in needed ^ {*REMINDERS, *answered}:
        yield f"declared or answered for, not both: {kind}"


def open_files(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether the subject of an Attachment row opens to the actor."""
    return sa.or_(*(opening.to(actor) for opening in FILES))


STORED: tuple[tuple[type[Kind], Any], ...] = (
    (NewsKind, Notification.kind),
    (ReminderKind, Reminder.kind),
    (TextKind, TextCheck.kind),
    (FileKind, Attachment.carried_as),
)


def undeclared(session: Session) -> list[str]:
    """Return the kinds that stand in rows and that no capability declares, in order."""
    found: set[str] = set()
    for kind, column in STORED:
        known = [one.name for one in KINDS if isinstance(one, kind)]
        found.update(session.scalars(sa.select(column).where(column.not_in(known)).distinct()))
    return sorted(found)
