"""Content checks. A text is answered at once, a picture by a push a little later."""

import threading
from typing import Any

from flask import Blueprint, Response

from wechat_sandbox import push
from wechat_sandbox.answers import Refusal, body, ok
from wechat_sandbox.state import new_rid, state

blueprint = Blueprint("security", __name__)

VISITED_WITHIN_SECONDS = 7200
PASS: dict[str, Any] = {"suggest": "pass", "label": 100}


@blueprint.post("/wxa/msg_sec_check")
def text() -> Response:
    """`errcode` stays 0 when the text is risky."""
    given = body()
    content = str(given.get("content", ""))
    if not 1 <= len(content) <= 2500:
        raise Refusal(47001, "data format error")
    _check(given)
    risky = any(word in content for word in state().risky_words)
    result = {"suggest": "risky", "label": 20001} if risky else PASS
    return ok(errcode=0, errmsg="ok", result=result, detail=_detail(result), trace_id=new_rid())


@blueprint.post("/wxa/media_check_async")
def media() -> Response:
    given = body()
    _check(given)
    trace = new_rid()
    risky = "risky" in str(given.get("media_url", ""))
    result = {"suggest": "risky", "label": 20002} if risky else PASS
    event = push.event(
        "wxa_media_check",
        str(given["openid"]),
        appid=state().appid,
        trace_id=trace,
        version=2,
        detail=_detail(result),
        result=result,
    )
    if state().push_url:
        threading.Timer(0.2, push.deliver, [event]).start()
    return ok(errcode=0, errmsg="ok", trace_id=trace)


def _detail(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"strategy": "content_model", "errcode": 0, "prob": 90, **result}]


def _check(given: dict[str, Any]) -> None:
    if given.get("version") != 2 or given.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40129, "invalid scene")
    user = state().users.get(str(given.get("openid")))
    if user is None:
        raise Refusal(40003, "invalid openid")
    if state().now() - user.get("seen", 0) > VISITED_WITHIN_SECONDS:
        raise Refusal(61010, "code is expired")
