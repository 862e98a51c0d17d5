"""What every answer says to a browser, and what is answered to broken HTTP."""

from typing import Any

import pytest
from gunicorn.http.errors import (  # type: ignore[import-untyped]  # ships no hints
    InvalidChunkSize,
    NoMoreData,
)

from miniprogram_api.app import MiniProgramApi


@pytest.mark.parametrize("path", ["/live", "/api/docs/", "/api/v1/about", "/nowhere"])
def test_no_answer_is_guessed_at(app: MiniProgramApi, path: str) -> None:
    assert app.test_client().get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_of_the_api_runs_nothing_of_its_own(app: MiniProgramApi) -> None:
    client = app.test_client()
    page = client.get("/api/docs/")

    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.get_data(as_text=True)
    assert "SwaggerUIBundle" in client.get("/api/docs/start.js").get_data(as_text=True)


@pytest.mark.parametrize("failure", [InvalidChunkSize(b"zz"), NoMoreData(b"")])
def test_a_body_sent_wrongly_is_the_sender_s_mistake(
    app: MiniProgramApi, failure: Exception
) -> None:
    class Body:
        def read(self, *_: Any) -> bytes:
            raise failure

    answer = app.test_client().post(
        "/api/v1/sessions",
        environ_overrides={"wsgi.input": Body(), "wsgi.input_terminated": True},
        content_type="application/json",
    )
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")
