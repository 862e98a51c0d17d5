"""The `Idempotency-Key` header: a repeated creation gets the stored answer (architecture 4)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request

from backend.core import idempotency
from backend.core.errors import DomainError, Invalid
from miniprogram_api.http import actor, services, session

HEADER = "Idempotency-Key"

PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "Chosen by the client, one a form; a repeat within 24 h gets the same answer",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer a repeat from the store. Put it outside `arguments` and `response`."""

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        _check(key)
        account_id = actor().account_id
        stored = idempotency.begin(
            session(),
            services().crypto,
            account_id=account_id,
            key=key,
            request_hash=_fingerprint(),
        )
        if stored is not None:
            status, answer = stored
            return Response(answer, status, mimetype="application/json")
        try:
            response = current_app.make_response(view(*args, **kwargs))
        except DomainError as refusal:
            if refusal.keeps:  # it would keep the key, too, and without an answer
                idempotency.forget(session(), account_id=account_id, key=key)
            raise
        idempotency.finish(
            session(),
            services().crypto,
            account_id=account_id,
            key=key,
            status=response.status_code,
            answer=response.get_data(as_text=True),
        )
        return response

    once._apidoc["manual_doc"] = {"parameters": [PARAMETER]}  # type: ignore[attr-defined]
    return once


def _fingerprint() -> str:
    return idempotency.fingerprint(request.method, request.path, request.get_data(cache=True))


def _check(key: str) -> None:
    if not (1 <= len(key) <= 200 and all("!" <= c <= "~" for c in key)):
        raise Invalid(HEADER, "请求编号须为 1 至 200 个可见字符。")
