"""Those who keep organisations found, correct, move, merge and end them."""

from typing import Any

from backend.core.errors import Invalid
from backend.flows.steps import Reason
from backend.people.organizations.models import Organization
from backend.people.organizations.queries import branches
from backend.rosters import changes
from backend.rosters.changes import Merging
from backend.rosters.models import RosterChange
from backend.rosters.organizations import detail, queries, service
from backend.rosters.organizations.detail import Kept
from backend.rosters.organizations.service import Description, Founding, Move
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
from miniprogram_api.rosters.schemas import (
    ChangeOut,
    FoundingIn,
    KeptOrganizationOut,
    MergingIn,
    OrganizationIn,
    OrganizationMoveIn,
    OrganizationOut,
    OrganizationQuery,
)

blueprint = Blueprint("kept-organizations", __name__, description="党组织")


def _shown(row: Organization) -> Kept:
    return detail.shown(session(), actor(), row)


@blueprint.get("")
@blueprint.arguments(OrganizationQuery, location="query")
@blueprint.response(200, page_of(OrganizationOut))
def list_organizations(query: dict[str, Any]) -> Page:
    """List the organisations one keeps; with nothing but a part of a name the branches that have
    it, for whoever says which is theirs."""
    page = paging(query) | {"newest_first": False}
    if query.keys() - {"q"}:
        query.pop("kept", None)
        return fetch_page(queries.listed(actor(), **query), Organization.id, **page)
    if len(query.get("q", "")) < 2:  # fewer letters would list the city
        raise Invalid("q", "请输入至少两个字。")
    return fetch_page(queries.open_to_all(branches(query["q"])), Organization.id, **page)


@blueprint.post("")
@blueprint.arguments(FoundingIn)
@blueprint.response(201, KeptOrganizationOut)
def found(said: Founding) -> Kept:
    """Found an organisation."""
    return _shown(service.found(session(), services().rules, actor=actor(), said=said))


@blueprint.get("/<int:organization_id>")
@blueprint.response(200, KeptOrganizationOut)
def show(organization_id: int) -> Kept:
    """Show an organisation to those who keep it or its roster."""
    return detail.show(session(), actor(), organization_id)


@blueprint.get("/<int:organization_id>/changes")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(ChangeOut))
def list_changes(query: dict[str, Any], organization_id: int) -> Page:
    """List what was done to an organisation and why, the last first."""
    row = service.find(session(), actor(), organization_id)
    return fetch_page(changes.of(row.as_subject), RosterChange.id, **query)


@blueprint.put("/<int:organization_id>")
@blueprint.arguments(OrganizationIn)
@blueprint.response(200, KeptOrganizationOut)
def correct(said: Description, organization_id: int) -> Kept:
    """Correct what an organisation is called and where it lies."""
    row = service.correct(
        session(), services().rules, actor=actor(), organization_id=organization_id, said=said
    )
    return _shown(row)


@blueprint.post("/<int:organization_id>/move")
@blueprint.arguments(OrganizationMoveIn)
@blueprint.response(200, KeptOrganizationOut)
def move(said: Move, organization_id: int) -> Kept:
    """Put an organisation, and all below it, under another."""
    row = service.move(session(), actor=actor(), organization_id=organization_id, said=said)
    return _shown(row)


@blueprint.post("/<int:organization_id>/merging")
@blueprint.arguments(MergingIn)
@blueprint.response(200, KeptOrganizationOut)
def merge(said: Merging, organization_id: int) -> Kept:
    """Merge an organisation into another, which takes over roster and organisations below."""
    row = service.merge(
        session(), services().rules, actor=actor(), organization_id=organization_id, said=said
    )
    return _shown(row)


@blueprint.post("/<int:organization_id>/ending")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, KeptOrganizationOut)
def end(said: Reason, organization_id: int) -> Kept:
    """End an organisation that has no members and nothing below it."""
    row = service.end(
        session(), services().rules, actor=actor(), organization_id=organization_id, said=said
    )
    return _shown(row)
