"""Communities publish projects; members and units claim, deliver, and are taken over."""

from typing import Any

from backend.projects import claims as claiming
from backend.projects import queries, service
from backend.projects.models import ProjectClaim, ServiceProject
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    ReasonIn,
    actor,
    fetch_page,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.idempotency import idempotent
from miniprogram_api.projects.schemas import (
    ClaimIn,
    ClaimOut,
    ClaimQuery,
    CompletionIn,
    DeliveryIn,
    ProjectIn,
    ProjectOut,
    ProjectQuery,
)

blueprint = Blueprint("projects", __name__, description="服务项目")
claims = Blueprint("claims", __name__, description="项目认领")
mine = Blueprint("my-claims", __name__, description="项目认领")


@blueprint.post("")
@idempotent
@blueprint.arguments(ProjectIn)
@blueprint.response(201, ProjectOut)
def publish(body: dict[str, Any]) -> ServiceProject:
    """Draw up a project of the own community."""
    return service.publish(session(), actor=actor(), **body)


@blueprint.get("")
@blueprint.arguments(ProjectQuery, location="query")
@blueprint.response(200, page_of(ProjectOut))
def list_projects(query: dict[str, Any]) -> Page:
    """List projects, by community and state."""
    page = paging(query)
    return fetch_page(queries.listed(actor(), **query), ServiceProject.id, **page)


@blueprint.get("/<int:project_id>")
@blueprint.response(200, ProjectOut)
def show(project_id: int) -> ServiceProject:
    """Show one project."""
    return service.get(session(), actor=actor(), project_id=project_id)


@blueprint.post("/<int:project_id>/opening")
@blueprint.response(200, ProjectOut)
def open_for_claims(project_id: int) -> ServiceProject:
    """Open a draft for claims."""
    return service.open_for_claims(session(), actor=actor(), project_id=project_id)


@blueprint.post("/<int:project_id>/claims")
@blueprint.arguments(ClaimIn)
@blueprint.response(201, ClaimOut)
def claim(body: dict[str, Any], project_id: int) -> ProjectClaim:
    """Claim one place, for oneself or for the unit one is contact of."""
    return claiming.claim(session(), actor=actor(), project_id=project_id, **body)


@claims.get("")
@claims.arguments(ClaimQuery, location="query")
@claims.response(200, page_of(ClaimOut))
def list_claims(query: dict[str, Any]) -> Page:
    """List the claims of the secretary's community, or of units in the officer's area."""
    page = paging(query)
    return fetch_page(queries.listed_claims(actor(), **query), ProjectClaim.id, **page)


@claims.post("/<int:claim_id>/acceptance")
@claims.response(200, ClaimOut)
def accept(claim_id: int) -> ProjectClaim:
    """Accept a claim."""
    return claiming.accept(session(), actor=actor(), claim_id=claim_id)


@claims.post("/<int:claim_id>/declining")
@claims.arguments(ReasonIn)
@claims.response(200, ClaimOut)
def decline(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Decline a claim with a reason."""
    return claiming.decline(session(), actor=actor(), claim_id=claim_id, **body)


@claims.post("/<int:claim_id>/withdrawal")
@claims.response(200, ClaimOut)
def withdraw(claim_id: int) -> ProjectClaim:
    """Withdraw a claim before it was started."""
    return claiming.withdraw(session(), actor=actor(), claim_id=claim_id)


@claims.post("/<int:claim_id>/start")
@claims.response(200, ClaimOut)
def start(claim_id: int) -> ProjectClaim:
    """Begin the work."""
    return claiming.start(session(), actor=actor(), claim_id=claim_id)


@claims.post("/<int:claim_id>/delivery")
@claims.arguments(DeliveryIn)
@claims.response(200, ClaimOut)
def deliver(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Say what was done."""
    return claiming.deliver(session(), actor=actor(), claim_id=claim_id, **body)


@claims.post("/<int:claim_id>/completion")
@claims.arguments(CompletionIn)
@claims.response(200, ClaimOut)
def complete(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Take the work over, which counts it in the ledger."""
    return claiming.complete(session(), services().rules, actor=actor(), claim_id=claim_id, **body)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(ClaimOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the own claims and those of the units one is contact of."""
    actor().as_member()
    return fetch_page(queries.my_claims(actor()), ProjectClaim.id, **query)
