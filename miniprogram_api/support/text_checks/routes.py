"""The human queue: what WeChat's check held back waits here for a person."""

from typing import Any

from backend.flows.steps import Reason
from backend.support.text_checks import queries, service
from backend.support.text_checks.models import TextCheck
from miniprogram_api.http import (
    Blueprint,
    Page,
    ReasonIn,
    actor,
    fetch_page,
    page_of,
    paging,
    session,
)
from miniprogram_api.support.text_checks.schemas import TextCheckOut, TextCheckQuery

blueprint = Blueprint("text-checks", __name__, description="文字核查")


@blueprint.get("")
@blueprint.arguments(TextCheckQuery, location="query")
@blueprint.response(200, page_of(TextCheckOut))
def list_checks(query: dict[str, Any]) -> Page:
    """List what waits for one's own decision, or what was decided by `status`."""
    page = paging(query)
    return fetch_page(queries.listed(actor(), **query), TextCheck.id, newest_first=False, **page)


@blueprint.post("/<int:check_id>/release")
@blueprint.response(200, TextCheckOut)
def release(check_id: int) -> TextCheck:
    """Let a text be shown to all."""
    return service.release(session(), actor=actor(), check_id=check_id)


@blueprint.post("/<int:check_id>/removal")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, TextCheckOut)
def remove(said: Reason, check_id: int) -> TextCheck:
    """Keep a text from everybody but its author, who is told why."""
    return service.remove(session(), actor=actor(), check_id=check_id, reason=said.reason)
