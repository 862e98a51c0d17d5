"""The branch secretary convenes, keeps the list and closes; members attend."""

from typing import Any

import sqlalchemy as sa

from backend.branch_life.meetings import attendance, changing, detail, queries, series, service
from backend.branch_life.meetings.attendance import Mark, ShownCode
from backend.branch_life.meetings.detail import MeetingDetail
from backend.branch_life.meetings.leave import service as leave
from backend.branch_life.meetings.leave.models import LeaveRequest
from backend.branch_life.meetings.models import AbsenceReason, AttendanceRecord, Meeting
from backend.branch_life.meetings.series import Series
from backend.branch_life.meetings.service import Plan, Preview
from backend.core.rotating_code import Code
from backend.flows.steps import Changes, Reason
from miniprogram_api.branch_life.meetings.leave.schemas import LeaveIn, LeaveOut
from miniprogram_api.branch_life.meetings.schemas import (
    AttendanceOut,
    ChangePreviewOut,
    JoinIn,
    ListIn,
    MeetingChangeIn,
    MeetingClosingIn,
    MeetingDetailOut,
    MeetingIn,
    MeetingOut,
    MeetingQuery,
    MyMeetingQuery,
    PreviewIn,
    PreviewOut,
    SeriesIn,
    SeriesOut,
)
from miniprogram_api.check_in_codes import CheckInCodeOut
from miniprogram_api.http import (
    Blueprint,
    Page,
    ReasonIn,
    actor,
    fetch_in_order,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("meetings", __name__, description="组织生活")
mine = Blueprint("my-meetings", __name__, description="组织生活")


@blueprint.post("")
@idempotent
@blueprint.arguments(MeetingIn)
@blueprint.response(201, MeetingOut)
def convene(plan: Plan) -> Meeting:
    """Convene a meeting of the own branch."""
    return service.convene(session(), actor=actor(), plan=plan)


@blueprint.post("/series")
@idempotent
@blueprint.arguments(SeriesIn)
@blueprint.response(201, SeriesOut)
def convene_series(said: Series) -> dict[str, list[Meeting]]:
    """Convene the same meeting in several months; those due are told once."""
    return {"items": series.convene(session(), actor=actor(), said=said)}


@blueprint.post("/preview")
@blueprint.arguments(PreviewIn)
@blueprint.response(200, PreviewOut)
def preview(said: Series) -> Preview:
    """Say whom convening this meeting would call; nothing is written and nobody told."""
    return series.preview(session(), actor=actor(), said=said)


@blueprint.get("")
@blueprint.arguments(MeetingQuery, location="query")
@blueprint.response(200, page_of(MeetingOut))
def list_meetings(query: dict[str, Any]) -> Page:
    """List the meetings of the actor's branches."""
    page = paging(query)
    return _by_beginning(queries.listed(actor(), **query), query, page)


def _by_beginning(found: sa.Select[Meeting], query: dict[str, Any], page: dict[str, Any]) -> Page:
    """Return a page by when the meetings are: from a moment on forwards, else backwards."""
    backwards = "since" not in query
    return fetch_in_order(found, Meeting.starts_at, Meeting.id, newest_first=backwards, **page)


@blueprint.get("/<int:meeting_id>")
@blueprint.response(200, MeetingDetailOut)
def show(meeting_id: int) -> MeetingDetail:
    """Show a meeting; the list with names is the recorder's, others see their own line."""
    return detail.of(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.patch("/<int:meeting_id>")
@blueprint.arguments(MeetingChangeIn)
@blueprint.response(200, MeetingDetailOut)
def change(changes: Changes, meeting_id: int) -> MeetingDetail:
    """Change a convened meeting, which those due are told once with what is different."""
    changing.change(session(), actor=actor(), meeting_id=meeting_id, changes=changes)
    return detail.of(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.put("/<int:meeting_id>")
@blueprint.arguments(MeetingChangeIn)
@blueprint.response(200, MeetingDetailOut)
def change_again(changes: Changes, meeting_id: int) -> MeetingDetail:
    """Change a meeting; the same as PATCH, which WeChat's `wx.request` does not know."""
    changing.change(session(), actor=actor(), meeting_id=meeting_id, changes=changes)
    return detail.of(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/change-preview")
@blueprint.arguments(MeetingChangeIn)
@blueprint.response(200, ChangePreviewOut)
def preview_change(changes: Changes, meeting_id: int) -> changing.Preview:
    """Say what changing the meeting would tell to how many; nothing is written, nobody told."""
    return changing.preview(session(), actor=actor(), meeting_id=meeting_id, changes=changes)


@blueprint.get("/<int:meeting_id>/check-in-code")
@blueprint.response(200, CheckInCodeOut)
def show_code(meeting_id: int) -> Code:
    """Show the code of this moment at the venue; it changes every 15 seconds."""
    return attendance.show_code(session(), services().crypto, actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/leave-requests")
@blueprint.arguments(LeaveIn)
@blueprint.response(201, LeaveOut)
def ask_for_leave(reason: AbsenceReason, meeting_id: int) -> tuple[LeaveRequest, int]:
    """Ask to be excused from a meeting one is due to attend; 200 while that request is live."""
    request, new = leave.ask(session(), actor=actor(), meeting_id=meeting_id, reason=reason)
    return request, 201 if new else 200


@blueprint.post("/<int:meeting_id>/attendance")
@blueprint.arguments(JoinIn)
@blueprint.response(200, AttendanceOut)
def attend(shown: str | None, meeting_id: int) -> AttendanceRecord:
    """Mark oneself as present while the meeting is open."""
    code = ShownCode(services().crypto, shown) if shown else None
    return attendance.attend(session(), actor=actor(), meeting_id=meeting_id, code=code)


@blueprint.put("/<int:meeting_id>/attendance")
@blueprint.arguments(ListIn)
@blueprint.response(200, MeetingDetailOut)
def write_list(marks: dict[int, Mark], meeting_id: int) -> MeetingDetail:
    """Write the recorder's list, which is the record."""
    attendance.write_list(session(), actor=actor(), meeting_id=meeting_id, entries=marks)
    return detail.of(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/closing")
@blueprint.arguments(MeetingClosingIn)
@blueprint.response(200, MeetingDetailOut)
def close(appraised_count: int | None, meeting_id: int) -> MeetingDetail:
    """Close the meeting, which freezes the list and counts it for the branch."""
    service.close(
        session(),
        services().rules,
        actor=actor(),
        meeting_id=meeting_id,
        appraised_count=appraised_count,
    )
    return detail.of(session(), actor=actor(), meeting_id=meeting_id)


@blueprint.post("/<int:meeting_id>/cancellation")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, MeetingDetailOut)
def cancel(said: Reason, meeting_id: int) -> MeetingDetail:
    """Call the meeting off, which its members are told with the reason."""
    service.cancel(session(), actor=actor(), meeting_id=meeting_id, reason=said.reason)
    return detail.of(session(), actor=actor(), meeting_id=meeting_id)


@mine.get("")
@mine.arguments(MyMeetingQuery, location="query")
@mine.response(200, page_of(MeetingOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the meetings one is due to attend."""
    actor().as_member()
    page = paging(query)
    return _by_beginning(queries.mine(actor(), **query), query, page)
