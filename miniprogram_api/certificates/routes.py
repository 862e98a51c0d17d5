"""Members ask for certificates of their service; the committee issues; anybody verifies."""

from typing import Any

from flask import Response

from backend.certificates import papers as printed
from backend.certificates import queries, service
from backend.certificates.models import ServiceCertificate
from miniprogram_api.certificates.schemas import (
    CertificateIn,
    CertificateOut,
    CertificateQuery,
    VerifiedCertificateOut,
)
from miniprogram_api.documents import papers
from miniprogram_api.documents.papers import PDF, Link
from miniprogram_api.documents.schemas import DocumentLinkOut
from miniprogram_api.documents.verification import verified
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    ReasonIn,
    actor,
    fetch_page,
    page_of,
    paging,
    session,
)
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("certificates", __name__, description="志愿服务记录证明")
mine = Blueprint("my-certificates", __name__, description="志愿服务记录证明")


@mine.post("")
@idempotent
@mine.arguments(CertificateIn)
@mine.response(201, CertificateOut)
def request_certificate(body: dict[str, Any]) -> ServiceCertificate:
    """Ask the residents' committee to certify the confirmed services of a period."""
    return service.request(session(), actor=actor(), **body)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(CertificateOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the member's own certificates."""
    own = queries.of_member(actor().as_member())
    return fetch_page(own, ServiceCertificate.id, **query)


@blueprint.get("")
@blueprint.arguments(CertificateQuery, location="query")
@blueprint.response(200, page_of(CertificateOut))
def list_certificates(query: dict[str, Any]) -> Page:
    """List the certificates of the secretary's community."""
    page = paging(query)
    return fetch_page(queries.listed(actor(), **query), ServiceCertificate.id, **page)


@blueprint.get("/<string:number>")
@blueprint.response(200, VerifiedCertificateOut)
def verify_certificate(number: str) -> Any:
    """Verify a certificate by its number; anybody may."""
    return verified(number, printed.verify)


@blueprint.post("/<int:certificate_id>/issuance")
@blueprint.response(200, CertificateOut)
def issue(certificate_id: int) -> ServiceCertificate:
    """Issue a certificate in the name of the residents' committee."""
    return service.issue(session(), actor=actor(), certificate_id=certificate_id)


@blueprint.post("/<int:certificate_id>/declining")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, CertificateOut)
def decline(body: dict[str, Any], certificate_id: int) -> ServiceCertificate:
    """Decline to issue a certificate."""
    return service.decline(session(), actor=actor(), certificate_id=certificate_id, **body)


@blueprint.post("/<int:certificate_id>/revocation")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, CertificateOut)
def revoke(body: dict[str, Any], certificate_id: int) -> ServiceCertificate:
    """Revoke an issued certificate; its number says so from now on."""
    return service.revoke(session(), actor=actor(), certificate_id=certificate_id, **body)


@blueprint.post("/<int:certificate_id>/withdrawal")
@blueprint.response(200, CertificateOut)
def withdraw(certificate_id: int) -> ServiceCertificate:
    """Take a request back before it is decided."""
    return service.withdraw(session(), actor=actor(), certificate_id=certificate_id)


@blueprint.get("/<int:certificate_id>/document")
@blueprint.doc(**PDF)
def read_document(certificate_id: int) -> Response:
    """Read an issued certificate as PDF, with its number and a code to verify it."""
    certificate = printed.of(session(), actor=actor(), certificate_id=certificate_id)
    return papers.answer(printed.document(certificate, verify_at=papers.verify_at()))


@blueprint.get("/<int:certificate_id>/document-link")
@blueprint.response(200, DocumentLinkOut)
def link_document(certificate_id: int) -> Link:
    """Show an address that opens an issued certificate for five minutes."""
    certificate = printed.of(session(), actor=actor(), certificate_id=certificate_id)
    return papers.link("certificate", certificate.id)
