"""Communities draw up projects and open them; the street reviews what is risky or funded."""

from typing import Any

from backend.community.projects import ending, queries, review, service
from backend.community.projects.models import ServiceProject
from miniprogram_api.community.projects.schemas import (
    CancellationIn,
    ProjectIn,
    ProjectOut,
    ProjectPutIn,
    ProjectQuery,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    ReasonIn,
    actor,
    fetch_in_order,
    page_of,
    paging,
    session,
)
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("projects", __name__, description="服务项目")


def shown(project: ServiceProject) -> ServiceProject:
    """Read a project as it is after a step: who waits may have changed with it."""
    session().flush()
    again = queries.shown().where(ServiceProject.id == project.id)
    return session().scalars(again.execution_options(populate_existing=True)).one()


@blueprint.post("")
@idempotent
@blueprint.arguments(ProjectIn)
@blueprint.response(201, ProjectOut)
def publish(body: dict[str, Any]) -> ServiceProject:
    """Draw up a project of the own community, for a demand on its list or without."""
    return shown(service.publish(session(), actor=actor(), **body))


@blueprint.get("")
@blueprint.arguments(ProjectQuery, location="query")
@blueprint.response(200, page_of(ProjectOut))
def list_projects(query: dict[str, Any]) -> Page:
    """List projects in the order in which they begin: those to come, and those that wait for one's
    own review, from the first on, all others from the last back."""
    forwards = "since" in query or query["decidable"]
    page = paging(query) | {"newest_first": not forwards}
    found = queries.listed(actor(), **query)
    return fetch_in_order(found, ServiceProject.starts_on, ServiceProject.id, **page)


@blueprint.get("/<int:project_id>")
@blueprint.response(200, ProjectOut)
def show(project_id: int) -> ServiceProject:
    """Show one project."""
    return service.get(session(), actor=actor(), project_id=project_id)


@blueprint.put("/<int:project_id>")
@blueprint.arguments(ProjectPutIn)
@blueprint.response(200, ProjectOut)
def amend(body: dict[str, Any], project_id: int) -> ServiceProject:
    """Change a draft; what is left out stays as it is."""
    return shown(service.amend(session(), actor=actor(), project_id=project_id, **body))


@blueprint.post("/<int:project_id>/opening")
@blueprint.response(200, ProjectOut)
def open_for_claims(project_id: int) -> ServiceProject:
    """Open a draft for claims; what is risky or funded goes to the street first."""
    return shown(service.open_for_claims(session(), actor=actor(), project_id=project_id))


@blueprint.post("/<int:project_id>/approval")
@blueprint.response(200, ProjectOut)
def approve(project_id: int) -> ServiceProject:
    """Agree to a project as its street, which opens it for claims."""
    return shown(review.approve(session(), actor=actor(), project_id=project_id))


@blueprint.post("/<int:project_id>/return")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ProjectOut)
def send_back(body: dict[str, Any], project_id: int) -> ServiceProject:
    """Send a project back to the community as its street, with a reason."""
    return shown(review.send_back(session(), actor=actor(), project_id=project_id, **body))


@blueprint.post("/<int:project_id>/cancellation")
@blueprint.arguments(CancellationIn)
@blueprint.response(200, ProjectOut)
def cancel(body: dict[str, Any], project_id: int) -> ServiceProject:
    """Call a project off; all claims on it end without consequence."""
    return shown(ending.cancel(session(), actor=actor(), project_id=project_id, **body))
