"""How gunicorn is set up, read as it reads it."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from gunicorn.http import wsgi  # type: ignore[import-untyped]  # ships no hints


def configured(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "gunicorn.conf.py"))


def test_it_listens_here_alone_unless_told_otherwise(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("API_BIND", raising=False)
    assert configured(root)["bind"] == "127.0.0.1:8123"

    monkeypatch.setenv("API_BIND", "0.0.0.0:9000")
    assert configured(root)["bind"] == "0.0.0.0:9000"


def test_it_does_not_say_what_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "SERVER", "gunicorn")
    configured(root)
    assert wsgi.SERVER == "web"
