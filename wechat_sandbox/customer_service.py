"""Customer-service messages: a user's message allows five replies in 48 hours."""

from flask import Blueprint, Response

from wechat_sandbox.answers import Refusal, body, done, text
from wechat_sandbox.state import LOCK, User, state

blueprint = Blueprint("customer_service", __name__)

KINDS = ("text", "image", "link", "miniprogrampage")
REPLIES, WINDOW_SECONDS = 5, 48 * 3600


@blueprint.post("/cgi-bin/message/custom/send")
def send() -> Response:
    given = body()
    openid, kind = text(given, "touser"), text(given, "msgtype")
    with LOCK:
        user = state().users.get(openid)
        if user is None:
            raise Refusal(40003)
        if kind not in KINDS or not isinstance(given.get(kind), dict):
            raise Refusal(40008)
        if state().now() >= user.replies_until:
            raise Refusal(45015)
        if user.replies_left <= 0:
            raise Refusal(45047)
        user.replies_left -= 1
        state().sent.append(given)
    return done()


def user_wrote(user: User) -> None:
    user.replies_left, user.replies_until = REPLIES, state().now() + WINDOW_SECONDS
