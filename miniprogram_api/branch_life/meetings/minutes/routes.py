"""Minutes: read, saved by one person at a time, and amended once they are closed."""

from backend.branch_life.meetings.minutes import service
from backend.branch_life.meetings.minutes.models import MinutesAmendment
from backend.branch_life.meetings.minutes.service import Minutes
from miniprogram_api import versions
from miniprogram_api.branch_life.meetings.minutes.schemas import (
    AmendmentIn,
    AmendmentOut,
    MinutesIn,
    MinutesOut,
)
from miniprogram_api.http import Blueprint, actor, session
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("meeting-minutes", __name__, description="组织生活")


@blueprint.get("/<int:meeting_id>/minutes")
@blueprint.response(200, MinutesOut)
def show_minutes(meeting_id: int) -> tuple[Minutes, int, dict[str, str]]:
    """Show the minutes: while they are written to who keeps them, then to those who were due."""
    return _tagged(service.read(session(), actor=actor(), meeting_id=meeting_id))


@blueprint.put("/<int:meeting_id>/minutes")
@blueprint.doc(parameters=[versions.VERSION])
@blueprint.arguments(MinutesIn)
@blueprint.response(200, MinutesOut)
def save_minutes(content: str, meeting_id: int) -> tuple[Minutes, int, dict[str, str]]:
    """Save over the version that was read: 412 when somebody else saved in between."""
    read = {"meeting_id": meeting_id, "version": versions.read("会议记录")}
    kept = service.save(session(), actor=actor(), content=content, **read)
    return _tagged(kept)


def _tagged(kept: Minutes) -> tuple[Minutes, int, dict[str, str]]:
    return kept, 200, versions.tagged(kept.version)


@blueprint.post("/<int:meeting_id>/amendments")
@idempotent
@blueprint.arguments(AmendmentIn)
@blueprint.response(201, AmendmentOut)
def amend(content: str, meeting_id: int) -> MinutesAmendment:
    """Add to closed minutes what has to be put right; the sealed text stays."""
    return service.amend(session(), actor=actor(), meeting_id=meeting_id, content=content)
