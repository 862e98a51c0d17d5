"""The one list of what the capabilities declare: their kinds, and who answers for each.

A capability declares its kinds in its own `kinds.py`, what is asked when a reminder is due in its
`reminders.py`. Nothing below knows them; the database checks their form alone.
"""

from collections import Counter
from collections.abc import Iterator
from types import ModuleType

import sqlalchemy as sa
from sqlalchemy.orm import Session

import backend.accounts.onboarding.kinds
import backend.branch_life.absences.kinds
import backend.branch_life.meetings.kinds
import backend.branch_life.meetings.reminders
import backend.community.certificates.kinds
import backend.community.conduct_feedback.kinds
import backend.community.conduct_feedback.reminders
import backend.community.demands.kinds
import backend.community.demands.reminders
import backend.community.invitations.kinds
import backend.community.projects.kinds
import backend.community.projects.reminders
import backend.community.registrations.kinds
import backend.community.registrations.reminders
import backend.community.unit_registrations.kinds
import backend.community.volunteering.activities.reminders
import backend.community.volunteering.kinds
import backend.community.volunteering.reminders
import backend.support.attachments.kinds
import backend.support.text_checks.kinds
from backend.core.kinds import Kind
from backend.support.notifications.kinds import NewsKind, ReminderKind
from backend.support.notifications.models import Notification, Reminder
from backend.support.notifications.reminders import Handler

DECLARED = (
    backend.accounts.onboarding.kinds,
    backend.branch_life.absences.kinds,
    backend.branch_life.meetings.kinds,
    backend.community.certificates.kinds,
    backend.community.conduct_feedback.kinds,
    backend.community.demands.kinds,
    backend.community.invitations.kinds,
    backend.community.projects.kinds,
    backend.community.registrations.kinds,
    backend.community.unit_registrations.kinds,
    backend.community.volunteering.kinds,
    backend.support.attachments.kinds,
    backend.support.text_checks.kinds,
)

REMINDERS: dict[ReminderKind, Handler] = {
    **backend.branch_life.meetings.reminders.HANDLERS,
    **backend.community.conduct_feedback.reminders.HANDLERS,
    **backend.community.demands.reminders.HANDLERS,
    **backend.community.projects.reminders.HANDLERS,
    **backend.community.registrations.reminders.HANDLERS,
    **backend.community.volunteering.activities.reminders.HANDLERS,
    **backend.community.volunteering.reminders.HANDLERS,
}


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
    """A reminder that nobody knows what to do with would wait for ever."""
    planned = {kind for kind in kinds if isinstance(kind, ReminderKind)}
    for kind in planned ^ REMINDERS.keys():
        yield f"declared or answered for, not both: {kind}"


def undeclared(session: Session) -> list[str]:
    """Return the kinds that stand in rows and that no capability declares, in order."""
    found: set[str] = set()
    for kind, column in ((NewsKind, Notification.kind), (ReminderKind, Reminder.kind)):
        known = [one.name for one in KINDS if isinstance(one, kind)]
        found.update(session.scalars(sa.select(column).where(column.not_in(known)).distinct()))
    return sorted(found)
