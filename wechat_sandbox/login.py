"""Login codes and session keys.

A code works once and for five minutes. Every login gives the user a new session key, one alone is
valid, and it signs as the text it is (not base64-decoded). `unionid` comes only where the account
is bound to an Open Platform account.
"""

import base64
import hashlib
import hmac
import secrets

from flask import Blueprint, Response, request

from wechat_sandbox.answers import Refusal, done, ok
from wechat_sandbox.state import LOCK, Code, User, state
from wechat_sandbox.tokens import check_credentials

blueprint = Blueprint("login", __name__)


@blueprint.get("/sns/jscode2session")
def code_to_session() -> Response:
    """Ask for no access token, and answer without `errcode` on success."""
    check_credentials(request.args, "authorization_code")
    if not request.args.get("js_code"):
        raise Refusal(41008)
    with LOCK:
        code = spend(state().codes.get(request.args["js_code"]))
        user = state().user(code.openid)
        if user.blocked:
            raise Refusal(40226)
        user.seen, user.session_key = state().now(), _new_key()
        union = {"unionid": user.unionid} if user.unionid else {}
        return ok(session_key=user.session_key, openid=code.openid, **union)


def spend(code: Code | None) -> Code:
    """Use a code up. Raises Refusal 40029 unknown or too old, 40163 used before."""
    if code is None or state().now() > code.expires_at:
        raise Refusal(40029)
    if code.used and not code.reusable:
        raise Refusal(40163)
    code.used = True
    return code


@blueprint.get("/wxa/checksession")
def check_session() -> Response:
    with LOCK:
        _signed_user()
    return done()


@blueprint.get("/wxa/resetusersessionkey")
def reset_session_key() -> Response:
    with LOCK:
        user = _signed_user()
        user.session_key = _new_key()
        return done(openid=request.args["openid"], session_key=user.session_key)


def _signed_user() -> User:
    """Return the user whose session key made the signature over an empty message."""
    user = state().users.get(request.args.get("openid", ""))
    if user is None:
        raise Refusal(40003)
    if request.args.get("sig_method") != "hmac_sha256":
        raise Refusal(87008)
    if not user.session_key:
        raise Refusal(87007)
    wanted = hmac.new(user.session_key.encode(), b"", hashlib.sha256).hexdigest()
    if wanted != request.args.get("signature"):
        raise Refusal(87009)
    return user


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(16)).decode()
