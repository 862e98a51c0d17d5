"""Members register with a community; its secretary accepts, returns or rejects."""

from dataclasses import replace
from typing import Any

from flask import Response

from backend.community.registrations import assisted as assisted_service
from backend.community.registrations import lists, receipts, requests, service, unregistered
from backend.community.registrations.applying import Application, Slip
from backend.community.registrations.flow import FLOW, REQUEST
from backend.community.registrations.models import (
    CommunityRegistration,
    RegistrationRequest,
    RegistrationStatus,
)
from backend.community.registrations.requests import Asking
from backend.community.registrations.unregistered import Missing
from backend.people.members.models import Member
from miniprogram_api import steps
from miniprogram_api.community.registrations.schemas import (
    AssistedRegistrationIn,
    CorrectionIn,
    EndingIn,
    PauseIn,
    RegistrationIn,
    RegistrationOut,
    RegistrationQuery,
    RegistrationRequestOut,
    RejectionIn,
    RequestQuery,
    ResumptionIn,
    UnregisteredOut,
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
from miniprogram_api.support.documents import papers
from miniprogram_api.support.documents.papers import PDF, Link
from miniprogram_api.support.documents.schemas import DocumentLinkOut

blueprint = Blueprint("registrations", __name__, description="党员报到")
mine = Blueprint("my-registrations", __name__, description="党员报到")
assisted = Blueprint("assisted-registrations", __name__, description="党员报到")
of_branches = Blueprint("unregistered-members", __name__, description="党员报到")
asked = Blueprint("registration-requests", __name__, description="党员报到")


@blueprint.post("")
@blueprint.arguments(RegistrationIn)
@blueprint.response(201, RegistrationOut)
def submit(said: Application) -> CommunityRegistration:
    """Register with the community where one lives."""
    return service.submit(session(), services().rules, actor=actor(), said=said)


@blueprint.get("")
@blueprint.arguments(RegistrationQuery, location="query")
@blueprint.response(200, page_of(RegistrationOut))
def list_registrations(query: dict[str, Any]) -> Page:
    """List the registrations of the secretary's community or the officer's area, the last first;
    what waits for one's own decision by when it was sent."""
    page, found = paging(query), lists.listed(actor(), **query)
    row, waits = CommunityRegistration, query.get("status") is RegistrationStatus.SUBMITTED
    if waits and query["decidable"]:
        return _page(fetch_in_order(found, row.submitted_at, row.id, **page))
    return _page(fetch_page(found, row.id, **page))


steps.serve(
    blueprint,
    FLOW,
    RegistrationOut,
    "registration_id",
    [RejectionIn, CorrectionIn],
    by_hand={"pause", "resumption", "ending"},
)


@blueprint.post("/<int:registration_id>/pause")
@blueprint.arguments(PauseIn)
@blueprint.response(200, RegistrationOut)
def pause(said: Asking, registration_id: int) -> CommunityRegistration:
    """Ask for a pause; called by who received the registration it confirms what was asked."""
    rules, by = services().rules, actor()
    return requests.pause(session(), rules, actor=by, registration_id=registration_id, said=said)


@blueprint.post("/<int:registration_id>/resumption")
@blueprint.arguments(ResumptionIn)
@blueprint.response(200, RegistrationOut)
def resume(slip_no: str | None, registration_id: int) -> CommunityRegistration:
    """Ask for the pause to end; called by who received the registration it confirms that."""
    rules, by = services().rules, actor()
    return requests.resume(
        session(), rules, actor=by, registration_id=registration_id, slip_no=slip_no
    )


@blueprint.post("/<int:registration_id>/ending")
@blueprint.arguments(EndingIn)
@blueprint.response(200, RegistrationOut)
def end(said: Asking, registration_id: int) -> CommunityRegistration:
    """Ask for the ending; who received the registration confirms it, or ends it with a reason."""
    rules, by = services().rules, actor()
    return requests.end(session(), rules, actor=by, registration_id=registration_id, said=said)


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
    own = lists.own(actor())
    return _page(fetch_page(own, CommunityRegistration.id, **query, values=KEPT))


@assisted.post("")
@assisted.arguments(AssistedRegistrationIn)
@assisted.response(201, RegistrationOut)
def enter_slip(said: Slip) -> CommunityRegistration:
    """Enter the signed slip of somebody who uses no app; it is accepted at once."""
    rules, keys = services().rules, services().crypto
    return assisted_service.register(session(), rules, keys, actor=actor(), said=said)


@of_branches.get("/<int:organization_id>/unregistered-members")
@of_branches.arguments(PageQuery, location="query")
@of_branches.response(200, page_of(UnregisteredOut))
def list_unregistered(query: dict[str, Any], organization_id: int) -> Page:
    """List who of the own branch has not registered yet; for its secretary alone."""
    missing = unregistered.of_branch(actor(), organization_id)
    page = fetch_page(missing, Member.id, newest_first=False, **query)
    return replace(page, items=unregistered.described(session(), page.items))


@of_branches.post("/<int:organization_id>/unregistered-members/<int:member_id>/reminder")
@of_branches.response(200, UnregisteredOut)
def remind(organization_id: int, member_id: int) -> Missing:
    """Remind a member of the own branch to register, once a year."""
    who = {"branch_id": organization_id, "member_id": member_id}
    return unregistered.remind(session(), actor=actor(), **who)


@asked.get("")
@asked.arguments(RequestQuery, location="query")
@asked.response(200, page_of(RegistrationRequestOut))
def list_requests(query: dict[str, Any]) -> Page:
    """List what members ask of the secretary, or asked within the officer's area, the last first;
    what waits for one's own decision by when it was asked."""
    page, found = paging(query), lists.requests_listed(actor(), **query)
    if query["decidable"]:
        return fetch_in_order(found, RegistrationRequest.asked_at, RegistrationRequest.id, **page)
    return fetch_page(found, RegistrationRequest.id, **page)


steps.serve(asked, REQUEST, RegistrationRequestOut, "request_id")


def _page(page: Page) -> Page:
    """Read the attachments too, as far as the actor may see them."""
    FLOW.fill(session(), actor(), page.items)
    return page
