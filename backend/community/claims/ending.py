"""How a project ends with its claims: done and evaluated, or expired. Callers hold its lock."""

from sqlalchemy.orm import Session

from backend.community.claims import news, queries
from backend.community.projects.flow import FLOW as PROJECT
from backend.community.projects.models import TAKING_CLAIMS, ProjectStatus, ServiceProject
from backend.core import clock
from backend.ledger.rulepack import RulePack


def settle(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """End a project that nothing is under way on and nobody can claim any more."""
    session.flush()
    if project.status is ProjectStatus.DONE:
        _evaluate(session, project)
    if project.status not in TAKING_CLAIMS or _goes_on(session, project):
        return
    if session.scalar(queries.any_completed(project.id)):
        _finish(session, rules, project)
    else:
        PROJECT.turn(session, project, "expire")


def _goes_on(session: Session, project: ServiceProject) -> bool:
    claimable = project.places_left and clock.now() <= project.claim_deadline
    return bool(claimable) or bool(session.scalar(queries.goes_on(project.id)))


def _finish(session: Session, rules: RulePack, project: ServiceProject) -> None:
    PROJECT.turn(session, project, "finish", rules)
    for claim in session.scalars(queries.completed(project.id)).all():
        if claim.claimant_solved is None:
            news.tell_claimant(session, claim, "done")
    _evaluate(session, project)


def _evaluate(session: Session, project: ServiceProject) -> None:
    """Close a project when both sides have said how it went, or the term for it has passed."""
    due = project.evaluation_due_on
    open_ = due is not None and clock.today() <= due
    if not (open_ and session.scalar(queries.any_silent(project.id))):
        PROJECT.turn(session, project, "evaluate")
