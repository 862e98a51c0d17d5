"""How projects end: cancelled, done, evaluated, or expired. Callers hold the project's lock."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import matching
from backend.community.projects import news, places, project_news, queries, reminders, service
from backend.community.projects.models import (
    HOLDING,
    TAKING_CLAIMS,
    UNDER_WAY,
    ClaimStatus,
    ProjectClaim,
    ProjectStatus,
    ReleaseReason,
    ServiceProject,
)
from backend.community.projects.states import CLAIM, PROJECT
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack

DELIVERED = (ClaimStatus.DELIVERED, ClaimStatus.COMPLETED)


def cancel(session: Session, *, actor: Actor, project_id: int, reason: str) -> ServiceProject:
    """Call a project off, while nothing was delivered; all claims end without consequence."""
    project = service.own_project(session, actor, project_id)
    if project.status is ProjectStatus.CANCELLED and project.cancelled_by == actor.account_id:
        return project
    status = PROJECT.after(project.status, "cancel")
    claims = session.scalars(queries.live_claims(project.id)).all()
    if any(claim.status in DELIVERED for claim in claims):
        raise Conflict("work_was_delivered", "已有认领方提交了完成情况，请先验收。")
    matched = project.status in TAKING_CLAIMS
    project.status, project.claimed = status, 0
    project.cancel_reason, project.cancelled_by = reason, actor.account_id
    for claim in claims:
        _release(session, claim, ReleaseReason.PROJECT_CANCELLED)
    session.flush()
    audit.record(session, actor, "project.cancelled", project)
    service.check_text(session, actor, project, "cancel_reason", reason)
    if matched and project.demand_id is not None:
        matching.settle(session, project.demand_id, project.id)
    return project


def release(session: Session, claim: ProjectClaim, reason: ReleaseReason) -> None:
    """Let a claim fall away; its place, if it held one, is free."""
    if claim.status in HOLDING:
        places.free_one(claim.project)
    _release(session, claim, reason)


def _release(session: Session, claim: ProjectClaim, reason: ReleaseReason) -> None:
    claim.status = CLAIM.after(claim.status, "release")
    claim.release_reason, claim.retry_until, claim.ended_at = reason, None, clock.now()
    reminders.drop(session, claim)
    session.flush()
    audit.record(session, None, "claim.released", claim, reason=reason)
    news.tell_claimant(session, claim, "released")


def settle(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """End a project that nothing is under way on and nobody can claim any more."""
    session.flush()
    if project.status is ProjectStatus.DONE:
        _evaluate(session, project)
    if project.status not in TAKING_CLAIMS or _goes_on(session, project):
        return
    if session.scalar(sa.select(_any_claim(project, ClaimStatus.COMPLETED))):
        _finish(session, rules, project)
    else:
        _expire(session, project)


def _goes_on(session: Session, project: ServiceProject) -> bool:
    claimable = project.places_left and clock.now() <= project.claim_deadline
    waited_for = (*UNDER_WAY, ClaimStatus.WAITING)
    return bool(claimable) or bool(session.scalar(sa.select(_any_claim(project, *waited_for))))


def _any_claim(project: ServiceProject, *statuses: ClaimStatus) -> sa.Exists:
    return sa.exists().where(
        ProjectClaim.project_id == project.id, ProjectClaim.status.in_(statuses)
    )


def _finish(session: Session, rules: RulePack, project: ServiceProject) -> None:
    today = clock.today()
    project.status = PROJECT.after(project.status, "finish")
    project.done_on = today
    project.evaluation_due_on = today + timedelta(days=rules.counting.project_evaluation_days)
    session.flush()
    audit.record(session, None, "project.done", project)
    completed = session.scalars(queries.completed(project.id)).all()
    for claim in completed:
        if claim.claimant_solved is None:
            news.tell_claimant(session, claim, "done")
    if project.demand_id is not None:
        matching.settle(session, project.demand_id, project.id)
    _evaluate(session, project)


def _evaluate(session: Session, project: ServiceProject) -> None:
    """Both sides have said how it went, or the term for it has passed."""
    due = project.evaluation_due_on
    open_ = due is not None and clock.today() <= due
    silent = sa.and_(ProjectClaim.claimant_solved.is_(None), ProjectClaim.project_id == project.id)
    still = sa.exists().where(silent, ProjectClaim.status == ClaimStatus.COMPLETED)
    if open_ and session.scalar(sa.select(still)):
        return
    project.status = PROJECT.after(project.status, "evaluate")
    session.flush()
    audit.record(session, None, "project.evaluated", project)


def _expire(session: Session, project: ServiceProject) -> None:
    project.status = PROJECT.after(project.status, "expire")
    session.flush()
    audit.record(session, None, "project.expired", project)
    project_news.tell_expired(session, project)
    if project.demand_id is not None:
        matching.settle(session, project.demand_id, project.id)
