"""Projects of a community: publish, open. Callers own the transaction."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.areas import service as areas
from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.projects import policy, queries
from backend.projects.models import ClaimantKind, ProjectStatus, ServiceProject
from backend.projects.states import PROJECT
from backend.text_checks import service as text_checks


def publish(
    session: Session,
    *,
    actor: Actor,
    community_code: str,
    title: str,
    content: str,
    claimants: ClaimantKind,
    places: int,
    starts_on: date,
    ends_on: date,
    claim_deadline: datetime,
) -> ServiceProject:
    """Draw up a project of the secretary's own community; it is a draft until opened."""
    community = areas.community(session, community_code)
    if not policy.may_publish(actor, community.id):
        raise Forbidden("not_your_community", "只能发布本社区的服务项目。")
    if ends_on < starts_on:
        raise Invalid("ends_on", "结束日期不能早于开始日期。")
    if clock.local_date(claim_deadline) > ends_on:
        raise Invalid("claim_deadline", "认领截止时间不能晚于项目结束日期。")
    project = ServiceProject(
        community_id=community.id,
        title=title,
        content=content,
        claimants=claimants,
        places=places,
        claimed=0,
        starts_on=starts_on,
        ends_on=ends_on,
        claim_deadline=claim_deadline,
        status=ProjectStatus.DRAFT,
        created_by=actor.account_id,
    )
    session.add(project)
    audit.record(session, actor, "project.drafted", project)
    _check(session, actor, project)
    return project


def _check(session: Session, actor: Actor, project: ServiceProject) -> None:
    text_checks.submit(
        session,
        actor,
        subject=project.as_subject,
        part="plan",
        area_id=project.community_id,
        texts=[project.title, project.content],
    )


def open_for_claims(session: Session, *, actor: Actor, project_id: int) -> ServiceProject:
    """Open a draft for claims; opening an open project is no change."""
    project = locked_project(session, actor, project_id)
    if not policy.may_publish(actor, project.community_id):
        raise Forbidden("not_your_community", "只能办理本社区的服务项目。")
    if project.status in (ProjectStatus.OPEN, ProjectStatus.FULL):
        return project
    status = PROJECT.after(project.status, "open")
    if project.claim_deadline <= clock.now():
        raise Conflict("claim_deadline_passed", "认领截止时间已过，请修改后再开放。")
    project.status = status
    session.flush()
    audit.record(session, actor, "project.opened", project)
    return project


def get(session: Session, *, actor: Actor, project_id: int) -> ServiceProject:
    """Return a project that exists for the actor; raises NotFound."""
    found = queries.listed(actor).where(ServiceProject.id == project_id)
    project = session.scalars(found).first()
    if project is None:
        raise NotFound("project_not_found", "没有找到这个项目。")
    return project


def locked_project(session: Session, actor: Actor, project_id: int) -> ServiceProject:
    """Return the project with its row locked: who counts places must hold it."""
    found = queries.listed(actor).where(ServiceProject.id == project_id)
    project = session.scalars(
        found.with_for_update(of=ServiceProject).execution_options(populate_existing=True)
    ).first()
    if project is None:
        raise NotFound("project_not_found", "没有找到这个项目。")
    return project
