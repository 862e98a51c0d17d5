"""The control plane, `/_ctl/*`: mint codes, grant messages, put faults in, move the clock."""

import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify

from wechat_sandbox.control_set import change
from wechat_sandbox.faults import fault_of
from wechat_sandbox.inputs import Given, Wrong, given
from wechat_sandbox.state import LOCK, Code, reset, state

blueprint = Blueprint("control", __name__, url_prefix="/_ctl")

CODE_SECONDS = 300
LONGEST_SKEW = 10 * 365 * 86400
Answer = dict[str, Any]


def _reset(given: Given) -> Answer:
    given.only()
    reset()
    return {}


def _code(given: Given) -> Answer:
    """`user` may hold a `unionid`, or `blocked` for one whom WeChat turns away (40226)."""
    given.only("openid", "user")
    openid, about = given.text("openid"), given.object("user")
    about.only("unionid", "blocked")
    user = state().user(openid)
    user.unionid = about.text("unionid", user.unionid)
    user.blocked = about.flag("blocked", default=user.blocked)
    code = secrets.token_urlsafe(24)
    state().codes[code] = Code(openid, state().now() + CODE_SECONDS)
    return {"code": code}


def _phone(given: Given) -> Answer:
    given.only("openid", "phone", "country")
    code = secrets.token_hex(32)
    state().phones[code] = Code(
        given.text("openid"),
        state().now() + CODE_SECONDS,
        phone=given.text("phone"),
        country=given.text("country", "86"),
    )
    return {"code": code}


def _grant(given: Given) -> Answer:
    given.only("openid", "template_id", "n")
    openid, template = given.text("openid"), given.text("template_id")
    n = given.integer("n", 1, -10_000, 10_000)
    state().user(openid)
    state().grants[openid, template] = max(0, state().grants[openid, template] + n)
    return {"n": state().grants[openid, template]}


def _revoke(given: Given) -> Answer:
    """Act as if another server fetched tokens: what was given out before is 40001 from now on."""
    given.only()
    for pool in (state().plain, state().stable):
        pool.token = None
        pool.old.clear()
    return {}


def _skew(given: Given) -> Answer:
    given.only("seconds")
    skew = state().skew + given.number("seconds", None, -LONGEST_SKEW, LONGEST_SKEW)
    if abs(skew) > LONGEST_SKEW:
        raise Wrong("the clock would go too far")
    state().skew = skew
    return {"now": state().now()}


def _fault(given: Given) -> Answer:
    state().faults.append(fault_of(given))
    return {}


def _clear_faults(given: Given) -> Answer:
    given.only()
    state().faults.clear()
    return {}


def _set(given: Given) -> Answer:
    change(state(), given)
    return {}


ACTIONS: dict[str, Callable[[Given], Answer]] = {
    "reset": _reset,
    "code": _code,
    "phone": _phone,
    "grant": _grant,
    "revoke": _revoke,
    "skew": _skew,
    "fault": _fault,
    "clear-faults": _clear_faults,
    "set": _set,
}


@blueprint.post("/<action>")
def act(action: str) -> Response:
    if action not in ACTIONS:
        raise Wrong("no such control")
    asked = given()
    with LOCK:
        return jsonify({"ok": True, **ACTIONS[action](asked)})


@blueprint.get("/state")
def show() -> Response:
    """Return counters, what was sent and pushed, and the log (method and path only)."""
    with LOCK:
        now = state()
        subs: dict[str, dict[str, int]] = {}
        for (openid, template), n in now.grants.items():
            subs.setdefault(openid, {})[template] = n
        return jsonify(
            now=now.now(),
            calls=dict(now.calls),
            subs=subs,
            sent=list(now.sent),
            pushes=list(now.pushes),
            faults=[asdict(fault) for fault in now.faults],
            log=list(now.log),
        )
