"""Codes and links into the mini-program, and WeChat's own bookkeeping."""

import base64
import json
import re
import secrets
import struct

from flask import Blueprint, Response

from wechat_sandbox.answers import Refusal, body, ok
from wechat_sandbox.state import LOCK, state

blueprint = Blueprint("links", __name__)

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}\Z")
LONGEST_INTERVAL_DAYS = 30
# Eight by eight grey pixels.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI//////////////////////"
    "//////////////////////////////wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL"
    "/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRol"
    "JicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6"
    "ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/ALtf/9k="
)


@blueprint.post("/wxa/getwxacodeunlimit")
def code() -> Response:
    """A JPEG on success; what was asked for rides in its comment segment."""
    given = body()
    scene = given.get("scene") or ""
    if not isinstance(scene, str) or not 1 <= len(scene) <= 32:
        raise Refusal(40169, "invalid length for scene, or the data is not json string")
    if not SCENE.match(scene):
        raise Refusal(40129, "invalid scene")
    version = given.get("env_version", "release")
    if not 280 <= given.get("width", 430) <= 1280 or version not in ("release", "trial", "develop"):
        raise Refusal(40097, "invalid args")
    _check_page(given.get("page"), check_path=given.get("check_path", True))
    comment = json.dumps(given).encode()
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return Response(JPEG[:2] + segment + JPEG[2:], content_type="image/jpeg")


def _check_page(page: object, *, check_path: bool) -> None:
    if not page:
        return
    unknown = check_path and state().pages and page not in state().pages
    if str(page).startswith("/") or unknown:
        raise Refusal(41030, "invalid page")


@blueprint.post("/wxa/generate_urllink")
def url_link() -> Response:
    _check_interval(body())
    return ok(errcode=0, errmsg="ok", url_link=f"https://wxaurl.cn/{secrets.token_urlsafe(8)}")


@blueprint.post("/wxa/generatescheme")
def scheme() -> Response:
    _check_interval(body())
    link = f"weixin://dl/business/?t={secrets.token_urlsafe(8)}"
    return ok(errcode=0, errmsg="ok", openlink=link)


def _check_interval(given: dict[str, object]) -> None:
    if int(str(given.get("expire_interval") or 1)) > LONGEST_INTERVAL_DAYS:
        raise Refusal(85401, "expire_interval too long")


@blueprint.post("/cgi-bin/openapi/quota/get")
def quota() -> Response:
    path = str(body().get("cgi_path", "")).lstrip("/")
    used, limit = state().calls[path], state().quotas.get(path, 1_000_000)
    figures = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
    return ok(errcode=0, errmsg="ok", quota=figures)


@blueprint.post("/cgi-bin/openapi/rid/get")
def rid() -> Response:
    return ok(errcode=0, errmsg="ok", request={"invoke_time": int(state().now()), "cost_in_ms": 1})


@blueprint.post("/cgi-bin/clear_quota")
def clear_quota() -> Response:
    if body().get("appid") != state().appid:
        raise Refusal(40013, "invalid appid")
    with LOCK:
        state().calls.clear()
    return ok(errcode=0, errmsg="ok")
