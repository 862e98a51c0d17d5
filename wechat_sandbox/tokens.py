"""Access tokens: two kinds that know nothing of each other.

`/cgi-bin/token` gives a new one at every call; the one before goes on working five minutes.
`/cgi-bin/stable_token` gives the same one until its last five minutes, so that what it gives always
lasts 300 s or more. `force_refresh` works 20 times a day and once in 30 s (sooner, nothing is
refreshed); two forced calls put an end to a leaked token: only the last but one is still good.
"""

import secrets
from typing import Any

from flask import Blueprint, Response, request

from wechat_sandbox.answers import Refusal, body, ok
from wechat_sandbox.state import LOCK, Pool, state

blueprint = Blueprint("tokens", __name__)

TOKEN_SECONDS = 7200
GRACE_SECONDS = 300
FORCED_A_DAY, FORCED_APART_SECONDS = 20, 30
DAY_SECONDS = 86400


@blueprint.get("/cgi-bin/token")
def token() -> Response:
    # This endpoint alone calls a wrong secret 40001.
    check_credentials(request.args, "client_credential", wrong_secret=40001)
    with LOCK:
        return _rotate(state().plain)


@blueprint.post("/cgi-bin/stable_token")
def stable_token() -> Response:
    given = body()
    check_credentials(given, "client_credential")
    with LOCK:
        now, pool = state().now(), state().stable
        if given.get("force_refresh") is True and _may_force(now):
            pool.old.clear()
            return _rotate(pool)
        if pool.token is None or pool.expires_at - now <= GRACE_SECONDS:
            return _rotate(pool)
        return ok(access_token=pool.token, expires_in=int(pool.expires_at - now))


def _may_force(now: float) -> bool:
    """Count a forced call. Raises Refusal 45009 when the day's are spent."""
    forced = [at for at in state().forced if now - at < DAY_SECONDS]
    if forced and now - forced[-1] < FORCED_APART_SECONDS:
        return False
    if len(forced) >= FORCED_A_DAY:
        raise Refusal(45009)
    state().forced = [*forced, now]
    return True


def _rotate(pool: Pool) -> Response:
    now = state().now()
    pool.old = {old: until for old, until in pool.old.items() if until > now}
    if pool.token is not None:
        pool.old[pool.token] = min(pool.expires_at, now + GRACE_SECONDS)
    pool.token, pool.expires_at = secrets.token_urlsafe(96), now + TOKEN_SECONDS
    return ok(access_token=pool.token, expires_in=TOKEN_SECONDS)


def check_credentials(given: Any, grant_type: str, *, wrong_secret: int = 40125) -> None:
    """Raise Refusal for a missing or wrong grant type, appid or secret."""
    if given.get("grant_type") != grant_type:
        raise Refusal(40002)
    if not given.get("appid"):
        raise Refusal(41002)
    if given.get("appid") != state().appid:
        raise Refusal(40013)
    if not given.get("secret"):
        raise Refusal(41004)
    if given.get("secret") != state().secret:
        raise Refusal(wrong_secret)
