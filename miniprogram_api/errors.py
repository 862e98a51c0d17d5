"""The one place where errors become HTTP answers: `{code, message, fields?, request_id}`."""

import logging
from typing import Any

from flask import Flask
from flask_smorest import Api
from gunicorn.http.errors import (  # type: ignore[import-untyped]  # ships no hints
    NoMoreData,
    ParseException,
)
from marshmallow import Schema, fields
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from backend.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    InvalidParts,
    NotFound,
    Stale,
    TooFast,
    TooLarge,
    Unauthenticated,
    Unavailable,
    VersionRequired,
)
from backend.core.idempotency import KeyReused
from backend.core.logging import request_id
from miniprogram_api.early_refusals import SLOW

log = logging.getLogger("api")

STATUS: dict[type[DomainError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Stale: 412,
    TooLarge: 413,
    Invalid: 422,
    KeyReused: 422,
    VersionRequired: 428,
    TooFast: 429,
    Unavailable: 503,
}

# What people read when the framework itself refuses.
MESSAGES = {
    400: "请求格式不正确，请检查后重试。",
    401: "请先登录。",
    404: "没有找到您要的内容。",
    405: "此地址不支持这种操作。",
    408: SLOW,
    413: "提交的内容过大，请控制在 1 MB 以内。",
    415: "请以 application/json 格式提交。",
    422: "提交的内容有误，请按提示修改。",
    500: "系统出现异常，已记录，请稍后再试。",
}

# The database's names for what somebody else's work kept from being done: a lock not got in time, a
# statement stopped for its length, a deadlock, a serialisation failure.
BUSY = frozenset({"55P03", "57014", "40P01", "40001"})

Answer = tuple[dict[str, Any], int, dict[str, str]]


class ErrorOut(Schema):
    code = fields.String(required=True, metadata={"description": "Stable, for programs"})
    message = fields.String(required=True, metadata={"description": "For people"})
    fields_ = fields.Dict(
        data_key="fields", metadata={"description": "Problems by input field; only with 422"}
    )
    request_id = fields.String(
        required=True, allow_none=True, metadata={"description": "Also in X-Request-Id and the log"}
    )


class JsonApi(Api):  # type: ignore[misc]  # flask-smorest ships no type hints
    """flask-smorest's Api, answering the framework's own errors in our shape."""

    ERROR_SCHEMA = ErrorOut

    def handle_http_exception(self, error: HTTPException) -> Answer:
        status = error.code or 500
        data = getattr(error, "data", None) or {}
        name = error.name.lower().replace(" ", "_")
        own_words = status == 400 and error.description and not error.description.isascii()
        message = error.description if own_words else MESSAGES.get(status, MESSAGES[400])
        headers = dict(error.get_headers())
        headers.pop("Content-Type", None)
        return body(name, str(message), flatten(data.get("messages"))), status, headers


def body(code: str, message: str, problems: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"code": code, "message": message}
    if problems:
        answer["fields"] = problems
    return answer | {"request_id": request_id.get()}


def flatten(messages: Any) -> dict[str, Any] | None:
    """Drop webargs' location level (`json`, `query`): problems stand under the field's name."""
    if not isinstance(messages, dict):
        return None
    flat: dict[str, Any] = {}
    for name, problem in messages.items():
        if name in {"json", "query", "headers"} and isinstance(problem, dict):
            flat |= problem
        else:
            flat[name] = problem
    return {("body" if name == "_schema" else name): problem for name, problem in flat.items()}


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(DomainError, domain_error)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(PoolTimeout, _database_error)
    app.register_error_handler(DBAPIError, _statement_error)
    app.register_error_handler(ParseException, _unreadable)
    app.register_error_handler(NoMoreData, _unreadable)


def domain_error(error: DomainError) -> Answer:
    """Translate a refusal of the domain."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    headers, problems = {}, None
    if isinstance(error, (TooFast, Unavailable)):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, InvalidParts):
        problems = {field: [message] for field, message in error.problems.items()}
    elif isinstance(error, Invalid):
        problems = {error.field: [error.message]}
    return body(error.code, error.message, problems), status, headers


def _unreadable(_error: Exception) -> Answer:
    """A body that is not sent as HTTP wants it, which the server notices only while it is read."""
    return body("bad_request", MESSAGES[400]), 400, {}


def _integrity_error(error: IntegrityError) -> Answer:
    # A rule the services should have checked, or a race they lost: say so in the log. Not with the
    # error's own text, which shows the row.
    diagnosis = getattr(error.orig, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None)
    log.warning("database constraint refused a request", extra={"constraint": constraint})
    return body("conflict", "数据已被他人修改，请刷新后重试。"), 409, {}


def _statement_error(error: DBAPIError) -> Answer:
    """A statement the database cannot run is our mistake; its text may show what people typed."""
    if error.connection_invalidated:
        return _database_error(error)
    log.error(
        "statement failed",
        extra={
            "kind": type(error.orig).__name__,
            "sqlstate": getattr(error.orig, "sqlstate", None),
            "statement": error.statement,
        },
    )
    return body("internal_server_error", MESSAGES[500]), 500, {}


def _database_error(error: Exception) -> Answer:
    sqlstate = getattr(getattr(error, "orig", None), "sqlstate", None)
    if sqlstate in BUSY:
        log.warning("database busy", extra={"sqlstate": sqlstate})
        return body("busy", "正在办理同一事项的人较多，请稍后再试。"), 503, {"Retry-After": "2"}
    log.error("database unavailable: %s", type(error).__name__)
    return body("database_unavailable", "系统繁忙，请稍后再试。"), 503, {"Retry-After": "3"}
