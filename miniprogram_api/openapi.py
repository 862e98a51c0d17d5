"""The OpenAPI document: its settings, and the answers every operation of a kind can give."""

import re
from typing import Any

from flask import Flask

from miniprogram_api.auth import PUBLIC_ENDPOINTS

CONFIG = {
    "API_TITLE": "城市基层党建",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "API_SPEC_OPTIONS": {
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    },
}

ERROR = {"$ref": "#/components/schemas/ErrorOut"}

METHODS = ("get", "post", "put", "patch", "delete")

REFUSALS = {
    400: "Malformed request",
    401: "Not signed in",
    403: "May see but not do this, or consent is missing",
    404: "Does not exist for this person",
    409: "The state forbids it",
    412: "Somebody else saved in between",
    413: "Body too large",
    422: "A field is wrong",
    428: "The version that was read must be named",
    429: "Too much asked for lately that does not exist, or sent in a day",
    503: "The database or WeChat does not answer",
}


# Where what does not exist may be asked for only so often.
THROTTLED = (
    "{number}",
    "/assisted-registrations",
    "/assisted-service-records",
    "/activities/{activity_id}/attendance",
)
# What anybody with a WeChat account may send, so many a day.
FLOODED = {("post", "/api/v1/demands")}
# What two may edit is saved over the version that was read.
VERSIONED = {("put", "/meetings/{meeting_id}/minutes")}
# There may be none yet.
PAPERS = ("/receipt", "/receipt-link", "/document", "/document-link")


def locations_of(view: Any) -> set[str]:
    """Return where an endpoint takes input from: `query`, `json`, `multipart`."""
    described = getattr(view, "_apidoc", {})
    arguments = described.get("arguments", {}).get("parameters", [])
    found = {argument["in"] for argument in arguments}
    if "requestBody" in described.get("manual_doc", {}):
        found.add("multipart")
    return found


def complete(spec: Any, app: Flask) -> None:
    """Name the refusals of each operation and mark those that need no sign-in."""
    public = _public_operations(app)
    paths = spec.to_dict()["paths"]
    for path, operations in paths.items():
        for method in METHODS:
            if method in operations:
                _complete_operation(
                    spec._paths[path][method], path, method, (path, method) in public
                )


def _complete_operation(operation: Any, path: str, method: str, public: bool) -> None:
    responses = operation["responses"]
    responses.pop("default", None)
    for status in _possible(path, method, public):
        responses.setdefault(
            str(status),
            {
                "description": REFUSALS[status],
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}
                },
            },
        )
    if public:
        operation["security"] = []


def _possible(path: str, method: str, public: bool) -> list[int]:
    statuses = {422, 503}
    if not public or "sessions" in path:
        statuses |= {401, 403}
    if (
        "{" in path
        or "demo-people" in path
        or "member-link" in path
        or "current" in path
        or "statistics" in path
    ):
        statuses.add(404)
    if method != "get":
        statuses |= {400, 409, 413}
    if path.endswith(PAPERS):
        statuses.add(409)
    if any(method == verb and path.endswith(end) for verb, end in VERSIONED):
        statuses |= {412, 428}
    if path.endswith(THROTTLED) or (method, path) in FLOODED:
        statuses.add(429)
    return sorted(statuses)


def _public_operations(app: Flask) -> set[tuple[str, str]]:
    return {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint in PUBLIC_ENDPOINTS
        for method in rule.methods or ()
    }
