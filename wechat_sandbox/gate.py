"""What every call passes first: the call log, injected faults, quotas, the access token."""

import time

from flask import Response, request

from wechat_sandbox.answers import Refusal, refused
from wechat_sandbox.state import LOCK, Pool, state

WITHOUT_TOKEN = {"cgi-bin/token", "cgi-bin/stable_token", "sns/jscode2session"}
LONGEST_HANG = 60


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
            raise Refusal(45009, "reach max api daily quota limit")
        if path not in WITHOUT_TOKEN:
            _check_token(request.args.get("access_token", ""))
    except Refusal as refusal:
        return refused(refusal)
    return None


def _note(path: str) -> tuple[dict[str, object] | None, bool]:
    with LOCK:
        now = state()
        now.log.append({"method": request.method, "path": path, "at": round(now.now(), 3)})
        now.calls[path] += 1
        fault = next((f for f in now.faults if f["path"] in (path, "*") and f["times"] != 0), None)
        if fault is not None:
            fault["times"] -= 1
        return fault, path in now.quotas and now.calls[path] > now.quotas[path]


def _inject(fault: dict[str, object]) -> Response | None:
    kind = fault["kind"]
    if kind in ("slow", "hang"):
        time.sleep(min(float(str(fault.get("seconds", 1))), LONGEST_HANG))
    if kind == "slow":
        return None
    if kind == "hang":
        return Response(b"")
    if kind == "http":
        status = int(str(fault.get("status", 502)))
        return Response("<html>502 Bad Gateway</html>", status, content_type="text/html")
    if kind == "badjson":
        return Response('{"errcode":0,"errmsg":"o', content_type="application/json")
    raise Refusal(int(str(fault["errcode"])), str(fault.get("errmsg", "injected")))


def _check_token(token: str) -> None:
    if not token:
        raise Refusal(41001, "access_token missing")
    with LOCK:
        pools = (state().plain, state().stable)
        if any(_works(pool, token) for pool in pools):
            return
        expired = any(pool.token == token for pool in pools)
    if expired:
        raise Refusal(42001, "access_token expired")
    raise Refusal(40001, "invalid credential, access_token is invalid or not latest")


def _works(pool: Pool, token: str) -> bool:
    now = state().now()
    return (token == pool.token and now < pool.expires_at) or now < pool.old.get(token, 0)
