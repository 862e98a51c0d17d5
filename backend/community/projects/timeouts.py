"""What the clock does to projects and claims (spec 5.1). Every step does it first, under the
project's lock, and a job does it for projects nobody touches: whoever comes first, the same."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.projects import answers, ending, news, places, queries
from backend.community.projects.models import (
    TAKING_CLAIMS,
    ClaimStatus,
    ProjectClaim,
    ReleaseReason,
    ServiceProject,
)
from backend.community.projects.states import CLAIM
from backend.core import clock
from backend.ledger.rulepack import RulePack


def apply(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """Bring a locked project to this day: claims lapse and are released, others move up, and a
    project that nothing can come of ends."""
    if project.status in TAKING_CLAIMS:
        for claim in session.scalars(queries.overdue_claims(project)).all():
            _let_pass(session, rules, claim)
        places.move_up(session, rules, project)
    ending.settle(session, rules, project)


def _let_pass(session: Session, rules: RulePack, claim: ProjectClaim) -> None:
    if clock.today() > claim.project.ends_on:
        ending.release(session, claim, ReleaseReason.PROJECT_OVER)
    elif claim.status is ClaimStatus.SUBMITTED:
        _lapse(session, rules, claim)
    elif claim.status is ClaimStatus.LAPSED:
        ending.release(session, claim, ReleaseReason.NOT_RETRIED)
    else:
        ending.release(session, claim, ReleaseReason.NOT_STARTED)


def _lapse(session: Session, rules: RulePack, claim: ProjectClaim) -> None:
    claim.status = CLAIM.after(claim.status, "lapse")
    answers.keep_for_retry(session, rules, claim)
    session.flush()
    audit.record(session, None, "claim.lapsed", claim)
    news.tell_claimant(session, claim, "lapsed")
    news.tell_deciders(session, claim, "lapsed")


def take_due(session: Session, *, after: int) -> ServiceProject | None:
    """Return the next project, by id, that the clock has something to do with, locked."""
    due = queries.due().where(ServiceProject.id > after).order_by(ServiceProject.id).limit(1)
    locked = due.with_for_update(of=ServiceProject, skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).first()
