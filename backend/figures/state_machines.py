"""Every state machine of the product, for the document and for the test that tries all pairs."""

import enum
from typing import Any

from backend.accounts.appointments.flow import FLOW as APPOINTMENT
from backend.accounts.onboarding.flow import FLOW as LINK_APPLICATION
from backend.branch_life.learning.flow import FLOW as LEARNING_MATERIAL
from backend.branch_life.meetings.leave.flow import FLOW as LEAVE_REQUEST
from backend.branch_life.meetings.states import MEETING
from backend.branch_life.meetings.voting.flow import FLOW as RESOLUTION
from backend.community.certificates.flow import FLOW as CERTIFICATE
from backend.community.claims.flow import FLOW as CLAIM
from backend.community.conduct_feedback.flow import FLOW as FEEDBACK
from backend.community.demands.flow import FLOW as DEMAND
from backend.community.projects.flow import FLOW as PROJECT
from backend.community.registrations.flow import FLOW as REGISTRATION
from backend.community.registrations.flow import REQUEST as REGISTRATION_REQUEST
from backend.community.unit_registrations.flow import FLOW as UNIT_REGISTRATION
from backend.community.volunteering.activities.flow import FLOW as ACTIVITY
from backend.community.volunteering.activities.places import SIGN_UP
from backend.community.volunteering.flow import FLOW as SERVICE_RECORD
from backend.core.errors import Forbidden
from backend.core.states import Guard, Machine, Transition
from backend.figures.refusals import refusals
from backend.support.attachments.states import ATTACHMENT
from backend.support.notifications.states import REMINDER, SUBSCRIPTION_MESSAGE
from backend.support.text_checks.states import TEXT_CHECK

MACHINES: tuple[Machine[Any], ...] = (
    LINK_APPLICATION.machine,
    APPOINTMENT.machine,
    REGISTRATION.machine,
    REGISTRATION_REQUEST.machine,
    UNIT_REGISTRATION.machine,
    SERVICE_RECORD.machine,
    ACTIVITY.machine,
    SIGN_UP.machine,
    CERTIFICATE.machine,
    FEEDBACK.machine,
    MEETING,
    LEARNING_MATERIAL.machine,
    LEAVE_REQUEST.machine,
    RESOLUTION.machine,
    DEMAND.machine,
    PROJECT.machine,
    CLAIM.machine,
    SUBSCRIPTION_MESSAGE,
    REMINDER,
    TEXT_CHECK,
    ATTACHMENT,
)

HEAD = """# State machines

What may happen to a thing, who may do it, and what it becomes. Whatever is not in a table is
refused with 409 and the code `<name>_state_forbids`; a guard with a code is refused with that code
and 409, or 403 where it says so. Printed from each capability's `states.py` by `make states-doc`.
"""

TABLE = """
## {noun}

| state | event | next state | who | guard |
|---|---|---|---|---|
"""

ELSE = """
## What else is refused

With 409 and these codes, read from where they are raised.

| capability | code | people are told |
|---|---|---|
"""


def states_of(machine: Machine[Any]) -> type[enum.StrEnum]:
    return type(machine.transitions[0].source)


def document(*beside: Machine[Any]) -> str:
    """Return the tables, and those of machines `beside` these, which the figures do not know."""
    tables = "".join(_table(machine) for machine in (*MACHINES, *beside))
    also = "".join(
        f"| {capability} | {code} | {' / '.join(dict.fromkeys(told))} |\n"
        for (capability, code), told in refusals().items()
    )
    return HEAD + tables + ELSE + also


def _table(machine: Machine[Any]) -> str:
    rows = (
        f"| {t.source} | {t.event} | {t.target} | {t.who} | {_guarded(t)} |\n"
        for t in machine.transitions
    )
    return TABLE.format(noun=machine.noun) + "".join(rows)


def _guarded(transition: Transition[Any]) -> str:
    raised = (f"{guard.says} (`{guard.code}`{_told(guard)})" for guard in transition.guards)
    return "; ".join([*([transition.guard] if transition.guard else []), *raised])


def _told(guard: Guard) -> str:
    return ", 403" if guard.error is Forbidden else ""
