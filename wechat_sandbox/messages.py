"""Subscription and customer-service messages, with the limits of each field type."""

import re
import secrets
from typing import Any

from flask import Blueprint, Response

from wechat_sandbox.answers import Refusal, body, ok
from wechat_sandbox.state import LOCK, state

blueprint = Blueprint("messages", __name__)

# Field type -> longest value, form of a value.
FIELDS = {
    "thing": (20, r"[^\x00-\x1f]+"),
    "number": (32, r"-?\d+(\.\d+)?"),
    "letter": (32, r"[A-Za-z]+"),
    "symbol": (5, r".+"),
    "character_string": (32, r"[\x21-\x7e]+"),
    "time": (64, r".*\d{1,2}:\d{2}.*"),
    "date": (64, r".*\d.*"),
    "amount": (14, r".?\d{1,10}(\.\d+)?元?"),
    "phone_number": (17, r"[\d+\-() ]+"),
    "car_number": (8, r".+"),
    "name": (20, r"[^\x00-\x1f]+"),
    "phrase": (5, r"[\u4e00-\u9fff]+"),
}


@blueprint.post("/cgi-bin/message/subscribe/send")
def send() -> Response:
    given = body()
    openid, template = given.get("touser"), given.get("template_id")
    with LOCK:
        _check(given, str(openid), str(template))
        key = (str(openid), str(template))
        if state().grants[key] <= 0:
            raise Refusal(43101, "user refuse to accept the msg")
        state().grants[key] -= 1
        state().sent.append(given)
    return ok(errcode=0, errmsg="ok", msgid=secrets.randbits(60))


def _check(given: dict[str, Any], openid: str, template: str) -> None:
    if openid not in state().users:
        raise Refusal(40003, "invalid openid")
    if template not in state().templates:
        raise Refusal(40037, "invalid template_id")
    page = str(given.get("page") or "").split("?")[0]
    if page and state().pages and page not in state().pages:
        raise Refusal(41030, "invalid page")
    for name in state().templates[template]:
        _check_field(name, given.get("data"))


def _check_field(name: str, data: object) -> None:
    longest, form = FIELDS[name.rstrip("0123456789")]
    entry = data.get(name) if isinstance(data, dict) else None
    value = entry.get("value") if isinstance(entry, dict) else None
    good = isinstance(value, str) and 0 < len(value) <= longest and re.fullmatch(form, value)
    if not good:
        raise Refusal(47003, f"argument invalid! data.{name}.value invalid")


@blueprint.get("/wxaapi/newtmpl/gettemplate")
def templates() -> Response:
    found = [
        {"priTmplId": name, "title": name, "content": "".join(f"{{{{{f}.DATA}}}}" for f in fields)}
        for name, fields in state().templates.items()
    ]
    return ok(errcode=0, errmsg="ok", data=found)


@blueprint.post("/cgi-bin/message/custom/send")
def custom() -> Response:
    given = body()
    if given.get("touser") not in state().users:
        raise Refusal(40003, "invalid openid")
    with LOCK:
        state().sent.append(given)
    return ok(errcode=0, errmsg="ok")
