"""Members and units claim and deliver; communities answer and take over; both say how it went."""

from typing import Any

from backend.community.projects import claims as claiming
from backend.community.projects import decisions, queries
from backend.community.projects.models import ProjectClaim
from miniprogram_api.community.projects.claims.schemas import (
    ClaimIn,
    ClaimOut,
    ClaimQuery,
    DeliveryIn,
    EvaluationIn,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    ReasonIn,
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


def shown(claim: ProjectClaim) -> ProjectClaim:
    """Read a claim as it is after a step: who waits, and where, may have changed with it."""
    session().flush()
    again = queries.claims().where(ProjectClaim.id == claim.id)
    return session().scalars(again.execution_options(populate_existing=True)).one()


@of_projects.post("/<int:project_id>/claims")
@of_projects.arguments(ClaimIn)
@of_projects.response(201, ClaimOut)
def claim(body: dict[str, Any], project_id: int) -> ProjectClaim:
    """Claim one place, for oneself or for the unit one is contact of, or wait for one."""
    rules = services().rules
    return shown(claiming.claim(session(), rules, actor=actor(), project_id=project_id, **body))


@blueprint.get("")
@blueprint.arguments(ClaimQuery, location="query")
@blueprint.response(200, page_of(ClaimOut))
def list_claims(query: dict[str, Any]) -> Page:
    """List the claims of the secretary's community, or of units in the officer's area, the last
    first; those on one project in the order of asking, and what waits for one's own decision by
    when it is due."""
    page, found = paging(query), queries.listed_claims(actor(), **query)
    if query["decidable"]:
        return fetch_in_order(found, queries.due_on(), ProjectClaim.id, **page)
    return fetch_page(found, ProjectClaim.id, **page, newest_first="project_id" not in query)


@blueprint.post("/<int:claim_id>/acceptance")
@blueprint.response(200, ClaimOut)
def accept(claim_id: int) -> ProjectClaim:
    """Accept a claim."""
    return shown(decisions.accept(session(), services().rules, actor=actor(), claim_id=claim_id))


@blueprint.post("/<int:claim_id>/declining")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ClaimOut)
def decline(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Decline a claim with a reason."""
    rules = services().rules
    return shown(decisions.decline(session(), rules, actor=actor(), claim_id=claim_id, **body))


@blueprint.post("/<int:claim_id>/withdrawal")
@blueprint.response(200, ClaimOut)
def withdraw(claim_id: int) -> ProjectClaim:
    """Withdraw a claim before it was started, without consequence."""
    return shown(claiming.withdraw(session(), services().rules, actor=actor(), claim_id=claim_id))


@blueprint.post("/<int:claim_id>/start")
@blueprint.response(200, ClaimOut)
def start(claim_id: int) -> ProjectClaim:
    """Begin the work."""
    return shown(claiming.start(session(), services().rules, actor=actor(), claim_id=claim_id))


@blueprint.post("/<int:claim_id>/delivery")
@blueprint.arguments(DeliveryIn)
@blueprint.response(200, ClaimOut)
def deliver(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Say what was done."""
    rules = services().rules
    return shown(claiming.deliver(session(), rules, actor=actor(), claim_id=claim_id, **body))


@blueprint.post("/<int:claim_id>/return")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ClaimOut)
def send_back(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Ask for more of what was delivered, with a reason."""
    rules = services().rules
    return shown(decisions.send_back(session(), rules, actor=actor(), claim_id=claim_id, **body))


@blueprint.post("/<int:claim_id>/failure")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ClaimOut)
def fail(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """State that nothing came of a claim that was started, with a reason."""
    rules = services().rules
    return shown(decisions.fail(session(), rules, actor=actor(), claim_id=claim_id, **body))


@blueprint.post("/<int:claim_id>/completion")
@blueprint.arguments(EvaluationIn)
@blueprint.response(200, ClaimOut)
def complete(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Take the work over, which counts it in the ledger, and say how it went."""
    rules = services().rules
    return shown(decisions.complete(session(), rules, actor=actor(), claim_id=claim_id, **body))


@blueprint.post("/<int:claim_id>/evaluation")
@blueprint.arguments(EvaluationIn)
@blueprint.response(200, ClaimOut)
def evaluate(body: dict[str, Any], claim_id: int) -> ProjectClaim:
    """Say how the project went, as who claimed it."""
    rules = services().rules
    return shown(claiming.evaluate(session(), rules, actor=actor(), claim_id=claim_id, **body))


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(ClaimOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the own claims and those of the units one is contact of."""
    actor().as_member()
    return fetch_page(queries.my_claims(actor()), ProjectClaim.id, **query)
