"""Serves the desktop console at `/console/`, and leads there or to the member app from `/`."""

from pathlib import Path

from flask import Blueprint, Flask, redirect, request
from flask.typing import ResponseReturnValue

from miniprogram_api import built
from miniprogram_api.body import reads_itself

_FRONT = Path(__file__).with_name("front.html")


def serve(app: Flask, folder: Path) -> None:
    """Answer below /console/ from `folder`: its files, and its one page at every other address."""
    blueprint = Blueprint("console", __name__)
    index = folder / "index.html"

    @blueprint.get("/")
    @reads_itself
    def front() -> ResponseReturnValue:
        """Lead a phone to the app; let whoever sits at a desk choose."""
        if "Mobile" in request.headers.get("User-Agent", ""):
            return redirect("/m/")
        return built.page(_FRONT, Vary="User-Agent")

    @blueprint.get("/console/")
    @blueprint.get("/console/<path:address>")
    @reads_itself
    def page(address: str = "") -> ResponseReturnValue:
        """Give the console itself, which knows its addresses; a file that is not there is none."""
        if address.startswith("assets/") or not index.is_file():
            return built.lost()
        return built.page(index)

    app.register_blueprint(blueprint)
    built.serve(app, folder, "console")
