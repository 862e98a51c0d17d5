"""A registration that waits for its answer: the community's term, and what it does meanwhile."""

from sqlalchemy.orm import Session

from backend.community.registrations import evidence, reminders
from backend.community.registrations.models import CommunityRegistration, RegistrationKind
from backend.core import clock
from backend.ledger.rulepack import RulePack


def begin(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """Start the community's term: once it has passed, rule 2i counts as met meanwhile."""
    registration.submitted_at = clock.now()
    due = clock.add_working_days(clock.today(), rules.counting.registration_answer_working_days)
    registration.answer_due_on = due
    registration.answer_due_provisional = clock.is_provisional(due)
    session.flush()
    reminders.plan(session, registration)
    if registration.kind is RegistrationKind.PRIMARY:
        evidence.await_answer(session, rules, registration)


def end(session: Session, rules: RulePack, registration: CommunityRegistration) -> None:
    """End the waiting: it has its answer, or needs none any more."""
    evidence.await_no_more(session, rules, registration)
    reminders.drop(session, registration)
