"""Certificates of volunteer service: members take them, the committee revokes, anybody verifies."""

from typing import Any

from flask import Response

from backend.community.certificates import lists, service
from backend.community.certificates import papers as printed
from backend.community.certificates.flow import FLOW
from backend.community.certificates.models import ServiceCertificate
from backend.community.certificates.service import Period
from miniprogram_api import steps
from miniprogram_api.community.certificates.schemas import (
    CertificateIn,
    CertificateOut,
    CertificateQuery,
    VerifiedCertificateOut,
)
from miniprogram_api.http import (
    KEPT,
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    paging,
    session,
)
from miniprogram_api.idempotency import idempotent
from miniprogram_api.support.documents import papers
from miniprogram_api.support.documents.papers import PDF, Link
from miniprogram_api.support.documents.schemas import DocumentLinkOut
from miniprogram_api.support.documents.verification import verified

blueprint = Blueprint("certificates", __name__, description="志愿服务记录证明")
mine = Blueprint("my-certificates", __name__, description="志愿服务记录证明")


@mine.post("")
@idempotent
@mine.arguments(CertificateIn)
@mine.response(201, CertificateOut)
def issue(said: Period) -> ServiceCertificate:
    """Issue the residents' committee's certificate of the confirmed services of a period."""
    return service.issue(session(), actor=actor(), said=said)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(CertificateOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the member's own certificates."""
    return fetch_page(lists.own(actor()), ServiceCertificate.id, **query, values=KEPT)


@blueprint.get("")
@blueprint.arguments(CertificateQuery, location="query")
@blueprint.response(200, page_of(CertificateOut))
def list_certificates(query: dict[str, Any]) -> Page:
    """List the certificates of the secretary's community."""
    page = paging(query)
    return fetch_page(lists.listed(actor(), **query), ServiceCertificate.id, **page)


@blueprint.get("/<string:number>")
@blueprint.response(200, VerifiedCertificateOut)
def verify_certificate(number: str) -> Any:
    """Verify a certificate by its number; anybody may."""
    return verified(number, printed.verify)


steps.serve(blueprint, FLOW, CertificateOut, "certificate_id")


@blueprint.get("/<int:certificate_id>/document")
@blueprint.doc(**PDF)
def read_document(certificate_id: int) -> Response:
    """Read a certificate as PDF, with its number and a code to verify it."""
    certificate = printed.of(session(), actor=actor(), certificate_id=certificate_id)
    return papers.answer(printed.document(certificate, verify_at=papers.verify_at()))


@blueprint.get("/<int:certificate_id>/document-link")
@blueprint.response(200, DocumentLinkOut)
def link_document(certificate_id: int) -> Link:
    """Show an address that opens a certificate for five minutes."""
    certificate = printed.of(session(), actor=actor(), certificate_id=certificate_id)
    return papers.link("certificate", certificate.id)
