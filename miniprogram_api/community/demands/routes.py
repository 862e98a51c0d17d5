"""Residents, members and units bring demands; communities answer them and publish
lists, as their streets do."""

from typing import Any

from backend.community.demands import finding, lists, queries, service
from backend.community.demands.flow import FLOW
from backend.community.demands.models import Demand, DemandList
from backend.community.demands.service import Bringing, Closing
from backend.community.demands.triage import Answer
from backend.flows.steps import Changes
from miniprogram_api import steps
from miniprogram_api.community.demands.schemas import (
    DemandClosingIn,
    DemandEvaluationIn,
    DemandIn,
    DemandListIn,
    DemandListOut,
    DemandListPreviewOut,
    DemandListQuery,
    DemandOut,
    DemandQuery,
    TriageIn,
    WantedPutIn,
    WholeDemandListOut,
)
from miniprogram_api.http import (
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
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("demands", __name__, description="需求")
mine = Blueprint("my-demands", __name__, description="需求")
published = Blueprint("demand-lists", __name__, description="需求清单")


@blueprint.post("")
@idempotent
@blueprint.arguments(DemandIn)
@blueprint.response(201, DemandOut)
def bring(said: Bringing) -> Demand:
    """Bring a demand to a community, as who one is or for one's unit."""
    return service.bring(session(), actor=actor(), said=said)


@blueprint.get("")
@blueprint.arguments(DemandQuery, location="query")
@blueprint.response(200, page_of(DemandOut))
def list_demands(query: dict[str, Any]) -> Page:
    """List what was published, one's own, and what was sent to the community one works for, the
    last first; what waits for one's own decision, the first."""
    page = paging(query) | {"newest_first": not query["decidable"]}
    return fetch_in_order(finding.listed(actor(), **query), queries.seen_at(), Demand.id, **page)


@blueprint.get("/<int:demand_id>")
@blueprint.response(200, DemandOut)
def show(demand_id: int) -> Demand:
    """Show one demand."""
    return FLOW.show(session(), actor(), demand_id)


@blueprint.put("/<int:demand_id>")
@blueprint.arguments(WantedPutIn)
@blueprint.response(200, DemandOut)
def amend(changes: Changes, demand_id: int) -> Demand:
    """Change a draft; what is left out stays as it is."""
    return FLOW.take(session(), actor(), demand_id, "amend", changes)


@blueprint.post("/<int:demand_id>/triage")
@blueprint.arguments(TriageIn)
@blueprint.response(200, DemandOut)
def decide(answer: Answer, demand_id: int) -> Demand:
    """Accept, merge, refer or decline a demand."""
    return service.decide(session(), actor=actor(), demand_id=demand_id, answer=answer)


@blueprint.post("/<int:demand_id>/closing")
@blueprint.arguments(DemandClosingIn)
@blueprint.response(200, DemandOut)
def close(said: Closing, demand_id: int) -> Demand:
    """Close a demand for which no project is under way, with a reason that all may read."""
    return service.close(session(), actor=actor(), demand_id=demand_id, said=said)


steps.serve(
    blueprint,
    FLOW,
    DemandOut,
    "demand_id",
    [DemandEvaluationIn],
    by_hand={"amendment", "triage", "closing"},
)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(DemandOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List what one brought oneself or for one's unit, the last first."""
    found = finding.own(actor())
    return fetch_in_order(found, queries.seen_at(), Demand.id, **query, newest_first=True)


@published.post("")
@idempotent
@published.arguments(DemandListIn)
@published.response(201, WholeDemandListOut)
def publish(area_code: str) -> DemandList:
    """Publish the next version of this year's list: of one's community what was accepted and still
    stands, of one's street what its communities published."""
    return lists.publish(session(), services().rules, actor=actor(), area_code=area_code)


@published.get("/preview")
@published.arguments(DemandListIn, location="query")
@published.response(200, DemandListPreviewOut)
def preview(area_code: str) -> lists.Preview:
    """Show what publishing now would put on the list, community by community."""
    return lists.preview(session(), actor=actor(), area_code=area_code)


@published.get("")
@published.arguments(DemandListQuery, location="query")
@published.response(200, page_of(DemandListOut))
def list_lists(query: dict[str, Any]) -> Page:
    """List the published lists."""
    page = paging(query)
    return fetch_page(queries.listed_lists(**query), DemandList.id, **page)


@published.get("/<int:list_id>")
@published.response(200, WholeDemandListOut)
def show_list(list_id: int) -> DemandList:
    """Show one list with its demands."""
    return lists.get(session(), actor=actor(), list_id=list_id)
