"""Tokens, login codes, phone numbers (wechat.md 2.1-2.3 of the platform's documents)."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from flask import Blueprint, Response, request

from wechat_sandbox.answers import Refusal, body, ok
from wechat_sandbox.state import GRACE_SECONDS, LOCK, TOKEN_SECONDS, Code, Pool, state

blueprint = Blueprint("login", __name__)


@blueprint.get("/cgi-bin/token")
def token() -> Response:
    """Every call replaces the token."""
    _check_credentials(request.args, "client_credential")
    with LOCK:
        return _rotate(state().plain)


@blueprint.post("/cgi-bin/stable_token")
def stable_token() -> Response:
    """The same token until five minutes before its end; a forced one kills it at once."""
    given = body()
    _check_credentials(given, "client_credential")
    with LOCK:
        now, pool = state().now(), state().stable
        if given.get("force_refresh") and now - state().forced_at >= 30:
            state().forced_at = now
            answer = _rotate(pool)
            pool.old.clear()
            return answer
        if pool.token is None or pool.expires_at - now <= GRACE_SECONDS:
            return _rotate(pool)
        return ok(access_token=pool.token, expires_in=int(pool.expires_at - now))


def _rotate(pool: Pool) -> Response:
    now = state().now()
    if pool.token is not None:
        pool.old[pool.token] = min(pool.expires_at, now + GRACE_SECONDS)
    pool.token, pool.expires_at = secrets.token_urlsafe(96), now + TOKEN_SECONDS
    return ok(access_token=pool.token, expires_in=TOKEN_SECONDS)


def _check_credentials(given: Any, grant_type: str) -> None:
    if given.get("grant_type") != grant_type:
        raise Refusal(40002, "invalid grant_type")
    if given.get("appid") != state().appid:
        raise Refusal(40013, "invalid appid")
    if given.get("secret") != state().secret:
        raise Refusal(40125, "invalid appsecret")


@blueprint.get("/sns/jscode2session")
def code_to_session() -> Response:
    """No errcode on success."""
    _check_credentials(request.args, "authorization_code")
    with LOCK:
        code = _spend(state().codes.get(request.args.get("js_code", "")))
        user = state().users.setdefault(code.openid, {})
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        user.update(seen=state().now(), session_key=key)
        answer = {"session_key": key, "openid": code.openid}
        return ok(**answer, **({"unionid": user["unionid"]} if user.get("unionid") else {}))


def _spend(code: Code | None) -> Code:
    if code is None or state().now() > code.expires_at:
        raise Refusal(40029, "invalid code")
    if code.used and not code.reusable:
        raise Refusal(40163, "code been used")
    code.used = True
    return code


@blueprint.post("/wxa/business/getuserphonenumber")
def phone_number() -> Response:
    given = body()
    with LOCK:
        code = state().phones.get(str(given.get("code", "")))
        foreign = code and code.openid and given.get("openid", code.openid) != code.openid
        if code is None or foreign or (code.used and not code.reusable):
            raise Refusal(40029, "invalid code")
        _spend(code)
        info = {
            "phoneNumber": code.value,
            "purePhoneNumber": code.value,
            "countryCode": "86",
            "watermark": {"timestamp": int(state().now()), "appid": state().appid},
        }
    return ok(errcode=0, errmsg="ok", phone_info=info)


@blueprint.get("/wxa/checksession")
def check_session() -> Response:
    """The signature is made with the session key as text, over an empty message."""
    user = _user(request.args.get("openid", ""))
    key = str(user.get("session_key", ""))
    wanted = hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()
    if not key or not hmac.compare_digest(wanted, request.args.get("signature", "")):
        raise Refusal(87009, "invalid signature")
    return ok(errcode=0, errmsg="ok")


@blueprint.get("/wxa/resetusersessionkey")
def reset_session_key() -> Response:
    openid = request.args.get("openid", "")
    user = _user(openid)
    with LOCK:
        user["session_key"] = base64.b64encode(secrets.token_bytes(16)).decode()
    return ok(errcode=0, errmsg="ok", openid=openid, session_key=user["session_key"])


def _user(openid: str) -> dict[str, Any]:
    user = state().users.get(openid)
    if user is None:
        raise Refusal(40003, "invalid openid")
    return user
