"""What may come in: JSON that is JSON, strings the database can hold, nothing unknown."""

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Request
from flask.json.provider import DefaultJSONProvider
from marshmallow import RAISE
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnprocessableEntity

MALFORMED = "提交的内容不是有效的 JSON，请检查后重试。"
UNSTORABLE = "含有无法保存的字符，请删除后重试。"
DEEPEST = 20

View = TypeVar("View", bound=Callable[..., Any])


class Json(DefaultJSONProvider):
    """Chinese stays readable; NaN and Infinity, which are not JSON, are refused."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return json.loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class Parser(FlaskParser):
    """webargs' parser for Flask, refusing unknown fields in bodies and query strings alike."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, RAISE)

    def _raw_load_json(self, req: Request) -> Any:
        body = read_json(req)
        if problem := problems_of(body):
            self.refuse(problem)
        return body

    def load_querystring(self, req: Request, schema: Any) -> Any:
        names = {field.data_key or name for name, field in schema.fields.items()}
        refuse_odd_query(req, names)
        return super().load_querystring(req, schema)

    @staticmethod
    def refuse(problems: dict[str, list[str]]) -> NoReturn:
        raise unprocessable(problems)


def reads_itself(view: View) -> View:
    """Mark a view that takes the request as it comes: its query and body are its own business."""
    view.reads_itself = True  # type: ignore[attr-defined]  # a function may carry marks
    return view


def unprocessable(problems: dict[str, list[str]]) -> UnprocessableEntity:
    """Return a 422 whose answer names each field."""
    error = UnprocessableEntity()
    error.data = {"messages": problems}  # type: ignore[attr-defined]  # as webargs does
    return error


def read_json(req: Request) -> Any:
    """Return the body as JSON values, {} when there is none; raises BadRequest, too large a 413."""
    raw = req.get_data(cache=True)
    if not raw:
        return {}
    if req.content_length is None and len(raw) >= (req.max_content_length or len(raw) + 1):
        raise RequestEntityTooLarge  # one that comes in pieces is cut off there without a word
    if not req.is_json:
        raise BadRequest("请以 application/json 格式提交。")
    try:
        return Json.loads(_PROVIDER, raw)
    except (ValueError, UnicodeDecodeError):
        raise BadRequest(MALFORMED) from None


class _Provider(Json):
    def __init__(self) -> None:  # needs no application to read
        pass


_PROVIDER = _Provider()


def problems_of(body: Any) -> dict[str, list[str]]:
    """Return what no field may hold: NUL, lone surrogates, depth; by top-level field name."""
    entries = body.items() if isinstance(body, dict) else [("body", body)]
    return {
        (name if storable(name) else "body"): [UNSTORABLE]
        for name, value in entries
        if not (storable(name) and _sound(value))
    }


def _sound(value: Any) -> bool:
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > DEEPEST or (isinstance(item, str) and not storable(item)):
            return False
        if isinstance(item, dict):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            waiting += [(part, depth + 1) for part in item]
    return True


def storable(text: str) -> bool:
    """Say whether PostgreSQL holds it, which takes neither NUL nor half a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def refuse_odd_query(req: Request, known: set[str]) -> None:
    """Raise a 422 naming unknown, repeated or unstorable query parameters."""
    problems = {}
    for name, values in req.args.lists():
        if name not in known:
            problems[name if storable(name) else "query"] = ["不支持的查询参数。"]
        elif len(values) > 1:
            problems[name] = ["查询参数不能重复。"]
        elif not all(map(storable, values)):
            problems[name] = [UNSTORABLE]
    if problems:
        raise unprocessable(problems)
