"""What is given to the control plane, checked: anything that makes no sense is a 400."""

import json
import math
from typing import Any

from flask import Response, jsonify, request


class Wrong(Exception):
    """The control input makes no sense."""


def wrong(error: Wrong) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


class Given:
    """A JSON object read field by field; every reader raises Wrong and names the field."""

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise Wrong("needs a JSON object")
        self.values: dict[str, Any] = values

    def only(self, *names: str) -> None:
        """Refuse misspelt fields, which would otherwise do nothing without a word."""
        if unknown := sorted(set(self.values) - set(names)):
            raise Wrong(f"unknown: {', '.join(unknown)}; known: {', '.join(names)}")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str) or (not value and default is None):
            raise Wrong(f"{name} must be a text")
        return _encodable(name, value)

    def number(self, name: str, default: float | None, least: float, most: float) -> float:
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Wrong(f"{name} must be a number")
        if not math.isfinite(value) or not least <= value <= most:
            raise Wrong(f"{name} must lie between {least:g} and {most:g}")
        return value

    def integer(self, name: str, default: int | None, least: int, most: int) -> int:
        value = self.number(name, default, least, most)
        if value != int(value):
            raise Wrong(f"{name} must be a whole number")
        return int(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise Wrong(f"{name} must be true or false")
        return value

    def object(self, name: str) -> "Given":
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise Wrong(f"{name} must be an object")
        return Given(value)

    def objects(self, name: str) -> "list[Given]":
        return [Given(item) for item in self._list(name)]

    def texts(self, name: str) -> list[str]:
        found = self._list(name)
        if not all(isinstance(item, str) and item for item in found):
            raise Wrong(f"{name} must be a list of texts")
        return [_encodable(name, item) for item in found]

    def _list(self, name: str) -> list[Any]:
        value = self.values.get(name)
        if not isinstance(value, list):
            raise Wrong(f"{name} must be a list")
        return value


def _encodable(name: str, value: str) -> str:
    """Refuse half a surrogate pair, which JSON may hold and no answer could carry."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong(f"{name} is no proper text") from None
    return value


def given() -> Given:
    """Return the request's JSON object; an empty body is an empty object."""
    try:
        return Given(json.loads(request.get_data() or b"{}"))
    except (ValueError, RecursionError):
        raise Wrong("needs a JSON object") from None
