"""The secretary finds registered members and invites them; they decline or take part."""

from dataclasses import replace
from typing import Any

from backend.community.invitations import queries, service
from backend.community.invitations.models import Invitation
from backend.community.invitations.service import Inviting
from backend.community.registrations.models import CommunityRegistration
from miniprogram_api.community.invitations.schemas import (
    InvitationIn,
    InvitationOut,
    PhoneOut,
    RegisteredMemberOut,
    RegisteredQuery,
)
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

members = Blueprint("registered-members", __name__, description="邀请")
blueprint = Blueprint("invitations", __name__, description="邀请")
mine = Blueprint("my-invitations", __name__, description="邀请")


@members.get("")
@members.arguments(RegisteredQuery, location="query")
@members.response(200, page_of(RegisteredMemberOut))
def list_registered(query: dict[str, Any]) -> Page:
    """Find who is registered in one's community, by name, offer and time, in no order of merit."""
    page, thing = paging(query), _thing(query)
    found = fetch_page(queries.registered(actor(), **query), CommunityRegistration.id, **page)
    return replace(found, items=service.described(session(), actor(), found.items, **thing))


def _thing(query: dict[str, Any]) -> dict[str, int | None]:
    return {name: query.pop(name, None) for name in ("activity_id", "project_id")}


@members.get("/<int:registration_id>/phone")
@members.response(200, PhoneOut)
def show_phone(registration_id: int) -> dict[str, str]:
    """Show the number of a registered member who agreed to it; each look stays on record."""
    keys = services().crypto
    phone = service.phone_of(session(), keys, actor=actor(), registration_id=registration_id)
    return {"phone": phone}


@blueprint.post("")
@blueprint.arguments(InvitationIn)
@blueprint.response(201, InvitationOut)
def invite(said: Inviting) -> Invitation:
    """Invite a registered member to an activity or a project of the community, once."""
    return service.invite(session(), actor=actor(), said=said)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(InvitationOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List what one was invited to."""
    actor().as_member()
    return fetch_page(queries.shown(actor()), Invitation.id, **query)


@mine.get("/<int:invitation_id>")
@mine.response(200, InvitationOut)
def show_mine(invitation_id: int) -> Invitation:
    """Show an invitation of one's own."""
    return service.own(session(), actor=actor(), invitation_id=invitation_id)


@mine.post("/<int:invitation_id>/decline")
@mine.response(200, InvitationOut)
def decline(invitation_id: int) -> Invitation:
    """Say that it does not suit; no reason is asked."""
    return service.decline(session(), actor=actor(), invitation_id=invitation_id)
