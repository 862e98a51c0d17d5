"""Serves what a front end's builder wrote, with the compressed copies that lie beside the files."""

import re
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from flask.typing import ResponseReturnValue
from whitenoise import WhiteNoise

# The frameworks write inline styles; scripts come from our own files and nothing from elsewhere.
_LOST = Path(__file__).with_name("lost.html")
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def page(file: Path, status: int = 200, **headers: str) -> ResponseReturnValue:
    """Answer with a page of ours, which may change with each release."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    text = file.read_text(encoding="utf-8")
    return text, status, _PAGE | {"Cache-Control": "no-store"} | said


def lost() -> ResponseReturnValue:
    """Say in the house's own words that nothing lies there."""
    return page(_LOST, 404)


def serve(app: Flask, folder: Path, prefix: str) -> None:
    """Answer below /`prefix`/ from `folder`, where it is there; the builders name what they write
    below assets/ after its content."""
    if folder.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=folder,
            prefix=f"{prefix}/",
            index_file=True,
            max_age=0,
            allow_all_origins=False,
            immutable_file_test=rf"^/{re.escape(prefix)}/assets/.+[-.][\w-]{{8}}\.\w+$",
            add_headers_function=_secure,
        )


def _secure(headers: Headers, _path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if url.endswith(("/", ".html")):
        headers["Content-Security-Policy"] = POLICY
