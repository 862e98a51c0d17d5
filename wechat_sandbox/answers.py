"""How WeChat answers: HTTP 200 and JSON, whatever happened."""

import json
from typing import Any

from flask import Response, request

from wechat_sandbox.state import new_rid


class Refusal(Exception):
    """An errcode, raised anywhere in an endpoint."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.errcode, self.errmsg = errcode, errmsg


def ok(**values: Any) -> Response:
    text = json.dumps(values, ensure_ascii=False)
    return Response(text, content_type="application/json; encoding=utf-8")


def refused(refusal: Refusal) -> Response:
    return ok(errcode=refusal.errcode, errmsg=f"{refusal.errmsg} rid: {new_rid()}")


def body() -> dict[str, Any]:
    """Return the JSON object of the request, whatever its content type (as WeChat does)."""
    given = request.get_json(force=True, silent=True)
    if not isinstance(given, dict):
        raise Refusal(47001, "data format error")
    return given
