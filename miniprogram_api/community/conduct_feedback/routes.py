"""The community writes a yearly note, the member answers, the home branch reads it last."""

from typing import Any

from backend.community.conduct_feedback import lists, service
from backend.community.conduct_feedback.flow import FLOW
from backend.community.conduct_feedback.models import ConductFeedback
from backend.community.conduct_feedback.service import Note
from miniprogram_api import steps
from miniprogram_api.community.conduct_feedback.schemas import (
    FeedbackFactsOut,
    FeedbackFactsQuery,
    FeedbackIn,
    FeedbackOut,
    FeedbackQuery,
    ReplyIn,
)
from miniprogram_api.http import (
    KEPT,
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    paging,
    session,
)

about = Blueprint("registration-feedback", __name__, description="反馈")
blueprint = Blueprint("feedback-notes", __name__, description="反馈")
mine = Blueprint("my-feedback", __name__, description="反馈")


@about.get("/<int:registration_id>/feedback")
@about.arguments(FeedbackFactsQuery, location="query")
@about.response(200, FeedbackFactsOut)
def preview(query: dict[str, Any], registration_id: int) -> dict[str, Any]:
    """Show of whom a note would be, and the facts of a year that it would state."""
    asked = {"actor": actor(), "registration_id": registration_id, **query}
    member, facts = service.preview(session(), **asked)
    return {"member": member, **vars(facts)}


@about.post("/<int:registration_id>/feedback")
@about.arguments(FeedbackIn)
@about.response(201, FeedbackOut)
def write(said: Note, registration_id: int) -> ConductFeedback:
    """Write the note of a year; the member reads it first."""
    return service.write(session(), actor=actor(), registration_id=registration_id, said=said)


@blueprint.get("")
@blueprint.arguments(FeedbackQuery, location="query")
@blueprint.response(200, page_of(FeedbackOut))
def list_notes(query: dict[str, Any]) -> Page:
    """List what one's community wrote, or what one's branch received."""
    page = paging(query)
    return fetch_page(lists.listed(actor(), **query), ConductFeedback.id, **page)


steps.serve(blueprint, FLOW, FeedbackOut, "note_id", [ReplyIn])


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(FeedbackOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the notes about oneself."""
    return fetch_page(lists.own(actor()), ConductFeedback.id, **query, values=KEPT)
