"""Who can do what where: appointments, proposed by one and approved by another."""

from typing import Any

from backend.accounts.appointments import lists, service
from backend.accounts.appointments.flow import FLOW
from backend.accounts.appointments.service import Proposal
from backend.people.members.models import Appointment
from miniprogram_api import steps
from miniprogram_api.accounts.appointments.schemas import (
    AppointmentIn,
    AppointmentQuery,
    HeldAppointmentOut,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    actor,
    fetch_page,
    page_of,
    paging,
    services,
    session,
)

blueprint = Blueprint("appointments", __name__, description="任职")


@blueprint.get("")
@blueprint.arguments(AppointmentQuery, location="query")
@blueprint.response(200, page_of(HeldAppointmentOut))
def list_appointments(query: dict[str, Any]) -> Page:
    """List who may do what, as far as the reader is responsible; what waits for one's own decision,
    the first first, everything else the last."""
    page = paging(query) | {"newest_first": not query["decidable"]}
    return fetch_page(lists.listed(actor(), **query), Appointment.id, **page)


@blueprint.get("/<int:appointment_id>")
@blueprint.response(200, HeldAppointmentOut)
def show_appointment(appointment_id: int) -> Appointment:
    """Show one appointment."""
    return FLOW.show(session(), actor(), appointment_id)


@blueprint.post("")
@blueprint.arguments(AppointmentIn)
@blueprint.response(201, HeldAppointmentOut)
def propose(said: Proposal) -> Appointment:
    """Propose somebody for a role; it gives no right until another has approved it."""
    return service.propose_named(session(), services().crypto, actor=actor(), said=said)


steps.serve(blueprint, FLOW, HeldAppointmentOut, "appointment_id")
