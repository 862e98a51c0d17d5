"""The places of a project. Callers hold its lock: whoever counts places must."""

from sqlalchemy.orm import Session

from backend.community.projects.flow import FLOW
from backend.community.projects.models import ProjectStatus, ServiceProject


def take(session: Session, project: ServiceProject) -> None:
    """Use up one place. Raises Conflict `claim_closed`, `project_full`."""
    FLOW.turn(session, project, "claim")
    use_up(session, project)


def use_up(session: Session, project: ServiceProject) -> None:
    """Use up one place for somebody who waited."""
    project.claimed += 1
    if not project.places_left and project.status is ProjectStatus.OPEN:
        FLOW.turn(session, project, "fill")


def wait(session: Session, project: ServiceProject) -> None:
    """Let somebody wait. Raises Conflict `claim_closed`, `place_is_free`."""
    FLOW.turn(session, project, "wait")


def free(session: Session, project: ServiceProject) -> None:
    """Free one place; who waits is the caller's to ask."""
    project.claimed -= 1
    if project.status is ProjectStatus.FULL:
        FLOW.turn(session, project, "free")


def begin(session: Session, project: ServiceProject) -> None:
    """Let a project be under way with the first claim that is started."""
    if project.status is not ProjectStatus.IN_PROGRESS:
        FLOW.turn(session, project, "begin")
