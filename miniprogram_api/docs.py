"""The page for people who read APIs. Script and style come from our own host, from a package."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, send_from_directory
from flask.typing import ResponseReturnValue

blueprint = Blueprint("docs", __name__)

ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>接口文档</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="icon" href="/api/docs/favicon-32x32.png">
</head>
<body>
<div id="page"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""

START = """\
SwaggerUIBundle({
  url: "/api/v1/openapi.json", dom_id: "#page", validatorUrl: null, deepLinking: true
});
"""

# Nothing may be fetched from elsewhere, even if the library would.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show the API document."""
    return Response(PAGE, headers={"Content-Security-Policy": POLICY})


@blueprint.get("/start.js")
def start() -> ResponseReturnValue:
    """Serve what shows the document on the page."""
    return Response(START, mimetype="text/javascript")


@blueprint.get("/<path:name>")
def asset(name: str) -> ResponseReturnValue:
    """Serve the library's own files."""
    return send_from_directory(ASSETS, name, max_age=3600)
