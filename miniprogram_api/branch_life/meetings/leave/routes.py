"""The branch secretary decides about leave; members take theirs back."""

from typing import Any

from backend.branch_life.meetings.leave import lists
from backend.branch_life.meetings.leave.flow import FLOW
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.models import Meeting
from miniprogram_api import steps
from miniprogram_api.branch_life.meetings.leave.schemas import LeaveOfMeetingOut, LeaveQuery
from miniprogram_api.http import (
    Blueprint,
    Page,
    actor,
    fetch_in_order,
    fetch_page,
    page_of,
    paging,
)

blueprint = Blueprint("leave-requests", __name__, description="组织生活")


@blueprint.get("")
@blueprint.arguments(LeaveQuery, location="query")
@blueprint.response(200, page_of(LeaveOfMeetingOut))
def list_requests(query: dict[str, Any]) -> Page:
    """List one's own requests and those of the branches one decides for, the last first; what waits
    for one's own decision by when the meeting begins."""
    page, found = paging(query), lists.listed(actor(), **query)
    if query["decidable"]:
        return fetch_in_order(found, Meeting.starts_at, LeaveRequest.id, **page)
    return fetch_page(found, LeaveRequest.id, **page)


steps.serve(blueprint, FLOW, LeaveOfMeetingOut, "request_id")
