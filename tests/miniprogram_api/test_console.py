"""The desktop console's addresses, and where `/` leads."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend.core.db import Database
from backend.core.settings import Settings
from miniprogram_api import compose, console
from miniprogram_api.app import create_app

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/109.0.0.0"


@pytest.fixture
def browser(tmp_path: Path, database: Database, settings: Settings) -> FlaskClient:
    (tmp_path / "index.html").write_text("<title>desk</title>")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-12345678.js").write_text("1")
    app = create_app(database, compose.services_for(settings, database))
    console.serve(app, tmp_path)
    return app.test_client()


@pytest.mark.parametrize("path", ["/console/", "/console/organizations/3", "/console/sign-in"])
def test_every_address_of_the_console_is_its_one_page(browser: FlaskClient, path: str) -> None:
    answer = browser.get(path)
    text = answer.text
    answer.close()

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "desk" in text
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_what_is_named_by_its_content_may_be_kept(browser: FlaskClient) -> None:
    answer = browser.get("/console/assets/main-12345678.js")
    answer.close()

    assert "immutable" in answer.headers["Cache-Control"]


def test_a_part_of_an_older_release_is_not_the_page(browser: FlaskClient) -> None:
    answer = browser.get("/console/assets/main-00000000.js")

    assert answer.status_code == 404
    assert "没有找到该页面" in answer.text


def test_a_phone_is_led_to_the_app_and_a_desk_may_choose(browser: FlaskClient) -> None:
    assert browser.get("/", headers={"User-Agent": PHONE}).headers["Location"] == "/m/"

    answer = browser.get("/?from=elsewhere", headers={"User-Agent": DESK})
    assert answer.status_code == 200
    assert 'href="/console/"' in answer.text
    assert answer.headers["Vary"] == "User-Agent"


def test_without_a_console_its_address_is_answered_in_our_own_words(
    tmp_path: Path, database: Database, settings: Settings
) -> None:
    app = create_app(database, compose.services_for(settings, database))
    console.serve(app, tmp_path / "nowhere")

    answer = app.test_client().get("/console/")
    assert (answer.status_code, "没有找到该页面" in answer.text) == (404, True)
