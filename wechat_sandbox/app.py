"""Puts the stand-in together."""

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, NotFound

from wechat_sandbox import (
    control,
    control_push,
    customer_service,
    gate,
    links,
    login,
    messages,
    phone,
    quotas,
    security,
    tokens,
    wxacode,
)
from wechat_sandbox.answers import Refusal, refused
from wechat_sandbox.inputs import Wrong, wrong

ENDPOINTS = (tokens, login, phone, messages, customer_service, wxacode, links, security, quotas)


def create_app() -> Flask:
    app = Flask(__name__)
    app.before_request(gate.check)
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(Wrong, wrong)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(NotFound, _unknown_path)
    app.register_error_handler(MethodNotAllowed, _wrong_method)
    for part in (*ENDPOINTS, control, control_push):
        app.register_blueprint(part.blueprint)
    return app


def _too_deep(_error: RecursionError) -> tuple[Response, int] | Response:
    if request.path.startswith("/_ctl/"):
        return wrong(Wrong("nested too deeply"))
    return refused(Refusal(47001))


def _unknown_path(_error: NotFound) -> tuple[Response, int] | Response:
    if request.path.startswith("/_ctl/"):
        return wrong(Wrong("no such control"))
    return refused(Refusal(40066))


def _wrong_method(_error: MethodNotAllowed) -> tuple[Response, int] | Response:
    if request.path.startswith("/_ctl/"):
        return wrong(Wrong("wrong method: POST to act, GET for the state"))
    return refused(Refusal(43001 if request.method == "POST" else 43002))
