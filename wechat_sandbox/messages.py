"""Subscription messages: one accepted question is one message, per template, without time limit."""

import secrets
from typing import Any

from flask import Blueprint, Response

from wechat_sandbox import push, push_events, wxacode
from wechat_sandbox.answers import Refusal, body, done, text
from wechat_sandbox.state import LOCK, state
from wechat_sandbox.templates import content_of, fits

blueprint = Blueprint("messages", __name__)

STATES = ("", "developer", "trial", "formal")
LANGUAGES = ("", "zh_CN", "en_US", "zh_HK", "zh_TW")


@blueprint.post("/cgi-bin/message/subscribe/send")
def send() -> Response:
    """Take a message; what arrives is told by a push a little later, with the same msgid."""
    given = body()
    openid, template = text(given, "touser"), text(given, "template_id")
    with LOCK:
        _check(given, openid, template)
        if state().grants[openid, template] <= 0:
            raise Refusal(43101)
        state().grants[openid, template] -= 1
        msgid = secrets.randbits(60)
        state().sent.append({**given, "msgid": msgid})
        push.later(push_events.sent(openid, template, msgid))
    return done(msgid=msgid)


def _check(given: dict[str, Any], openid: str, template: str) -> None:
    if openid not in state().users:
        raise Refusal(40003)
    if template not in state().templates:
        raise Refusal(40037)
    wxacode.check_page(text(given, "page").split("?")[0], check_path=True)
    known = text(given, "miniprogram_state") in STATES and text(given, "lang") in LANGUAGES
    if not known:
        raise Refusal(40097)
    for name in state().templates[template]:
        if not fits(name, _value(given.get("data"), name)):
            raise Refusal(47003, f"argument invalid! data.{name}.value invalid")


def _value(data: object, name: str) -> object:
    entry = data.get(name) if isinstance(data, dict) else None
    return entry.get("value") if isinstance(entry, dict) else None


@blueprint.get("/wxaapi/newtmpl/gettemplate")
def templates() -> Response:
    """List the templates: type 2 is for one message at a time, 3 for the long term."""
    with LOCK:
        found = [
            {"priTmplId": name, "title": name, "content": content_of(fields), "type": 2}
            for name, fields in state().templates.items()
        ]
    return done(data=found)
