"""Everybody who has signed in may look the territory up."""

from typing import Any

from backend.flows.steps import Changes
from backend.people.areas import service
from backend.people.areas.models import Area
from miniprogram_api.http import Blueprint, Page, actor, fetch_page, page_of, paging, session
from miniprogram_api.people.areas.schemas import AreaOut, AreaQuery, ContactIn

blueprint = Blueprint("areas", __name__, description="行政区划")


@blueprint.get("")
@blueprint.arguments(AreaQuery, location="query")
@blueprint.response(200, page_of(AreaOut))
def list_areas(query: dict[str, Any]) -> Page:
    """List areas in the order of the published list, by parent, level, kind or part of the name."""
    page = paging(query)
    return fetch_page(service.listed(**query), Area.id, newest_first=False, **page)


@blueprint.get("/<code>")
@blueprint.response(200, AreaOut)
def show_area(code: str) -> Area:
    """Show one area by its official code."""
    return service.get(session(), code)


@blueprint.put("/<code>/contact")
@blueprint.arguments(ContactIn)
@blueprint.response(200, AreaOut)
def set_contact(changes: Changes, code: str) -> Area:
    """Write at which office number one's community is reached; hours that are left out stay."""
    phone = changes["contact_phone"]
    hours = changes.get("contact_hours", service.get(session(), code).contact_hours)
    return service.set_contact(session(), actor=actor(), code=code, phone=phone, hours=hours)
