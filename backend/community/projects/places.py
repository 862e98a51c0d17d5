"""The places of a project, and who waits for one. Callers hold the project's lock.

Who waits moves up in the order of asking, as soon as a place is free, until the project is over.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.projects import answers, news
from backend.community.projects.models import (
    TAKING_CLAIMS,
    ClaimStatus,
    ProjectClaim,
    ProjectStatus,
    ServiceProject,
)
from backend.community.projects.states import CLAIM, PROJECT
from backend.core import clock
from backend.core.errors import Conflict
from backend.ledger.rulepack import RulePack


def check_open(project: ServiceProject) -> None:
    """Raise Conflict where nobody can ask for a place any more."""
    if project.status not in TAKING_CLAIMS or clock.now() > project.claim_deadline:
        raise Conflict("claim_closed", "该项目已停止认领，可查看本社区其他项目。")


def take(project: ServiceProject) -> None:
    """Use up one place; raises Conflict `project_full`."""
    if not project.places_left:
        raise Conflict("project_full", "名额已满，可以排队候补，或查看本社区其他项目。")
    project.status = PROJECT.after(project.status, "claim")
    _use_up(project)


def _use_up(project: ServiceProject) -> None:
    project.claimed += 1
    if not project.places_left and project.status is ProjectStatus.OPEN:
        project.status = PROJECT.after(project.status, "fill")


def check_waiting(project: ServiceProject) -> None:
    """Raise Conflict `place_is_free` where there is nothing to wait for."""
    if project.places_left:
        raise Conflict("place_is_free", "还有名额，不用排队，请直接认领。")
    PROJECT.after(project.status, "wait")


def give_back(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """Free one place, for the first who waits."""
    free_one(project)
    move_up(session, rules, project)


def free_one(project: ServiceProject) -> None:
    """Free one place without asking who waits."""
    project.claimed -= 1
    if project.status is ProjectStatus.FULL:
        project.status = PROJECT.after(project.status, "free")


def move_up(session: Session, rules: RulePack, project: ServiceProject) -> None:
    """Give free places to the first who wait; the community's term begins for each."""
    over = clock.today() > project.ends_on
    if over or not project.places_left or project.status not in TAKING_CLAIMS:
        return
    session.flush()
    for claim in session.scalars(_first_waiting(project)).all():
        claim.status = CLAIM.after(claim.status, "move_up")
        claim.moved_up_at = clock.now()
        _use_up(project)
        answers.ask(session, rules, claim)
        audit.record(session, None, "claim.moved_up", claim)
        news.tell_claimant(session, claim, "moved_up")
        news.tell_deciders(session, claim, "submitted")


def _first_waiting(project: ServiceProject) -> sa.Select[ProjectClaim]:
    return (
        sa.select(ProjectClaim)
        .where(ProjectClaim.project_id == project.id, ProjectClaim.status == ClaimStatus.WAITING)
        .order_by(ProjectClaim.id)
        .limit(project.places_left)
        .execution_options(populate_existing=True)
    )


def begin(project: ServiceProject) -> None:
    """The first claim was started: the project is under way."""
    if project.status is not ProjectStatus.IN_PROGRESS:
        project.status = PROJECT.after(project.status, "begin")
