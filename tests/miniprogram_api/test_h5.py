"""Addresses below /m/ that no file of the app has."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core.db import Database
from backend.core.settings import Settings
from miniprogram_api import compose, h5
from miniprogram_api.app import create_app


@pytest.fixture
def browser(tmp_path: Path) -> FlaskClient:
    (tmp_path / "index.html").write_text("<title>app</title>")
    app = Flask(__name__)
    h5.serve(app, tmp_path)
    return app.test_client()


@pytest.mark.parametrize("path", ["/m/nowhere.html", "/m/assets/gone-12345678.js", "/m/a/b/"])
def test_a_wrong_address_is_answered_in_the_house_s_own_words(
    browser: FlaskClient, path: str
) -> None:
    answer = browser.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "没有找到该页面" in answer.text
    assert 'href="/"' in answer.text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_app_itself_is_answered_at_its_address(browser: FlaskClient) -> None:
    answer = browser.get("/m/")
    text = answer.text
    answer.close()  # a file of the app, which stays open until then

    assert "app" in text


def test_a_wrong_address_asks_nobody_to_sign_in_whatever_others_append_to_it(
    tmp_path: Path, database: Database, settings: Settings
) -> None:
    app = create_app(database, compose.services_for(settings, database))
    h5.serve(app, tmp_path)
    browser = app.test_client()

    for path in ("/m/nowhere.html", "/m/a/b/?from=timeline"):
        answer = browser.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "text/html"), path
