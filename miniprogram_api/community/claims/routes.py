"""Members and units claim and deliver; communities answer and take over; both say how it went."""

from typing import Any

from backend.community.claims import lists, queries
from backend.community.claims import service as claims
from backend.community.claims.flow import FLOW
from backend.community.claims.models import ProjectClaim
from backend.community.claims.service import Claiming
from miniprogram_api import steps
from miniprogram_api.community.claims.schemas import (
    ClaimIn,
    ClaimOut,
    ClaimQuery,
    DeliveryIn,
    EvaluationIn,
)
from miniprogram_api.http import (
    KEPT,
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_in_order,
    fetch_page,
    page_of,
    paging,
    services,
    session,
)

of_projects = Blueprint("project-claims", __name__, description="项目认领")
blueprint = Blueprint("claims", __name__, description="项目认领")
mine = Blueprint("my-claims", __name__, description="项目认领")


@of_projects.post("/<int:project_id>/claims")
@of_projects.arguments(ClaimIn)
@of_projects.response(201, ClaimOut)
def claim(said: Claiming, project_id: int) -> ProjectClaim:
    """Claim one place, for oneself or for the unit one is contact of, or wait for one."""
    rules = services().rules
    return claims.claim(session(), rules, actor=actor(), project_id=project_id, said=said)


@blueprint.get("")
@blueprint.arguments(ClaimQuery, location="query")
@blueprint.response(200, page_of(ClaimOut))
def list_claims(query: dict[str, Any]) -> Page:
    """List the claims of the secretary's community, or of units in the officer's area, the last
    first; those on one project in the order of asking, and what waits for one's own decision by
    when it is due."""
    page, found = paging(query), lists.listed(actor(), **query)
    if query["decidable"]:
        return fetch_in_order(found, queries.due_on(), ProjectClaim.id, **page)
    return fetch_page(found, ProjectClaim.id, **page, newest_first="project_id" not in query)


steps.serve(
    blueprint,
    FLOW,
    ClaimOut,
    "claim_id",
    [DeliveryIn, EvaluationIn],
    by_hand={"retry"},
)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(ClaimOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the own claims and those of the units one is contact of."""
    return fetch_page(lists.own(actor()), ProjectClaim.id, **query, values=KEPT)
