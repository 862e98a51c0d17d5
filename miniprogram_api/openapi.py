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
    408: "Sent too slowly",
    409: "The state forbids it",
    412: "Somebody else saved in between",
    413: "Body too large",
    422: "A field is wrong",
    428: "The version that was read must be named",
    429: "Too much asked for lately that does not exist, or sent in a day",
    503: "The database or WeChat does not answer",
}


# What may be tried, or sent by anybody with a WeChat account, only so often.
THROTTLED = {
    ("get", "/certificates/{number}"),
    ("get", "/receipts/{number}"),
    ("post", "/sessions"),
    ("post", "/demo-staff/{code}/session"),
    ("post", "/console-logins"),
    ("get", "/console-logins/{scan_code}/request"),
    ("post", "/console-logins/{scan_code}/approval"),
    ("post", "/console-logins/{scan_code}/refusal"),
    ("post", "/staff-sessions"),
    ("post", "/staff-enrolments"),
    ("post", "/me/reauthentication"),
    ("post", "/me/member-link"),
    ("post", "/appointments"),
    ("post", "/assisted-registrations"),
    ("post", "/assisted-service-records"),
    ("put", "/activities/{activity_id}/attendance"),
    ("post", "/activities/{activity_id}/check-ins"),
    ("post", "/meetings/{meeting_id}/attendance"),
    ("post", "/demands"),
    ("post", "/imports"),
}
# Where the body names what may not be there for this person.
NAMING = {
    ("post", "/appointments"),
    ("post", "/assisted-registrations"),
    ("post", "/assisted-service-records"),
    ("get", "/imports/template"),
    ("post", "/me/member-link"),
    ("post", "/meetings"),
    ("post", "/meetings/preview"),
    ("post", "/meetings/series"),
    ("post", "/projects"),
}
# What stands already is answered as it is.
REPEATED = ("/exclusions", "/meetings/{meeting_id}/leave-requests")
# What two may edit is saved over the version that was read.
VERSIONED = {
    ("put", "/meetings/{meeting_id}/minutes"),
    ("put", "/register-entries/{entry_id}"),
}
# There may be none yet, or no longer.
PAPERS = ("/receipt", "/receipt-link", "/document", "/document-link", "/check-in-code")


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
    _repeat(operation, path, method)
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
    statuses, step = {408, 422, 503}, (method, path.removeprefix("/api/v1"))
    if not public or "sessions" in path or "enrolments" in path or "console-logins" in path:
        statuses |= {401, 403}
    if (
        "{" in path
        or step in NAMING
        or "/demo-" in path
        or "current" in path
        or "statistics" in path
    ):
        statuses.add(404)
    if method != "get":
        statuses |= {400, 409, 413}
    if path.endswith(PAPERS):
        statuses.add(409)
    if step in VERSIONED:
        statuses |= {412, 428}
    if step in THROTTLED:
        statuses.add(429)
    return sorted(statuses)


def _repeat(operation: Any, path: str, method: str) -> None:
    """Name the 200 of what answers 201 only the first time."""
    if method == "post" and path.endswith(REPEATED):
        operation["responses"]["200"] = operation["responses"]["201"]


def _public_operations(app: Flask) -> set[tuple[str, str]]:
    return {
        (re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint in PUBLIC_ENDPOINTS
        for method in rule.methods or ()
    }
