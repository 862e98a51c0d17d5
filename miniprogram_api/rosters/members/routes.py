"""Those who keep a roster enter, correct, move and end its entries."""

from typing import Any

from backend.people.members.models import Member
from backend.rosters import changes
from backend.rosters.changes import Merging
from backend.rosters.members import merging, queries, service
from backend.rosters.members.service import Departure, Details, Entering, Move
from backend.rosters.models import RosterChange
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.rosters.schemas import (
    ChangeOut,
    DetailsIn,
    EnteringIn,
    KeptEntryOut,
    LeavingIn,
    MemberQuery,
    MergingIn,
    MoveIn,
)

blueprint = Blueprint("roster", __name__, description="党员名册")


@blueprint.get("")
@blueprint.arguments(MemberQuery, location="query")
@blueprint.response(200, page_of(KeptEntryOut))
def list_entries(query: dict[str, Any]) -> Page:
    """List the roster entries one keeps."""
    page = paging(query) | {"newest_first": False}
    return fetch_page(queries.listed(actor(), **query), Member.id, **page)


@blueprint.post("")
@blueprint.arguments(EnteringIn)
@blueprint.response(201, KeptEntryOut)
def enter(said: Entering) -> Member:
    """Enter somebody into the roster of a branch."""
    return service.enter(session(), services().rules, services().crypto, actor=actor(), said=said)


@blueprint.get("/<int:member_id>")
@blueprint.response(200, KeptEntryOut)
def show(member_id: int) -> Member:
    """Show a roster entry to those who keep it."""
    return service.find(session(), actor(), member_id)


@blueprint.get("/<int:member_id>/changes")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, page_of(ChangeOut))
def list_changes(query: dict[str, Any], member_id: int) -> Page:
    """List what was done to a roster entry and why, the last first."""
    row = service.find(session(), actor(), member_id)
    return fetch_page(changes.of(row.as_subject), RosterChange.id, **query)


@blueprint.put("/<int:member_id>")
@blueprint.arguments(DetailsIn)
@blueprint.response(200, KeptEntryOut)
def correct(said: Details, member_id: int) -> Member:
    """Correct a roster entry; a number that is left out stays."""
    named: dict[str, Any] = {"member_id": member_id, "said": said}
    return service.correct(session(), services().rules, services().crypto, actor=actor(), **named)


@blueprint.post("/<int:member_id>/move")
@blueprint.arguments(MoveIn)
@blueprint.response(200, KeptEntryOut)
def move(said: Move, member_id: int) -> Member:
    """Let a member belong to another branch from now on."""
    return service.move(session(), services().rules, actor=actor(), member_id=member_id, said=said)


@blueprint.post("/<int:member_id>/merging")
@blueprint.arguments(MergingIn)
@blueprint.response(200, KeptEntryOut)
def merge(said: Merging, member_id: int) -> Member:
    """Merge an entry, under which nothing has happened, into another of the same person."""
    return merging.merge(session(), services().rules, actor=actor(), member_id=member_id, said=said)


@blueprint.post("/<int:member_id>/ending")
@blueprint.arguments(LeavingIn)
@blueprint.response(200, KeptEntryOut)
def end(said: Departure, member_id: int) -> Member:
    """Take an entry off the rosters."""
    return service.end(session(), services().rules, actor=actor(), member_id=member_id, said=said)
