"""Only the product itself is heard below a warning."""

import io
import logging
from collections.abc import Iterator
from datetime import date

import pytest

from backend.core.logging import configure
from backend.core.settings import Settings
from backend.support.documents.page import Document, Fonts, draw

NAME = "欧阳秀兰"


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """What the process writes; the test's own handlers come back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure("DEBUG")
    written = io.StringIO()
    root.handlers[0].setStream(written)  # type: ignore[attr-defined]  # the one configure makes
    yield written
    configure("INFO")
    root.handlers[:] = before
    root.setLevel(level)


def test_drawing_a_paper_writes_nothing_of_it(heard: io.StringIO, settings: Settings) -> None:
    fonts = Fonts(settings.document_font, settings.document_font_bold)
    paper = Document(
        "回执", "BD2026AAAA", [f"{NAME}同志：已报到。"], [("姓名", NAME)], "社区党委",
        date(2026, 3, 1), [], "",
    )  # fmt: skip

    draw(fonts, paper)

    assert heard.getvalue() == ""


@pytest.mark.parametrize("library", ["fontTools.subset", "httpx", "PIL", "a.library.of.tomorrow"])
def test_libraries_are_heard_when_something_is_amiss(heard: io.StringIO, library: str) -> None:
    log = logging.getLogger(library)
    log.debug("glyph names: %s", NAME)
    log.info("glyph names: %s", NAME)
    assert heard.getvalue() == ""

    log.warning("a table is missing")
    assert "a table is missing" in heard.getvalue()


def test_our_own_are_heard(heard: io.StringIO) -> None:
    for name in ("access", "api", "jobs", "wechat", "attachments", "miniprogram_api.app"):
        logging.getLogger(name).info("of %s", name)
        assert f"of {name}" in heard.getvalue()
