"""Minutes: read, saved by one person at a time, and amended once they are closed."""

import re

from flask import request

from backend.branch_life.meetings.minutes import service
from backend.branch_life.meetings.minutes.models import MinutesAmendment
from backend.branch_life.meetings.minutes.service import Minutes
from backend.core.errors import Invalid, VersionRequired
from miniprogram_api.branch_life.meetings.minutes.schemas import (
    AmendmentIn,
    AmendmentOut,
    MinutesIn,
    MinutesOut,
)
from miniprogram_api.http import Blueprint, actor, session
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("meeting-minutes", __name__, description="组织生活")

VERSION = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The `ETag` that was read",
}


@blueprint.get("/<int:meeting_id>/minutes")
@blueprint.response(200, MinutesOut)
def show_minutes(meeting_id: int) -> tuple[Minutes, int, dict[str, str]]:
    """Show the minutes: while they are written to who keeps them, then to those who were due."""
    return _tagged(service.read(session(), actor=actor(), meeting_id=meeting_id))


@blueprint.put("/<int:meeting_id>/minutes")
@blueprint.doc(parameters=[VERSION])
@blueprint.arguments(MinutesIn)
@blueprint.response(200, MinutesOut)
def save_minutes(content: str, meeting_id: int) -> tuple[Minutes, int, dict[str, str]]:
    """Save over the version that was read: 412 when somebody else saved in between."""
    read = {"meeting_id": meeting_id, "version": _version_read()}
    kept = service.save(session(), actor=actor(), content=content, **read)
    return _tagged(kept)


def _version_read() -> int:
    tag = request.headers.get("If-Match")
    if tag is None:
        raise VersionRequired("version_required", "请先打开会议记录，再保存修改。")
    found = re.fullmatch(r'(?:W/)?"([0-9]{1,9})"', tag.strip())
    if found is None:
        raise Invalid("if_match", "If-Match 应为打开会议记录时得到的 ETag。")
    return int(found[1])


def _tagged(kept: Minutes) -> tuple[Minutes, int, dict[str, str]]:
    return kept, 200, {"ETag": f'"{kept.version}"'}


@blueprint.post("/<int:meeting_id>/amendments")
@idempotent
@blueprint.arguments(AmendmentIn)
@blueprint.response(201, AmendmentOut)
def amend(content: str, meeting_id: int) -> MinutesAmendment:
    """Add to closed minutes what has to be put right; the sealed text stays."""
    return service.amend(session(), actor=actor(), meeting_id=meeting_id, content=content)
