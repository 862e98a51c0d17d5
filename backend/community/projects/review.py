"""The street's say on projects that are risky or need money (spec 5.1)."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.projects import policy, project_news, service
from backend.community.projects.models import ProjectStatus, ServiceProject
from backend.community.projects.states import PROJECT
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Forbidden


def approve(session: Session, *, actor: Actor, project_id: int) -> ServiceProject:
    """Agree: the project takes claims from now on."""
    project = _reviewable(session, actor, project_id)
    if project.status is ProjectStatus.OPEN and project.reviewed_by == actor.account_id:
        return project
    PROJECT.after(project.status, "approve")
    project.return_reason = None
    _note(actor, project)
    service.take_claims(session, actor, project)
    project_news.tell_approved(session, project)
    return project


def send_back(session: Session, *, actor: Actor, project_id: int, reason: str) -> ServiceProject:
    """Send it back to the community with a reason; there it is a draft again."""
    project = _reviewable(session, actor, project_id)
    again = project.reviewed_by == actor.account_id and project.return_reason == reason
    if project.status is ProjectStatus.DRAFT and again:
        return project
    project.status = PROJECT.after(project.status, "return")
    project.return_reason = reason
    _note(actor, project)
    session.flush()
    audit.record(session, actor, "project.returned", project)
    service.check_text(session, actor, project, "return_reason", reason)
    project_news.tell_returned(session, project)
    return project


def _note(actor: Actor, project: ServiceProject) -> None:
    project.reviewed_by, project.reviewed_at = actor.account_id, clock.now()


def _reviewable(session: Session, actor: Actor, project_id: int) -> ServiceProject:
    project = service.locked_project(session, actor, project_id)
    if not policy.may_review(actor, project):
        raise Forbidden(
            "not_your_decision", "只有项目所在街道的工作人员可以审核，且不能审核自己发布的项目。"
        )
    return project
