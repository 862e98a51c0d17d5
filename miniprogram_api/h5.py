"""Serves the member app's browser build at `/m/`."""

from pathlib import Path

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from miniprogram_api import built
from miniprogram_api.body import reads_itself

blueprint = Blueprint("h5", __name__)


@blueprint.get("/m/")
@blueprint.get("/m/<path:_missing>")
@reads_itself
def lost(_missing: str = "") -> ResponseReturnValue:
    """Say in the house's own words that no file lies there; WhiteNoise answers what is there."""
    return built.lost()


def serve(app: Flask, folder: Path) -> None:
    """Answer below /m/ from `folder`."""
    app.register_blueprint(blueprint)
    built.serve(app, folder, "m")
