"""WeChat's own bookkeeping: how often a path was called, what a `rid` was, the counters to zero.

A `rid` is known for seven days and never for /sns/*. Counters may be cleared ten times a month.
"""

import json

from flask import Blueprint, Response, current_app

from wechat_sandbox.answers import Refusal, body, done, text
from wechat_sandbox.state import LOCK, Failure, state

blueprint = Blueprint("quotas", __name__)

USUAL_LIMIT = 1_000_000
RID_SECONDS = 7 * 86400
CLEARINGS, MONTH_SECONDS = 10, 30 * 86400


@blueprint.post("/cgi-bin/openapi/quota/get")
def quota() -> Response:
    path = text(body(), "cgi_path")
    known = {str(rule) for rule in current_app.url_map.iter_rules()}
    if path not in known or path.startswith("/_ctl"):
        raise Refusal(76021)
    name = path.lstrip("/")
    with LOCK:
        used, limit = state().used[name], state().quotas.get(name, USUAL_LIMIT)
    return done(quota={"daily_limit": limit, "used": used, "remain": max(0, limit - used)})


@blueprint.post("/cgi-bin/openapi/rid/get")
def rid() -> Response:
    """Show path and answer of a call, which hold no secret; WeChat shows the whole call."""
    name = text(body(), "rid")
    with LOCK:
        failure = state().failures.get(name)
        if failure is None or state().now() - failure.at > RID_SECONDS:
            raise Refusal(76001)
    if failure.path.startswith("/sns/"):
        raise Refusal(76022)
    return done(request=_described(failure, name))


def _described(failure: Failure, rid: str) -> dict[str, object]:
    answer = {"errcode": failure.errcode, "errmsg": f"{failure.errmsg} rid: {rid}"}
    return {
        "invoke_time": int(failure.at),
        "cost_in_ms": 1,
        "request_url": failure.path,
        "request_body": "",
        "response_body": json.dumps(answer),
        "client_ip": "127.0.0.1",
    }


@blueprint.post("/cgi-bin/clear_quota")
def clear_quota() -> Response:
    if text(body(), "appid") != state().appid:
        raise Refusal(40013)
    with LOCK:
        now = state().now()
        recent = [at for at in state().quota_clearings if now - at < MONTH_SECONDS]
        if len(recent) >= CLEARINGS:
            raise Refusal(48006)
        state().quota_clearings = [*recent, now]
        state().used.clear()
    return done()
