"""Exemptions from attending, and who has long been at no meeting: the branch secretary's."""

from typing import Any

from backend.branch_life.absences import alerts
from backend.branch_life.meetings.exemptions import service as exemptions
from backend.branch_life.meetings.exemptions.models import AttendanceExemption
from backend.branch_life.meetings.exemptions.service import Exempting
from miniprogram_api.branch_life.absences.schemas import ExemptionIn, ExemptionOut, GapOut
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    actor,
    fetch_page,
    page_of,
    session,
    slice_page,
)

of_branches = Blueprint("absences", __name__, description="免予要求和未参加组织生活提醒")
blueprint = Blueprint("attendance-exemptions", __name__, description="免予要求")


@of_branches.get("/<int:organization_id>/attendance-exemptions")
@of_branches.arguments(PageQuery, location="query")
@of_branches.response(200, page_of(ExemptionOut))
def list_exemptions(query: dict[str, Any], organization_id: int) -> Page:
    """List who of the own branch is or was exempt from attending, newest first."""
    return fetch_page(exemptions.listed(actor(), organization_id), AttendanceExemption.id, **query)


@of_branches.post("/<int:organization_id>/attendance-exemptions")
@of_branches.arguments(ExemptionIn)
@of_branches.response(201, ExemptionOut)
def exempt(said: Exempting, organization_id: int) -> AttendanceExemption:
    """Exempt a member of the own branch for a term; terms of a member never overlap."""
    return exemptions.exempt(session(), actor=actor(), organization_id=organization_id, said=said)


@of_branches.get("/<int:organization_id>/absence-alerts")
@of_branches.arguments(PageQuery, location="query")
@of_branches.response(200, page_of(GapOut))
def list_alerts(query: dict[str, Any], organization_id: int) -> Page:
    """List who of the own branch has been at no meeting for three months or longer."""
    found = alerts.of_branch(session(), actor=actor(), organization_id=organization_id)
    return slice_page(found, **query)


@blueprint.post("/<int:exemption_id>/ending")
@blueprint.response(200, ExemptionOut)
def end(exemption_id: int) -> AttendanceExemption:
    """End an exemption today."""
    return exemptions.end(session(), actor=actor(), exemption_id=exemption_id)
