"""One id and one log line a request, without anything a person typed."""

import logging
import re
import time
import uuid

from flask import Flask, Response, g, request

from backend.core.logging import request_id

log = logging.getLogger("access")

_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}\Z")


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    request_id.set(given if _GIVEN.match(given) else uuid.uuid4().hex)
    g.began = time.monotonic()


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id.get() or ""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    # The rule, not the path: paths may hold numbers that are nobody else's business.
    rule = request.url_rule.rule if request.url_rule else "unknown"
    log.info(
        "request",
        extra={
            "method": request.method,
            "route": rule,
            "status": response.status_code,
            "ms": round((time.monotonic() - g.get("began", time.monotonic())) * 1000, 1),
        },
    )
    return response
