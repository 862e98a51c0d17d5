"""The control plane, `/_ctl/*`: mint codes, grant messages, inject faults, move the clock."""

import secrets
import urllib.parse
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from wechat_sandbox import push
from wechat_sandbox.state import CODE_SECONDS, LOCK, Code, reset, state

blueprint = Blueprint("control", __name__, url_prefix="/_ctl")

KINDS = ("slow", "hang", "http", "badjson", "err")
SETTABLE = ("pages", "templates", "risky_words", "quotas")
Given = dict[str, Any]


class Wrong(Exception):
    """The control input makes no sense."""


def _code(given: Given) -> Given:
    code = secrets.token_urlsafe(24)
    state().users.setdefault(_text(given, "openid"), {}).update(given.get("user", {}))
    state().codes[code] = Code(given["openid"], state().now() + CODE_SECONDS)
    return {"code": code}


def _phone(given: Given) -> Given:
    code = secrets.token_hex(32)
    expires_at = state().now() + CODE_SECONDS
    state().phones[code] = Code(_text(given, "openid"), expires_at, value=_text(given, "phone"))
    return {"code": code}


def _grant(given: Given) -> Given:
    state().grants[_text(given, "openid"), _text(given, "template_id")] += int(given.get("n", 1))
    return {}


def _revoke(_given: Given) -> Given:
    """Another server fetched a token: ours are no longer the latest."""
    for pool in (state().plain, state().stable):
        pool.token = None
        pool.old.clear()
    return {}


def _skew(given: Given) -> Given:
    state().skew += float(given["seconds"])
    return {}


def _fault(given: Given) -> Given:
    if given.get("kind") not in KINDS or (given["kind"] == "err" and "errcode" not in given):
        raise Wrong(f"kind must be one of {', '.join(KINDS)}; err needs errcode")
    state().faults.append({"path": "*", "times": 1, **given})
    return {}


def _clear_faults(_given: Given) -> Given:
    state().faults.clear()
    return {}


def _set(given: Given) -> Given:
    for name, value in given.items():
        if name not in SETTABLE:
            raise Wrong(f"can set only {', '.join(SETTABLE)}")
        setattr(state(), name, set(value) if name == "pages" else value)
    return {}


def _push_url(given: Given) -> Given:
    url = _text(given, "url")
    if urllib.parse.urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Wrong("pushes go to this machine only")
    state().push_url = url
    return {}


ACTIONS: dict[str, Callable[[Given], Given]] = {
    "code": _code,
    "phone": _phone,
    "grant": _grant,
    "revoke": _revoke,
    "skew": _skew,
    "fault": _fault,
    "clear-faults": _clear_faults,
    "set": _set,
    "push-url": _push_url,
}


@blueprint.post("/<action>")
def act(action: str) -> tuple[Response, int]:
    given = request.get_json(force=True, silent=True)
    given = given if isinstance(given, dict) else {}
    if action == "reset":
        reset()
        return jsonify(ok=True), 200
    if action not in ACTIONS:
        return jsonify(error="unknown action"), 404
    try:
        with LOCK:
            return jsonify({"ok": True, **ACTIONS[action](given)}), 200
    except (Wrong, KeyError, TypeError, ValueError) as error:
        return jsonify(error=f"{type(error).__name__}: {error}"), 400


@blueprint.post("/push")
def push_event() -> tuple[Response, int]:
    """Push an event: `event`, `openid`, `values`; `copies`, `as_xml`, `bad_signature`."""
    given = request.get_json(force=True, silent=True) or {}
    if not state().push_url or "event" not in given or "openid" not in given:
        return jsonify(error="needs a push-url, event and openid"), 400
    message = push.event(str(given["event"]), str(given["openid"]), **given.get("values", {}))
    statuses = [
        push.deliver(
            message,
            as_xml=bool(given.get("as_xml")),
            bad_signature=bool(given.get("bad_signature")),
        )
        for _ in range(int(given.get("copies", 1)))
    ]
    return jsonify(statuses=statuses), 200


@blueprint.get("/state")
def show() -> Response:
    """Return counters, what was sent, and the log of calls (method and path only)."""
    with LOCK:
        now = state()
        grants = {f"{openid} {template}": n for (openid, template), n in now.grants.items()}
        return jsonify(calls=dict(now.calls), sent=now.sent, log=now.log, grants=grants)


def _text(given: Given, name: str) -> str:
    if not isinstance(given.get(name), str):
        raise Wrong(f"{name} must be a text")
    return str(given[name])
