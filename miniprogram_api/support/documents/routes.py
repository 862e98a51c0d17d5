"""Papers by a short-lived address, and what anybody may learn by the number on one."""

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from backend.community.certificates import papers as certificates
from backend.community.registrations import receipts as registrations
from backend.community.unit_registrations import receipts as unit_registrations
from backend.support.documents.page import Document
from miniprogram_api.http import Blueprint
from miniprogram_api.support.documents import papers
from miniprogram_api.support.documents.papers import PDF, Reader
from miniprogram_api.support.documents.schemas import LinkQuery, VerifiedReceiptOut
from miniprogram_api.support.documents.verification import verified

blueprint = Blueprint("documents", __name__, description="回执与证明")
receipts = Blueprint("receipts", __name__, description="回执与证明")


def _registration_receipt(session: Session, id_: int, verify_at: str) -> Document | None:
    row = registrations.by_id(session, id_)
    return registrations.document(row, verify_at=verify_at) if row else None


def _unit_receipt(session: Session, id_: int, verify_at: str) -> Document | None:
    row = unit_registrations.by_id(session, id_)
    return unit_registrations.document(row, verify_at=verify_at) if row else None


def _certificate(session: Session, id_: int, verify_at: str) -> Document | None:
    row = certificates.by_id(session, id_)
    return certificates.document(row, verify_at=verify_at) if row else None


READERS: dict[str, Reader] = {
    "registration-receipt": _registration_receipt,
    "unit-receipt": _unit_receipt,
    "certificate": _certificate,
}


@blueprint.get("/<string:kind>/<int:document_id>")
@blueprint.arguments(LinkQuery, location="query")
@blueprint.doc(**PDF)
def read_document(query: dict[str, str], kind: str, document_id: int) -> Response:
    """Read a paper as PDF, through an address handed out before."""
    return papers.by_link(READERS, kind, document_id, **query)


@receipts.get("/<string:number>")
@receipts.response(200, VerifiedReceiptOut)
def verify_receipt(number: str) -> Any:
    """Verify a receipt of a member or a unit by its number; anybody may."""
    return verified(number, registrations.verify, unit_registrations.verify)
