"""Those who keep units enter, correct, merge and end them."""

from typing import Any

from backend.flows.steps import Reason
from backend.people.organizations.models import Unit
from backend.people.organizations.queries import units
from backend.rosters import changes
from backend.rosters.changes import Merging
from backend.rosters.models import RosterChange
from backend.rosters.units import detail, service
from backend.rosters.units.detail import Kept
from backend.rosters.units.service import Description
from miniprogram_api.community.unit_registrations.schemas import UnitOut
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
from miniprogram_api.rosters.schemas import ChangeOut, KeptUnitOut, MergingIn, UnitIn, UnitQuery

blueprint = Blueprint("kept-units", __name__, description="单位")


def _shown(row: Unit) -> Kept:
    return detail.shown(session(), actor(), row)


@blueprint.get("")
@blueprint.arguments(UnitQuery, location="query")
@blueprint.response(200, page_of(UnitOut))
def list_units(query: dict[str, Any]) -> Page:
    """List the units one keeps; with nothing but a part of a name all that have it."""
    page = paging(query) | {"newest_first": False}
    if query.keys() - {"q"}:
        query.pop("kept", None)
        return fetch_page(detail.listed(actor(), **query), Unit.id, **page)
    return fetch_page(units(query.get("q")), Unit.id, **page)


@blueprint.post("")
@blueprint.arguments(UnitIn)
@blueprint.response(201, KeptUnitOut)
def found(said: Description) -> Kept:
    """Enter a unit."""
    return _shown(service.found(session(), services().rules, actor=actor(), said=said))


@blueprint.get("/<int:unit_id>")
@blueprint.response(200, KeptUnitOut)
def show(unit_id: int) -> Kept:
    """Show a unit to those who keep it, and to its contact."""
    return detail.show(session(), actor(), unit_id)


@blueprint.get("/<int:unit_id>/changes")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(ChangeOut))
def list_changes(query: dict[str, Any], unit_id: int) -> Page:
    """List what was done to a unit and why, the last first."""
    row = service.find(session(), actor(), unit_id)
    return fetch_page(changes.of(row.as_subject), RosterChange.id, **query)


@blueprint.put("/<int:unit_id>")
@blueprint.arguments(UnitIn)
@blueprint.response(200, KeptUnitOut)
def correct(said: Description, unit_id: int) -> Kept:
    """Correct what a unit is and where it is located."""
    row = service.correct(session(), services().rules, actor=actor(), unit_id=unit_id, said=said)
    return _shown(row)


@blueprint.post("/<int:unit_id>/merging")
@blueprint.arguments(MergingIn)
@blueprint.response(200, KeptUnitOut)
def merge(said: Merging, unit_id: int) -> Kept:
    """Merge a unit into another, which takes over its members and organisations."""
    row = service.merge(session(), services().rules, actor=actor(), unit_id=unit_id, said=said)
    return _shown(row)


@blueprint.post("/<int:unit_id>/ending")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, KeptUnitOut)
def end(said: Reason, unit_id: int) -> Kept:
    """End a unit to which nobody belongs any more."""
    row = service.end(session(), services().rules, actor=actor(), unit_id=unit_id, said=said)
    return _shown(row)
