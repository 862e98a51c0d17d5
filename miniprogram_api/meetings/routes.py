"""The branch secretary convenes, keeps the list and closes; members attend."""

from typing import Any

from backend.core.errors import Invalid
from backend.meetings import queries, service
from backend.meetings.models import AttendanceRecord, AttendanceStatus, Meeting
from backend.meetings.service import MeetingDetail
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
from miniprogram_api.idempotency import idempotent
from miniprogram_api.meetings.schemas import (
    AttendanceOut,
    JoinIn,
    ListIn,
    MeetingDetailOut,
    MeetingIn,
    MeetingOut,
    MeetingQuery,
)

blueprint = Blueprint("meetings", __name__, description="组织生活")
mine = Blueprint("my-meetings", __name__, description="组织生活")


@blueprint.post("")
@idempotent
@blueprint.arguments(MeetingIn)
@blueprint.response(201, MeetingOut)
def convene(body: dict[str, Any]) -> Meeting:
    """Convene a meeting of the own branch."""
    return service.convene(session(), actor=actor(), **body)


@blueprint.get("")
@blueprint.arguments(MeetingQuery, location="query")
@blueprint.response(200, page_of(MeetingOut))
def list_meetings(query: dict[str, Any]) -> Page:
    """List the meetings of the actor's branches."""
    page = paging(query)
    return fetch_page(queries.listed(actor(), **query), Meeting.id, **page)


@blueprint.get("/<int:meeting_id>")
@blueprint.response(200, MeetingDetailOut)
def show(meeting_id: int) -> MeetingDetail:
    """Show a meeting; the list with names is the recorder's, others see their own line."""
    return service.detail(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/attendance")
@blueprint.arguments(JoinIn)
@blueprint.response(200, AttendanceOut)
def attend(body: dict[str, Any], meeting_id: int) -> AttendanceRecord:
    """Mark oneself as present while the meeting is open."""
    if body["code"] is not None:
        raise Invalid("code", "本次会议不使用签到码，请直接参加。")
    return service.attend(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.put("/<int:meeting_id>/attendance")
@blueprint.arguments(ListIn)
@blueprint.response(200, MeetingDetailOut)
def write_list(marks: dict[int, AttendanceStatus], meeting_id: int) -> MeetingDetail:
    """Write the recorder's list, which is the record."""
    service.write_list(session(), actor=actor(), meeting_id=meeting_id, entries=marks)
    return service.detail(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/closing")
@blueprint.response(200, MeetingDetailOut)
def close(meeting_id: int) -> MeetingDetail:
    """Close the meeting, which freezes the list and counts it for the branch."""
    service.close(session(), services().rules, actor=actor(), meeting_id=meeting_id)
    return service.detail(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/cancellation")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, MeetingDetailOut)
def cancel(body: dict[str, Any], meeting_id: int) -> MeetingDetail:
    """Call the meeting off, which its members are told with the reason."""
    service.cancel(session(), actor=actor(), meeting_id=meeting_id, **body)
    return service.detail(session(), actor=actor(), meeting_id=meeting_id)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(MeetingOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the meetings one is due to attend."""
    actor().as_member()
    return fetch_page(queries.of_branch(actor().branch_id), Meeting.id, **query)
