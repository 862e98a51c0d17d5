"""The events WeChat pushes, and their two forms.

Subscription events hold `List`: in JSON at the top, one object when single, and with numbers as
texts; in XML inside an element named after the event. `FromUserName` is the user.
"""

import re
from typing import Any
from xml.sax.saxutils import escape

from wechat_sandbox.inputs import Wrong
from wechat_sandbox.state import state

ACCOUNT = "gh_sandbox000001"
ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
Message = dict[str, Any]

XML_WRAPPERS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


def event(name: str, openid: str, **values: Any) -> Message:
    return {**_envelope(openid, "event"), "Event": name, **values}


def written(openid: str, content: str, msgid: int) -> Message:
    """Return a user's text to customer service; told apart from others by MsgId."""
    return {**_envelope(openid, "text"), "Content": content, "MsgId": msgid}


def popup(openid: str, template: str, *, accepted: bool) -> Message:
    answer = "accept" if accepted else "reject"
    item = {"TemplateId": template, "SubscribeStatusString": answer, "PopupScene": "0"}
    return _subscription("subscribe_msg_popup_event", openid, item)


def sent(openid: str, template: str, msgid: int) -> Message:
    item = {
        "TemplateId": template,
        "MsgID": str(msgid),
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    return _subscription("subscribe_msg_sent_event", openid, item)


def media_checked(openid: str, trace: str, result: Message, detail: list[Message]) -> Message:
    return _media(openid, trace, errcode=0, errmsg="ok", detail=detail, result=result)


def media_failed(openid: str, trace: str, errcode: int) -> Message:
    """Return what comes when nothing could be checked: no `result` at all."""
    return _media(openid, trace, errcode=errcode, errmsg="check failed", detail=[])


def _media(openid: str, trace: str, **values: Any) -> Message:
    about = {"appid": state().appid, "trace_id": trace, "version": 2}
    return event("wxa_media_check", openid, **about, **values)


def _subscription(name: str, openid: str, item: Message) -> Message:
    return event(name, openid, List=item) | {"CreateTime": str(int(state().now()))}


def _envelope(openid: str, kind: str) -> Message:
    return {
        "ToUserName": ACCOUNT,
        "FromUserName": openid,
        "CreateTime": int(state().now()),
        "MsgType": kind,
    }


def as_xml(message: Message) -> str:
    """Return the XML form. Raises Wrong for a name that is no XML element."""
    wrapper = XML_WRAPPERS.get(str(message.get("Event")))
    if wrapper and "List" in message:
        rest = {name: value for name, value in message.items() if name != "List"}
        message = {**rest, wrapper: {"List": message["List"]}}
    return f"<xml>{_elements(message)}</xml>"


def _elements(values: Message) -> str:
    return "".join(_element(name, value) for name, value in values.items())


def _element(name: str, value: object) -> str:
    if not ELEMENT.fullmatch(name):
        raise Wrong(f"{name!r} cannot be an XML element")
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    inner = _elements(value) if isinstance(value, dict) else escape(str(value))
    return f"<{name}>{inner}</{name}>"
