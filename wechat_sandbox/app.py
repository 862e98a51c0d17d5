"""Puts the stand-in together."""

from flask import Flask

from wechat_sandbox import control, gate, links, login, messages, security
from wechat_sandbox.answers import Refusal, refused


def create_app() -> Flask:
    app = Flask(__name__)
    app.before_request(gate.check)
    app.register_error_handler(Refusal, refused)
    for part in (login, messages, links, security, control):
        app.register_blueprint(part.blueprint)
    return app
