"""Members register with a community; its secretary accepts, returns or rejects."""

from typing import Any

from flask import Response

from backend.registrations import queries, receipts, service
from backend.registrations.models import CommunityRegistration
from miniprogram_api.documents import papers
from miniprogram_api.documents.papers import PDF, Link
from miniprogram_api.documents.schemas import DocumentLinkOut
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
from miniprogram_api.registrations.schemas import (
    OfferIn,
    RegistrationIn,
    RegistrationOut,
    RegistrationQuery,
    RejectionIn,
)

blueprint = Blueprint("registrations", __name__, description="党员报到")
mine = Blueprint("my-registrations", __name__, description="党员报到")


@blueprint.post("")
@blueprint.arguments(RegistrationIn)
@blueprint.response(201, RegistrationOut)
def submit(body: dict[str, Any]) -> CommunityRegistration:
    """Register with the community where one lives."""
    return service.submit(session(), services().rules, actor=actor(), **body)


@blueprint.get("")
@blueprint.arguments(RegistrationQuery, location="query")
@blueprint.response(200, page_of(RegistrationOut))
def list_registrations(query: dict[str, Any]) -> Page:
    """List the registrations of the secretary's community or the officer's area."""
    page = paging(query)
    return fetch_page(queries.listed(actor(), **query), CommunityRegistration.id, **page)


@blueprint.post("/<int:registration_id>/resubmission")
@blueprint.arguments(OfferIn)
@blueprint.response(200, RegistrationOut)
def resubmit(body: dict[str, Any], registration_id: int) -> CommunityRegistration:
    """Send a returned registration again."""
    return service.resubmit(
        session(), services().rules, actor=actor(), registration_id=registration_id, **body
    )


@blueprint.post("/<int:registration_id>/withdrawal")
@blueprint.response(200, RegistrationOut)
def withdraw(registration_id: int) -> CommunityRegistration:
    """Take a registration back before it is accepted."""
    return service.withdraw(session(), actor=actor(), registration_id=registration_id)


@blueprint.post("/<int:registration_id>/acceptance")
@blueprint.response(200, RegistrationOut)
def accept(registration_id: int) -> CommunityRegistration:
    """Accept a registration and issue its receipt number."""
    return service.accept(session(), actor=actor(), registration_id=registration_id)


@blueprint.post("/<int:registration_id>/return")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, RegistrationOut)
def send_back(body: dict[str, Any], registration_id: int) -> CommunityRegistration:
    """Return a registration for correction."""
    return service.send_back(session(), actor=actor(), registration_id=registration_id, **body)


@blueprint.post("/<int:registration_id>/rejection")
@blueprint.arguments(RejectionIn)
@blueprint.response(200, RegistrationOut)
def reject(body: dict[str, Any], registration_id: int) -> CommunityRegistration:
    """Reject a registration on one of the three grounds."""
    return service.reject(session(), actor=actor(), registration_id=registration_id, **body)


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
    return papers.link("registration-receipt", registration.id)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(RegistrationOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the member's own registrations."""
    own = queries.of_member(actor().as_member())
    return fetch_page(own, CommunityRegistration.id, **query)
