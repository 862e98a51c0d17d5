"""On which devices one is signed in."""

from typing import Any

from backend.people.members import sessions
from backend.people.members.models import LoginSession
from miniprogram_api.accounts.sessions.schemas import DeviceOut, DeviceQuery
from miniprogram_api.http import (
    Blueprint,
    Page,
    actor,
    fetch_page,
    page_of,
    paging,
    session,
)

mine = Blueprint("my-sessions", __name__, description="登录")


@mine.get("")
@mine.arguments(DeviceQuery, location="query")
@mine.response(200, page_of(DeviceOut))
def list_devices(query: dict[str, Any]) -> Page:
    """List the devices on which one is signed in."""
    who = {"account_id": actor().account_id}
    return fetch_page(sessions.listed(), LoginSession.id, values=who, **paging(query))


@mine.delete("/<int:session_id>")
@mine.response(204)
def sign_device_out(session_id: int) -> None:
    """Sign one of the own devices out, this one or another."""
    sessions.close(session(), actor=actor(), session_id=session_id)
