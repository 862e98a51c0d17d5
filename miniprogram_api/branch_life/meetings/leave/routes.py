"""The branch secretary decides about leave; members take theirs back."""

from typing import Any

from backend.branch_life.meetings.leave import queries, service
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.models import Meeting
from miniprogram_api.branch_life.meetings.leave.schemas import LeaveOfMeetingOut, LeaveQuery
from miniprogram_api.http import (
    Blueprint,
    Page,
    ReasonIn,
    actor,
    fetch_in_order,
    fetch_page,
    page_of,
    paging,
    session,
)

blueprint = Blueprint("leave-requests", __name__, description="组织生活")


@blueprint.get("")
@blueprint.arguments(LeaveQuery, location="query")
@blueprint.response(200, page_of(LeaveOfMeetingOut))
def list_requests(query: dict[str, Any]) -> Page:
    """List one's own requests and those of the branches one decides for, the last first; what waits
    for one's own decision by when the meeting begins."""
    page, found = paging(query), queries.listed(actor(), **query)
    if query["decidable"]:
        return fetch_in_order(found, Meeting.starts_at, LeaveRequest.id, **page)
    return fetch_page(found, LeaveRequest.id, **page)


@blueprint.post("/<int:request_id>/approval")
@blueprint.response(200, LeaveOfMeetingOut)
def approve(request_id: int) -> LeaveRequest:
    """Excuse the member on the meeting's list."""
    return service.approve(session(), actor=actor(), request_id=request_id)


@blueprint.post("/<int:request_id>/refusal")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, LeaveOfMeetingOut)
def refuse(body: dict[str, Any], request_id: int) -> LeaveRequest:
    """Refuse with a reason, which the member is told."""
    return service.refuse(session(), actor=actor(), request_id=request_id, **body)


@blueprint.post("/<int:request_id>/withdrawal")
@blueprint.response(200, LeaveOfMeetingOut)
def withdraw(request_id: int) -> LeaveRequest:
    """Take one's own request back, approved or not, while the meeting is open."""
    return service.withdraw(session(), actor=actor(), request_id=request_id)
