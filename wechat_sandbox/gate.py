"""What every call passes first: the call log, injected faults, quotas, the access token."""

import re

from flask import Response, request

from wechat_sandbox.answers import Refusal, refused
from wechat_sandbox.faults import Fault
from wechat_sandbox.state import LOCK, Pool, state

WITHOUT_TOKEN = {"cgi-bin/token", "cgi-bin/stable_token", "sns/jscode2session"}
TOKEN = re.compile(r"[\w-]{20,}", re.ASCII)


def check() -> Response | None:
    """Return the answer of a fault or refusal, None to let the call through."""
    path = request.path.lstrip("/")
    if path.startswith("_ctl/"):
        return None
    fault, over = _note(path)
    try:
        if fault is not None and (answer := _inject(fault)) is not None:
            return answer
        if over:
            raise Refusal(45009)
        if path not in WITHOUT_TOKEN:
            _check_token(request.args.get("access_token", ""))
    except Refusal as refusal:
        return refused(refusal)
    return None


def _note(path: str) -> tuple[Fault | None, bool]:
    """Count the call; return the fault that strikes it and whether it is beyond its quota."""
    with LOCK:
        now = state()
        now.log.append({"method": request.method, "path": path, "at": round(now.now(), 3)})
        now.calls[path] += 1
        now.used[path] += 1
        fault = next((fault for fault in now.faults if fault.strikes(path)), None)
        if fault is not None:
            fault.count()
        return fault, path in now.quotas and now.used[path] > now.quotas[path]


def _inject(fault: Fault) -> Response | None:
    match fault.kind:
        case "slow":
            fault.wait()
            return None
        case "hang":
            fault.wait()
            return Response(b"")
        case "http":
            page = f"<html><h1>{fault.status}</h1></html>"
            return Response(page, fault.status, content_type="text/html")
        case "badjson":
            return Response('{"errcode":0,"errmsg":"o', content_type="application/json")
        case _:
            raise Refusal(fault.errcode, fault.errmsg)


def _check_token(token: str) -> None:
    """42001 expired, 40014 no token at all, 40001 replaced by a newer one or never given out."""
    if not token:
        raise Refusal(41001)
    if not TOKEN.fullmatch(token):
        raise Refusal(40014)
    with LOCK:
        pools = (state().plain, state().stable)
        if any(_works(pool, token) for pool in pools):
            return
        expired = any(pool.token == token for pool in pools)
    raise Refusal(42001 if expired else 40001)


def _works(pool: Pool, token: str) -> bool:
    now = state().now()
    return (token == pool.token and now < pool.expires_at) or now < pool.old.get(token, 0)
