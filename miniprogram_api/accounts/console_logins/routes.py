"""Sign in at a console by scanning its code with the phone."""

from typing import Any

from flask import request

from backend.accounts.console_logins import service
from backend.accounts.console_logins.models import ConsoleLogin
from backend.accounts.console_logins.service import Asked, Told
from miniprogram_api.accounts.console_logins.schemas import (
    ConsoleLoginOut,
    ConsoleLoginRequestOut,
    ConsoleLoginStateOut,
)
from miniprogram_api.auth import browser_token
from miniprogram_api.devices import described
from miniprogram_api.http import Blueprint, actor, session
from miniprogram_api.throttle import CONSOLE_LOGINS, SCANS, client, limited

blueprint = Blueprint("console-logins", __name__, description="登录")
_TOKEN = {
    "in": "header",
    "name": "X-Browser-Token",
    "required": True,
    "schema": {"type": "string"},
    "description": "What the browser was given when it asked",
}


@blueprint.post("")
@blueprint.response(201, ConsoleLoginOut)
def ask() -> Asked:
    """Ask for a code that a member with an office scans within a minute."""
    device = described(request.user_agent.string)
    return limited(
        CONSOLE_LOGINS, client(), lambda: service.ask(session(), device=device), costs=True
    )


@blueprint.get("/<int:login_id>")
@blueprint.doc(parameters=[_TOKEN])
@blueprint.response(200, ConsoleLoginStateOut)
def look(login_id: int) -> Told:
    """Tell the browser that asked how it stands; the first time after a yes, with its session."""
    return service.look(session(), login_id=login_id, browser_token=browser_token())


@blueprint.get("/<scan_code>/request")
@blueprint.response(200, ConsoleLoginRequestOut)
def show_request(scan_code: str) -> ConsoleLogin:
    """Show which browser asks, since when, and the two digits that its screen shows."""
    return _scanned(service.show, scan_code)


@blueprint.post("/<scan_code>/approval")
@blueprint.response(200, ConsoleLoginRequestOut)
def approve(scan_code: str) -> ConsoleLogin:
    """Let the browser that asked act as oneself for at most eight hours."""
    return _scanned(service.approve, scan_code)


@blueprint.post("/<scan_code>/refusal")
@blueprint.response(200, ConsoleLoginRequestOut)
def refuse(scan_code: str) -> ConsoleLogin:
    """Say that it is not oneself who wants to sign in there."""
    return _scanned(service.refuse, scan_code)


def _scanned(step: Any, scan_code: str) -> ConsoleLogin:
    who = actor()

    def scan() -> ConsoleLogin:
        row: ConsoleLogin = step(session(), actor=who, scan_code=scan_code)
        return row

    return limited(SCANS, str(who.account_id), scan)
