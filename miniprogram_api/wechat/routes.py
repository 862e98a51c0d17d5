"""`/wechat/push`, at the root: where WeChat tells us what happened on its side.

It wants an answer within five seconds and tries three times; whatever is answered here was
committed before.
"""

import logging

from flask import Blueprint, Response, abort, request

from backend.wechat import push
from backend.wechat.push import PushRefused
from miniprogram_api.body import reads_itself
from miniprogram_api.http import services, session
from miniprogram_api.wechat import dispatch

log = logging.getLogger("wechat")

blueprint = Blueprint("wechat", __name__)

# An event is a few hundred bytes.
LARGEST = 64 * 1024
DONE = "success"


@blueprint.get("/push")
@reads_itself
def verify() -> Response:
    """Prove to WeChat that the address is ours."""
    try:
        echo = _reader().verify(request.args)
    except PushRefused as refusal:
        return _refused(refusal)
    return Response(echo, content_type="text/plain; charset=utf-8")


@blueprint.post("/push")
@reads_itself
def take() -> Response:
    """Take a push: once, however often it comes."""
    reader = _reader()
    request.max_content_length = LARGEST
    try:
        found = reader.read(request.args, request.get_data())
    except PushRefused as refusal:
        return _refused(refusal)
    keys = services().crypto
    if found is not None and push.first_time(session(), keys, found):
        dispatch.handle(session(), keys, found)
    return Response(DONE, content_type="text/plain; charset=utf-8")


def _reader() -> push.PushReader:
    reader = push.PushReader(services().settings)
    if not reader.configured:
        abort(404)
    return reader


def _refused(refusal: PushRefused) -> Response:
    log.warning("push refused: %s", refusal)
    return Response("refused", 403, content_type="text/plain; charset=utf-8")
