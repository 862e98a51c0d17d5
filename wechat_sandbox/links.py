"""Links that open the mini-program from outside: at most 30 days, query of 1024 characters."""

import secrets
from typing import Any

from flask import Blueprint, Response

from wechat_sandbox.answers import Refusal, body, done, text
from wechat_sandbox.state import state

blueprint = Blueprint("links", __name__)

LONGEST_DAYS, LONGEST_QUERY = 30, 1024
DAY_SECONDS = 86400
VERSIONS = ("", "release", "trial", "develop")


@blueprint.post("/wxa/generate_urllink")
def url_link() -> Response:
    given = body()
    _check_target(given)
    _check_end(given)
    return done(url_link=f"https://wxaurl.cn/{secrets.token_hex(6)}")


@blueprint.post("/wxa/generatescheme")
def scheme() -> Response:
    given = body()
    target = given.get("jump_wxa", {})
    if not isinstance(target, dict):
        raise Refusal(47001)
    _check_target(target)
    _check_end(given)
    return done(openlink=f"weixin://dl/business/?t={secrets.token_hex(6)}")


def _check_target(target: dict[str, Any]) -> None:
    path = text(target, "path").lstrip("/")
    if "?" in path or (path and state().pages and path not in state().pages):
        raise Refusal(40165)
    if len(text(target, "query")) > LONGEST_QUERY:
        raise Refusal(40212)
    if text(target, "env_version") not in VERSIONS:
        raise Refusal(40097)


def _check_end(given: dict[str, Any]) -> None:
    """Type 0 ends at a moment (`expire_time`), type 1 after so many days (`expire_interval`)."""
    kind = given.get("expire_type", 0)
    if kind == 1:
        days = given.get("expire_interval")
    elif kind == 0 and "expire_time" in given:
        days = _days_until(given["expire_time"])
    elif kind == 0:
        return
    else:
        raise Refusal(40097)
    if not isinstance(days, int | float) or not 0 < days <= LONGEST_DAYS:
        raise Refusal(85401)


def _days_until(moment: object) -> float | None:
    if isinstance(moment, int | float):
        return (moment - state().now()) / DAY_SECONDS
    return None
