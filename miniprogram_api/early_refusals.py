"""Answers to requests that never come to the application, in the API's shape."""

import json
import uuid

SLOW = "网络较慢，提交未能在限定时间内完成，请重试。"

_REFUSALS = {
    408: ("Request Timeout", "request_timeout", SLOW),
    431: ("Request Header Fields Too Large", "bad_request", "请求格式不正确，请检查后重试。"),
    503: ("Service Unavailable", "busy", "正在办理的人较多，请稍后再试。"),
}


def refusal(status: int) -> bytes:
    """Return the whole answer, head and body, after which the connection ends."""
    reason, code, message = _REFUSALS[status]
    request_id = uuid.uuid4().hex
    body = {"code": code, "message": message, "request_id": request_id}
    content = json.dumps(body, ensure_ascii=False).encode()
    head = [
        f"HTTP/1.1 {status} {reason}",
        "Server: web",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"X-Request-Id: {request_id}",
        *(["Retry-After: 2"] if status == 503 else []),
    ]
    return "\r\n".join([*head, "", ""]).encode() + content
