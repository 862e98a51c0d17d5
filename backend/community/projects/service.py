"""Projects of a community: draw up, amend, open, have reviewed. Callers own the transaction."""

from datetime import date, datetime
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import matching
from backend.community.demands.models import DemandKind
from backend.community.projects import kinds, policy, project_news, queries
from backend.community.projects.models import (
    TAKING_CLAIMS,
    ClaimantKind,
    ProjectStatus,
    ServiceProject,
)
from backend.community.projects.states import PROJECT
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.core.risk import RiskClass
from backend.people.areas import service as areas
from backend.support.text_checks import service as text_checks


class Changes(TypedDict, total=False):
    """What a community changes about a project; what is left out stays."""

    title: str
    content: str
    claimants: ClaimantKind
    places: int
    starts_on: date
    ends_on: date
    claim_deadline: datetime
    risk: RiskClass
    funded: bool
    insurance_note: str


class Plan(TypedDict):
    """What a community writes about a project."""

    title: str
    content: str
    claimants: ClaimantKind
    places: int
    starts_on: date
    ends_on: date
    claim_deadline: datetime
    risk: RiskClass
    funded: bool
    insurance_note: str


def publish(
    session: Session,
    *,
    actor: Actor,
    community_code: str,
    demand_id: int | None = None,
    **plan: Unpack[Plan],
) -> ServiceProject:
    """Draw up a project of the secretary's own community; it is a draft until opened.

    A demand must stand on the community's list.
    """
    community = areas.community(session, community_code)
    if not policy.may_publish(actor, community.id):
        raise Forbidden("not_your_community", "只能发布本社区的服务项目。")
    demand = matching.open_demand(session, actor, demand_id) if demand_id is not None else None
    if demand is not None and demand.community_id != community.id:
        raise Invalid("demand_id", "只能为本社区的需求发布项目。")
    project = ServiceProject(
        community=community,
        demand=demand,
        claimed=0,
        status=ProjectStatus.DRAFT,
        created_by=actor.account_id,
        **plan,
    )
    _check_plan(project)
    session.add(project)
    audit.record(session, actor, "project.drafted", project)
    _submit_text(session, actor, project)
    return project


def _check_plan(project: ServiceProject) -> None:
    if project.ends_on < project.starts_on:
        raise Invalid("ends_on", "结束日期不能早于开始日期。")
    if clock.local_date(project.claim_deadline) > project.ends_on:
        raise Invalid("claim_deadline", "认领截止时间不能晚于项目结束日期。")
    wish = project.demand is not None and project.demand.kind is DemandKind.MICRO_WISH
    if wish and project.places != 1:
        raise Invalid("places", "微心愿由一个认领方完成，名额应为1。")


def _submit_text(session: Session, actor: Actor, project: ServiceProject) -> None:
    check_text(
        session, actor, project, "plan", project.title, project.content, project.insurance_note
    )


def check_text(
    session: Session, actor: Actor, project: ServiceProject, part: str, *texts: str
) -> None:
    """Have what was written about a project checked."""
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=project.as_subject,
        part=part,
        area_id=project.community_id,
        texts=texts,
    )


def amend(
    session: Session, *, actor: Actor, project_id: int, **changes: Unpack[Changes]
) -> ServiceProject:
    """Change a draft."""
    project = own_project(session, actor, project_id)
    project.status = PROJECT.after(project.status, "amend")
    for name, value in changes.items():
        setattr(project, name, value)
    _check_plan(project)
    project.amended_by = actor.account_id
    session.flush()
    audit.record(session, actor, "project.amended", project)
    _submit_text(session, actor, project)
    return project


def open_for_claims(session: Session, *, actor: Actor, project_id: int) -> ServiceProject:
    """Open a draft for claims, or ask the street where it has a say; again is no change."""
    project = own_project(session, actor, project_id)
    if project.status in (ProjectStatus.REVIEW, *TAKING_CLAIMS):
        return project
    event = "ask_for_review" if project.needs_review else "open"
    status = PROJECT.after(project.status, event)
    if project.risk is not RiskClass.LOW and not project.insurance_note:
        raise Conflict("insurance_required", "有安全风险的项目应先落实保险，请填写保险情况。")
    if event == "open":
        take_claims(session, actor, project)
        return project
    check_deadline(project)
    project.status, project.reviews = status, project.reviews + 1
    project.requested_by = actor.account_id
    session.flush()
    audit.record(session, actor, "project.review_requested", project)
    project_news.ask_for_review(session, project)
    return project


def take_claims(session: Session, actor: Actor, project: ServiceProject) -> None:
    """Open a project that nothing stands in the way of, for its demand if it has one."""
    event = "open" if project.status is ProjectStatus.DRAFT else "approve"
    status = PROJECT.after(project.status, event)
    check_deadline(project)
    if project.demand_id is not None:
        matching.take_up(session, project.demand_id, was_reviewed=event == "approve")
    project.status = status
    session.flush()
    audit.record(session, actor, "project.opened", project)


def check_deadline(project: ServiceProject) -> None:
    if project.claim_deadline <= clock.now():
        raise Conflict("claim_deadline_passed", "认领截止时间已过，请修改后再开放。")


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


def own_project(session: Session, actor: Actor, project_id: int) -> ServiceProject:
    """Return a project of the secretary's own community, locked. Raises NotFound, Forbidden."""
    project = locked_project(session, actor, project_id)
    if not policy.may_publish(actor, project.community_id):
        raise Forbidden("not_your_community", "只能办理本社区的服务项目。")
    return project
