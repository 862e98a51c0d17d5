"""Hands out papers: drawn while no connection is held, or by an address that holds for minutes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, g, request
from sqlalchemy.orm import Session

from backend.core import clock, links
from backend.core.errors import NotFound, Unavailable
from backend.core.places import NoPlace, Places
from backend.core.settings import Environment
from backend.support.documents.page import Document, Fonts, draw
from miniprogram_api.http import outside, services, session
from miniprogram_api.throttle import client

log = logging.getLogger("api")

LASTS = timedelta(minutes=5)
PURPOSE = "document.link"
# Where the app verifies numbers, below the public origin.
VERIFY = "/m/#/documents/verify"
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
PDF = {
    "responses": {
        "200": {
            "description": "The paper",
            "content": {
                "application/pdf": {
                    "schema": {"type": "string", "contentMediaType": "application/pdf"}
                }
            },
        }
    }
}

# Of a process: two at once, one for one asker, and some who wait.
PLACES = Places(total=2, each=1, in_line=6, patience=5)

# Reads the paper of one kind by the id of its row; None when there is none.
Reader = Callable[[Session, int, str], Document | None]


@dataclass(frozen=True)
class Link:
    url: str
    url_expires_at: datetime


def link(kind: str, id_: int) -> Link:
    """Return an address below the API's origin that opens one paper without signing in."""
    expires_at = clock.now() + LASTS
    query = links.query(services().crypto, f"{kind}:{id_}", expires_at, purpose=PURPOSE)
    return Link(f"/api/v1/documents/{kind}/{id_}?{query}", expires_at)


def by_link(
    readers: dict[str, Reader], kind: str, id_: int, *, expires: str, signature: str
) -> Response:
    """Answer with what an address of `link` opens. Raises NotFound, whatever is wrong with it."""
    opened = links.opens(
        services().crypto, f"{kind}:{id_}", expires=expires, signature=signature, purpose=PURPOSE
    )
    document = readers[kind](session(), id_, verify_at()) if opened and kind in readers else None
    if document is None:
        raise NotFound("document_not_found", "文件地址已失效，请回到应用中重新打开。")
    return answer(document)


def answer(document: Document) -> Response:
    """Answer with the paper as PDF, to be kept under its number."""
    fonts = Fonts(services().settings.document_font, services().settings.document_font_bold)
    if not fonts.are_there:
        log.error("DOCUMENT_FONT or DOCUMENT_FONT_BOLD names no file: no paper can be drawn")
        raise Unavailable("documents_unavailable", "暂时无法生成文件，请稍后再试。")
    drawn = Response(
        outside(lambda: _drawn(fonts, document)), content_type="application/pdf", headers=HEADERS
    )
    drawn.headers["Content-Disposition"] = f'attachment; filename="{document.number}.pdf"'
    return drawn


def _drawn(fonts: Fonts, document: Document) -> bytes:
    """Draw when there is a place: drawing takes a processor for a good part of a second."""
    asker = str(g.actor.account_id) if g.actor else client()
    try:
        with PLACES.one(asker):
            return draw(fonts, document)
    except NoPlace:
        raise Unavailable(
            "documents_busy", "正在生成的文件较多，请稍后再试。", retry_after_seconds=3
        ) from None


def verify_at() -> str:
    """Return the page on which numbers are verified; empty where nobody could reach it.

    Only a rehearsal believes the address it was asked under: any client can write that.
    """
    origin = services().settings.public_base_url
    if not origin and services().settings.app_env is not Environment.PRODUCTION:
        origin = request.host_url.rstrip("/")
    return f"{origin}{VERIFY}" if origin else ""
