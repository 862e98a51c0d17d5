"""The audit administrator reads the log; nobody else does, and nobody changes it."""

from typing import Any

from backend.audit.models import AuditEntry
from backend.figures import audit_log
from backend.figures.audit_log import Wanted
from miniprogram_api.audit.schemas import AuditEntryOut, AuditQuery
from miniprogram_api.http import Blueprint, Page, actor, fetch_page, page_of, paging

blueprint = Blueprint("audit-entries", __name__, description="审计日志")


@blueprint.get("")
@blueprint.arguments(AuditQuery, location="query")
@blueprint.response(200, page_of(AuditEntryOut))
def list_entries(query: dict[str, Any]) -> Page:
    """List who did what, the last first."""
    page = paging(query)
    return fetch_page(audit_log.listed(actor(), Wanted(**query)), AuditEntry.id, **page)
