"""Builds the WSGI application the mini-program talks to."""

from typing import Any

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter

import backend.models  # noqa: F401  # every model must be mapped before the first query
from backend import capabilities
from backend.core.db import Database
from backend.core.errors import DomainError
from miniprogram_api import cli, docs, health, openapi, request_log
from miniprogram_api.auth import authenticate
from miniprogram_api.blueprints import BLUEPRINTS
from miniprogram_api.body import Json, read_json, refuse_odd_query, unprocessable
from miniprogram_api.errors import JsonApi, domain_error, register_error_handlers
from miniprogram_api.fields import BIGINT
from miniprogram_api.http import Services
from miniprogram_api.wechat import routes as wechat

LONGEST = len(str(BIGINT))


class IdConverter(IntegerConverter):
    """An id in a path: what no bigint holds becomes 0, which names nothing: a 404."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min": 1, "max": BIGINT} | kwargs)

    def to_python(self, value: str) -> int:
        # Not the ValidationError of the base: where an address has two methods, the second one's
        # makes the router answer 405. Other scripts have digits, too; Python reads only so many.
        number = int(value) if value.isascii() and len(value) <= LONGEST else 0
        return number if 1 <= number <= BIGINT else 0


class MiniProgramApi(Flask):
    """A Flask application in which one request is one database transaction."""

    json_provider_class = Json
    database: Database

    def dispatch_request(self) -> ResponseReturnValue:
        # The commit comes before the answer is sent: no 201 for a row that was refused.
        with self.database.transaction() as g.session:
            g.actor = authenticate(g.session)
            self._refuse_what_nobody_reads()
            try:
                return super().dispatch_request()
            except DomainError as refusal:
                if not refusal.keeps:
                    raise
                return domain_error(refusal)

    def _refuse_what_nobody_reads(self) -> None:
        """Refuse query parameters and bodies on endpoints that take none."""
        if request.endpoint is None:
            return  # no such address or method: that is the answer
        view = self.view_functions.get(request.endpoint)
        if getattr(view, "reads_itself", False):
            return
        taken = openapi.locations_of(view)
        if "query" not in taken:
            refuse_odd_query(request, set())
        if not taken & {"json", "multipart"} and request.method not in {"GET", "HEAD", "OPTIONS"}:
            given = read_json(request)
            if given != {}:
                names = given if isinstance(given, dict) else ["body"]
                raise unprocessable({name: ["不支持的字段。"] for name in names})


def create_app(database: Database, services: Services) -> MiniProgramApi:
    capabilities.check()
    app = MiniProgramApi(__name__, static_folder=None)
    app.database = database
    app.extensions["party"] = services
    app.url_map.converters["int"] = IdConverter
    app.config.update(openapi.CONFIG, MAX_CONTENT_LENGTH=1024 * 1024)
    request_log.register(app)
    register_error_handlers(app)
    api = JsonApi(app)
    for blueprint, prefix in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=f"/api/v1{prefix}")
    openapi.complete(api.spec, app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(wechat.blueprint, url_prefix="/wechat")
    app.register_blueprint(docs.blueprint, url_prefix="/api/docs")
    cli.register(app)
    return app
