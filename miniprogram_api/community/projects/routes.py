"""Communities draw up projects and open them; the street reviews what is risky or funded."""

from typing import Any

from backend.community.claims import service as claims
from backend.community.projects import lists, service
from backend.community.projects.flow import FLOW
from backend.community.projects.models import ServiceProject
from backend.community.projects.service import Plan
from backend.flows.steps import Changes, Reason
from miniprogram_api import steps
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
    actor,
    fetch_in_order,
    page_of,
    paging,
    session,
)
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("projects", __name__, description="服务项目")


@blueprint.post("")
@idempotent
@blueprint.arguments(ProjectIn)
@blueprint.response(201, ProjectOut)
def publish(plan: Plan) -> ServiceProject:
    """Draw up a project of the own community, for a demand on its list or without."""
    return service.publish(session(), actor=actor(), plan=plan)


@blueprint.get("")
@blueprint.arguments(ProjectQuery, location="query")
@blueprint.response(200, page_of(ProjectOut))
def list_projects(query: dict[str, Any]) -> Page:
    """List projects in the order in which they begin: those to come, and those that wait for one's
    own review, from the first on, all others from the last back."""
    forwards = "since" in query or query["decidable"]
    page = paging(query) | {"newest_first": not forwards}
    found = lists.listed(actor(), **query)
    return fetch_in_order(found, ServiceProject.starts_on, ServiceProject.id, **page)


@blueprint.get("/<int:project_id>")
@blueprint.response(200, ProjectOut)
def show(project_id: int) -> ServiceProject:
    """Show one project."""
    return FLOW.show(session(), actor(), project_id)


@blueprint.put("/<int:project_id>")
@blueprint.arguments(ProjectPutIn)
@blueprint.response(200, ProjectOut)
def amend(changes: Changes, project_id: int) -> ServiceProject:
    """Change a draft; what is left out stays as it is."""
    return FLOW.take(session(), actor(), project_id, "amend", changes)


@blueprint.post("/<int:project_id>/opening")
@blueprint.response(200, ProjectOut)
def open_for_claims(project_id: int) -> ServiceProject:
    """Open a draft for claims; what is risky or funded goes to the street first."""
    return service.open_for_claims(session(), actor=actor(), project_id=project_id)


@blueprint.post("/<int:project_id>/cancellation")
@blueprint.arguments(CancellationIn)
@blueprint.response(200, ProjectOut)
def cancel(said: Reason, project_id: int) -> ServiceProject:
    """Call a project off; all claims on it end without consequence."""
    return claims.cancel(session(), actor=actor(), project_id=project_id, said=said)


steps.serve(
    blueprint,
    FLOW,
    ProjectOut,
    "project_id",
    by_hand={"amendment", "opening", "cancellation"},
)
