"""Papers by a short-lived address, and what anybody may learn by the number on one."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.documents.page import Document
from backend.registrations import receipts as registrations
from miniprogram_api import throttle
from miniprogram_api.documents import papers
from miniprogram_api.documents.papers import PDF, Reader
from miniprogram_api.documents.schemas import LinkQuery, ReceiptStatus, VerifiedReceiptOut
from miniprogram_api.http import Blueprint, services, session

blueprint = Blueprint("documents", __name__, description="回执与证明")
receipts = Blueprint("receipts", __name__, description="回执与证明")


def _registration_receipt(session: Session, id_: int, verify_at: str) -> Document | None:
    row = registrations.by_id(session, id_)
    return registrations.document(row, verify_at=verify_at) if row else None


READERS: dict[str, Reader] = {
    "registration-receipt": _registration_receipt,
}


@blueprint.get("/<string:kind>/<int:document_id>")
@blueprint.arguments(LinkQuery, location="query")
@blueprint.doc(**PDF)
def read_document(query: dict[str, str], kind: str, document_id: int) -> Response:
    """Read a paper as PDF, through an address handed out before."""
    return papers.by_link(READERS, kind, document_id, **query)


@receipts.get("/<string:number>")
@receipts.response(200, VerifiedReceiptOut)
def verify_receipt(number: str) -> dict[str, Any]:
    """Verify a receipt by its number; anybody may."""
    who = throttle.client()
    services().verification.check(who)
    found = registrations.verify(session(), number.strip().upper())
    if found is None:
        services().verification.miss(who)
        raise unknown_number()
    status = ReceiptStatus.ENDED if found.ended_on else ReceiptStatus.VALID
    return {
        "number": found.number,
        "status": status,
        "receiver": found.community,
        "accepted_on": found.accepted_on,
        "ended_on": found.ended_on,
    }


def unknown_number() -> NotFound:
    """The same words whatever is wrong with a number."""
    return NotFound("number_unknown", "没有查到这个编号，请核对后重新输入。")
