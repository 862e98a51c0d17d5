"""The community's term to answer a claim, and what follows from an answer (spec 5.1)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.community.projects import kinds, reminders
from backend.community.projects.models import ProjectClaim
from backend.core import clock
from backend.ledger.rulepack import RulePack


def ask(session: Session, rules: RulePack, claim: ProjectClaim) -> None:
    """Start the community's term for a claim that was submitted, or is again."""
    due = clock.add_working_days(clock.today(), rules.counting.claim_answer_working_days)
    claim.answer_due_on, claim.answer_due_provisional = due, clock.is_provisional(due)
    claim.retry_until = None
    session.add(claim)
    session.flush()
    if claim.tries > 1:
        reminders.drop(session, claim, kinds.RETRY_DUE)
    reminders.plan_answer(session, claim, due)


def keep_for_retry(session: Session, rules: RulePack, claim: ProjectClaim) -> None:
    """Keep the place for the claimant: the community's silence is not at the claimant's cost."""
    until = clock.add_working_days(clock.today(), rules.counting.claim_retry_working_days)
    claim.retry_until = until
    reminders.drop(session, claim, kinds.ANSWER_DUE)
    reminders.plan_retry(session, claim, until)


def expect_start(session: Session, rules: RulePack, claim: ProjectClaim) -> None:
    """Start the claimant's term: so many days from the project's first, or from a later answer."""
    first = max(claim.project.starts_on, clock.today())
    claim.start_due_on = first + timedelta(days=rules.counting.claim_start_days)
    reminders.drop(session, claim, kinds.ANSWER_DUE)
    reminders.plan_work(session, claim)
