"""Serves the member app's browser build at `/m/`, where `/` leads."""

import re
from pathlib import Path
from wsgiref.headers import Headers

from flask import Blueprint, Flask, redirect
from flask.typing import ResponseReturnValue
from whitenoise import WhiteNoise

from miniprogram_api.body import reads_itself

blueprint = Blueprint("h5", __name__)

# The builder names what it writes below assets/ after its content.
_NAMED_BY_CONTENT = re.compile(r"^/m/assets/.+[-.][\w-]{8}\.\w+$")

_LOST = Path(__file__).with_name("lost.html")

# The framework writes inline styles; scripts come from our own files and nothing from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)


@blueprint.get("/")
@reads_itself
def front() -> ResponseReturnValue:
    """Lead to the app."""
    return redirect("/m/")


@blueprint.get("/m/")
@blueprint.get("/m/<path:_missing>")
@reads_itself
def lost(_missing: str = "") -> ResponseReturnValue:
    """Say in the house's own words that no file lies there; WhiteNoise answers what is there."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return _LOST.read_text(encoding="utf-8"), 404, headers | {"Content-Security-Policy": POLICY}


def serve(app: Flask, folder: Path) -> None:
    """Answer below /m/ from `folder`, with the compressed copies that lie beside the files."""
    app.register_blueprint(blueprint)
    if folder.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=folder,
            prefix="m/",
            index_file=True,
            max_age=0,
            allow_all_origins=False,
            immutable_file_test=_NAMED_BY_CONTENT.pattern,
            add_headers_function=_secure,
        )


def _secure(headers: Headers, _path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if url.endswith(("/", ".html")):
        headers["Content-Security-Policy"] = POLICY
