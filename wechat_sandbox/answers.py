"""How WeChat answers: HTTP 200 and JSON, whatever happened. Errors carry a `rid`."""

import json
from typing import Any

from flask import Response, request

from wechat_sandbox.errcodes import MESSAGES
from wechat_sandbox.state import LOCK, Failure, new_rid, state


class Refusal(Exception):
    """An errcode, raised anywhere in an endpoint."""

    def __init__(self, errcode: int, errmsg: str = "") -> None:
        self.errcode, self.errmsg = errcode, errmsg or MESSAGES.get(errcode, "system error")
        super().__init__(self.errmsg)


def ok(**values: Any) -> Response:
    """Answer with these fields alone, as the calls do that leave out `errcode` on success."""
    text = json.dumps(values, ensure_ascii=False)
    return Response(text.encode(errors="replace"), content_type="application/json; encoding=utf-8")


def done(**values: Any) -> Response:
    return ok(errcode=0, errmsg="ok", **values)


def refused(refusal: Refusal) -> Response:
    rid = new_rid()
    with LOCK:
        state().remember(rid, Failure(request.path, state().now(), refusal.errcode, refusal.errmsg))
    return ok(errcode=refusal.errcode, errmsg=f"{refusal.errmsg} rid: {rid}")


def body() -> dict[str, Any]:
    """Return the JSON object of the request, whatever its content type (as WeChat does)."""
    try:
        given = json.loads(request.get_data())
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Refusal(47001)
    return given


def text(given: dict[str, Any], name: str) -> str:
    """Return a field that must be text where it is present; empty where it is not."""
    value = given.get(name, "")
    if not isinstance(value, str):
        raise Refusal(47001)
    return value
