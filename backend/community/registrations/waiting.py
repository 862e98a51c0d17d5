"""A registration that waits for its answer: the community's term, and what it does meanwhile."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from backend.community.registrations import reminders
from backend.community.registrations.models import CommunityRegistration, RegistrationKind
from backend.community.registrations.standing import UNANSWERED, source_of, subject_of
from backend.core import clock
from backend.ledger import service as ledger
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
        ledger.hold(
            session,
            UNANSWERED,
            subject_of(registration),
            source_of(registration),
            starts_on=unanswered_from(registration),
            area_id=registration.community_id,
        )


def unanswered_from(registration: CommunityRegistration) -> date:
    """Return the first day on which the missing answer is the community's gap."""
    return registration.answer_due_on + timedelta(days=1)


def end(session: Session, registration: CommunityRegistration) -> None:
    """End the waiting: it has its answer, or needs none any more."""
    ledger.release(session, UNANSWERED, source_of(registration), ends_on=clock.today())
    reminders.drop(session, registration)
