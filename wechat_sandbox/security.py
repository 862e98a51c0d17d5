"""Content checks, version 2. A text is answered at once, a picture by a push a little later.

`errcode` stays 0 for a risky text: the verdict is `result.suggest`. The user must have visited in
the last two hours (61010). A picture whose download fails comes without `result`.
"""

from typing import Any

from flask import Blueprint, Response

from wechat_sandbox import push, push_events
from wechat_sandbox.answers import Refusal, body, done, text
from wechat_sandbox.state import LOCK, new_rid, state

blueprint = Blueprint("security", __name__)

VISITED_WITHIN_SECONDS = 7200
LONGEST_TEXT = 2500
TEXT_FIELDS = ("content", "title", "nickname", "signature")
DOWNLOAD_FAILED = -1008

PASS: dict[str, Any] = {"suggest": "pass", "label": 100}
POLITICS = 20001
PORNOGRAPHY = 20002


@blueprint.post("/wxa/msg_sec_check")
def check_text() -> Response:
    given = body()
    if not 1 <= len(text(given, "content")) <= LONGEST_TEXT:
        raise Refusal(47001)
    whole = "\n".join(text(given, name) for name in TEXT_FIELDS)
    with LOCK:
        _check_visit(given)
        result = _judge(whole, state().risky_words, state().review_words, POLITICS)
        return done(result=result, detail=_detail(result), trace_id=new_rid())


@blueprint.post("/wxa/media_check_async")
def check_media() -> Response:
    """Let `risky`, `review` and `unreachable` in the address decide what the push will say."""
    given = body()
    url = text(given, "media_url")
    if not url.startswith(("http://", "https://")) or given.get("media_type") not in (1, 2):
        raise Refusal(40097)
    with LOCK:
        _check_visit(given)
        trace = new_rid()
        if "unreachable" in url:
            push.later(push_events.media_failed(given["openid"], trace, DOWNLOAD_FAILED))
        else:
            result = _judge(url, ["risky"], ["review"], PORNOGRAPHY)
            push.later(push_events.media_checked(given["openid"], trace, result, _detail(result)))
    return done(trace_id=trace)


def _judge(whole: str, risky: list[str], review: list[str], label: int) -> dict[str, Any]:
    for suggest, words in (("risky", risky), ("review", review)):
        if any(word in whole for word in words):
            return {"suggest": suggest, "label": label}
    return PASS


def _detail(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"strategy": "content_model", "errcode": 0, "prob": 90, **result}]


def _check_visit(given: dict[str, Any]) -> None:
    if given.get("version") != 2 or given.get("scene") not in (1, 2, 3, 4):
        raise Refusal(40129)
    user = state().users.get(text(given, "openid"))
    if user is None:
        raise Refusal(40003)
    if user.seen is None or state().now() - user.seen > VISITED_WITHIN_SECONDS:
        raise Refusal(61010)
