"""The part of the control plane that pushes. It never holds the lock while the product answers."""

import secrets

from flask import Blueprint, Response, jsonify

from wechat_sandbox import push, push_events
from wechat_sandbox.addresses import is_local_url
from wechat_sandbox.control_set import delivery_of
from wechat_sandbox.customer_service import user_wrote
from wechat_sandbox.inputs import Given, Wrong, given
from wechat_sandbox.push_crypto import sign
from wechat_sandbox.state import LOCK, state

blueprint = Blueprint("control_push", __name__, url_prefix="/_ctl")

FLAGS = ("as_xml", "duplicate", "bad_signature", "without_result")


@blueprint.post("/push-url")
def push_url() -> Response:
    """Set where to push; an empty `url` ends pushing."""
    asked = given()
    asked.only("url")
    url = asked.text("url", "") if "url" in asked.values else asked.text("url")
    if url and not is_local_url(url):
        raise Wrong("pushes go to this machine only: http://127.0.0.1:PORT/...")
    with LOCK:
        state().push_url = url
    return jsonify(ok=True)


@blueprint.post("/verify-push-url")
def verify_push_url() -> Response:
    """Do what WeChat does when the URL is entered: GET, and expect the bare echostr."""
    _needs_url()
    stamp, nonce = str(int(state().now())), str(secrets.randbits(31))
    echo = str(secrets.randbits(63))
    signature = sign(state().push_token, stamp, nonce)
    query = f"signature={signature}&timestamp={stamp}&nonce={nonce}&echostr={echo}"
    status, body = push.exchange("GET", query)
    return jsonify(ok=True, status=status, verified=status == 200 and body == echo.encode())


@blueprint.post("/push")
def push_event() -> Response:
    """Push an event now; answer with the status of every try."""
    asked = given()
    asked.only("event", "openid", "values", *FLAGS)
    _needs_url()
    values = asked.object("values").values
    message = push_events.event(asked.text("event"), asked.text("openid")) | values
    flags = Given({name: asked.values[name] for name in FLAGS if name in asked.values})
    return jsonify(ok=True, statuses=push.deliver(message, delivery_of(flags)))


@blueprint.post("/popup")
def popup() -> Response:
    """Let a user answer the question about messages: accepting allows one more."""
    asked = given()
    asked.only("openid", "template_id", "accept")
    openid, template = asked.text("openid"), asked.text("template_id")
    accepted = asked.flag("accept", default=True)
    with LOCK:
        state().user(openid)
        state().grants[openid, template] += int(accepted)
        push.later(push_events.popup(openid, template, accepted=accepted))
    return jsonify(ok=True)


@blueprint.post("/user-message")
def user_message() -> Response:
    """Let a user write to customer service, which opens the time for replies."""
    asked = given()
    asked.only("openid", "text")
    openid, content = asked.text("openid"), asked.text("text")
    with LOCK:
        user_wrote(state().user(openid))
        push.later(push_events.written(openid, content, secrets.randbits(62)))
    return jsonify(ok=True)


def _needs_url() -> None:
    if not state().push_url:
        raise Wrong("no push URL yet: POST /_ctl/push-url")
