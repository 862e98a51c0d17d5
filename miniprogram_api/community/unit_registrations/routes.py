"""Units register with communities and streets; these accept, return, and either side ends it."""

from typing import Any

from flask import Response

from backend.community.unit_registrations import lists, queries, receipts, service
from backend.community.unit_registrations.flow import FLOW
from backend.community.unit_registrations.models import ResourceOffer, UnitRegistration
from backend.community.unit_registrations.resources import Resource
from backend.community.unit_registrations.service import Submission
from miniprogram_api import steps
from miniprogram_api.community.unit_registrations.schemas import (
    OfferedResourceOut,
    ResourceListIn,
    ResourceQuery,
    UnitRegistrationIn,
    UnitRegistrationOut,
    UnitRegistrationQuery,
    UnitResubmissionIn,
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
    session,
)
from miniprogram_api.support.documents import papers
from miniprogram_api.support.documents.papers import PDF, Link
from miniprogram_api.support.documents.schemas import DocumentLinkOut

blueprint = Blueprint("unit-registrations", __name__, description="单位报到")
resources = Blueprint("resources", __name__, description="资源清单")
mine = Blueprint("my-unit-registrations", __name__, description="单位报到")


@blueprint.post("")
@blueprint.arguments(UnitRegistrationIn)
@blueprint.response(201, UnitRegistrationOut)
def submit(said: Submission) -> UnitRegistration:
    """Register the unit whose contact one is with a community or a street."""
    return service.submit(session(), actor=actor(), said=said)


@blueprint.get("")
@blueprint.arguments(UnitRegistrationQuery, location="query")
@blueprint.response(200, page_of(UnitRegistrationOut))
def list_registrations(query: dict[str, Any]) -> Page:
    """List the registrations of one's units, or received in one's area, with what is offered, the
    last first; what waits for one's own decision by when it was sent."""
    page, found = paging(query), lists.listed(actor(), **query)
    if query["decidable"]:
        return fetch_in_order(found, UnitRegistration.submitted_at, UnitRegistration.id, **page)
    return fetch_page(found, UnitRegistration.id, **page)


@blueprint.get("/<int:registration_id>")
@blueprint.response(200, UnitRegistrationOut)
def show(registration_id: int) -> UnitRegistration:
    """Show one registration."""
    return service.show(session(), actor=actor(), registration_id=registration_id)


steps.serve(blueprint, FLOW, UnitRegistrationOut, "registration_id", [UnitResubmissionIn])


@blueprint.put("/<int:registration_id>/resources")
@blueprint.arguments(ResourceListIn)
@blueprint.response(200, UnitRegistrationOut)
def replace_resources(resources: list[Resource], registration_id: int) -> UnitRegistration:
    """Write the resource list anew."""
    return service.replace_resources(
        session(), actor=actor(), registration_id=registration_id, resources=resources
    )


@blueprint.get("/<int:registration_id>/receipt")
@blueprint.doc(**PDF)
def read_receipt(registration_id: int) -> Response:
    """Read the receipt as PDF, with its number and a code to verify it."""
    registration = receipts.of(session(), actor=actor(), registration_id=registration_id)
    return papers.answer(receipts.document(registration, verify_at=papers.verify_at()))


@blueprint.get("/<int:registration_id>/receipt-link")
@blueprint.response(200, DocumentLinkOut)
def link_receipt(registration_id: int) -> Link:
    """Show an address that opens the receipt for five minutes."""
    registration = receipts.of(session(), actor=actor(), registration_id=registration_id)
    return papers.link("unit-receipt", registration.id)


@resources.get("")
@resources.arguments(ResourceQuery, location="query")
@resources.response(200, page_of(OfferedResourceOut))
def list_resources(query: dict[str, Any]) -> Page:
    """List what units offer where they are registered."""
    page = paging(query)
    return fetch_page(queries.resources(**query), ResourceOffer.id, **page)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(UnitRegistrationOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the registrations of the units whose contact one is."""
    return fetch_page(lists.of_own_units(actor()), UnitRegistration.id, **query, values=KEPT)
