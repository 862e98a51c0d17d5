"""Members log the services they gave; the community's secretary confirms."""

from typing import Any

from backend.community.volunteering import assisted, corrections, detail, queries, service
from backend.community.volunteering.detail import RecordDetail
from backend.community.volunteering.models import ServiceRecord
from backend.support.attachments import queries as attachments
from miniprogram_api.community.volunteering.schemas import (
    AssistedServiceRecordIn,
    ConfirmationIn,
    ResubmissionIn,
    ServiceRecordCorrectionIn,
    ServiceRecordDetailOut,
    ServiceRecordIn,
    ServiceRecordOut,
    ServiceRecordQuery,
)
from miniprogram_api.http import (
    Blueprint,
    Page,
    PageQuery,
    ReasonIn,
    actor,
    fetch_in_order,
    fetch_page,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.idempotency import idempotent

blueprint = Blueprint("service-records", __name__, description="志愿服务")
entered = Blueprint("assisted-service-records", __name__, description="志愿服务")
mine = Blueprint("my-service-records", __name__, description="志愿服务")


@blueprint.post("")
@idempotent
@blueprint.arguments(ServiceRecordIn)
@blueprint.response(201, ServiceRecordOut)
def submit(body: dict[str, Any]) -> ServiceRecord:
    """Log a service one gave."""
    return _shown(service.submit(session(), services().rules, actor=actor(), **body))


@blueprint.get("")
@blueprint.arguments(ServiceRecordQuery, location="query")
@blueprint.response(200, page_of(ServiceRecordOut))
def list_records(query: dict[str, Any]) -> Page:
    """List the records of the secretary's community or the officer's area, the last first; what
    waits for one's own decision by when it was sent."""
    page, found = paging(query), queries.listed(actor(), **query)
    if query["decidable"]:
        return _page(fetch_in_order(found, ServiceRecord.submitted_at, ServiceRecord.id, **page))
    return _page(fetch_page(found, ServiceRecord.id, **page))


@blueprint.get("/<int:record_id>")
@blueprint.response(200, ServiceRecordDetailOut)
def get(record_id: int) -> RecordDetail:
    """Return one record with all it ever said, and what else there is for the same time."""
    found = detail.of(session(), actor=actor(), record_id=record_id)
    attachments.fill(session(), actor(), [found.record])
    return found


@blueprint.post("/<int:record_id>/resubmission")
@blueprint.arguments(ResubmissionIn)
@blueprint.response(200, ServiceRecordOut)
def resubmit(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Send a returned record again, corrected."""
    rules = services().rules
    return _shown(service.resubmit(session(), rules, actor=actor(), record_id=record_id, **body))


@blueprint.post("/<int:record_id>/withdrawal")
@blueprint.response(200, ServiceRecordOut)
def withdraw(record_id: int) -> ServiceRecord:
    """Take a record back before it is confirmed."""
    return _shown(service.withdraw(session(), actor=actor(), record_id=record_id))


@blueprint.post("/<int:record_id>/confirmation")
@blueprint.arguments(ConfirmationIn)
@blueprint.response(200, ServiceRecordOut)
def confirm(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Confirm a record, which counts it in the ledger."""
    rules = services().rules
    return _shown(service.confirm(session(), rules, actor=actor(), record_id=record_id, **body))


@blueprint.post("/<int:record_id>/return")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ServiceRecordOut)
def send_back(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Return a record for correction."""
    return _shown(service.send_back(session(), actor=actor(), record_id=record_id, **body))


@blueprint.post("/<int:record_id>/voiding")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ServiceRecordOut)
def void(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Void a confirmed record, which takes it out of the ledger."""
    return _shown(
        service.void(session(), services().rules, actor=actor(), record_id=record_id, **body)
    )


@blueprint.post("/<int:record_id>/dispute")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ServiceRecordOut)
def dispute(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Contest a record of one's own."""
    return _shown(corrections.dispute(session(), actor=actor(), record_id=record_id, **body))


@blueprint.post("/<int:record_id>/dispute-withdrawal")
@blueprint.response(200, ServiceRecordOut)
def drop_dispute(record_id: int) -> ServiceRecord:
    """Take a dispute back."""
    return _shown(corrections.drop_dispute(session(), actor=actor(), record_id=record_id))


@blueprint.post("/<int:record_id>/upholding")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, ServiceRecordOut)
def uphold(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Stand by a disputed record and say why."""
    return _shown(corrections.uphold(session(), actor=actor(), record_id=record_id, **body))


@blueprint.post("/<int:record_id>/correction")
@blueprint.arguments(ServiceRecordCorrectionIn)
@blueprint.response(200, ServiceRecordOut)
def correct(body: dict[str, Any], record_id: int) -> ServiceRecord:
    """Correct a record; what it said before is kept."""
    rules = services().rules
    return _shown(corrections.correct(session(), rules, actor=actor(), record_id=record_id, **body))


@entered.post("")
@idempotent
@entered.arguments(AssistedServiceRecordIn)
@entered.response(201, ServiceRecordOut)
def enter(body: dict[str, Any]) -> ServiceRecord:
    """Enter a service from the slip of somebody without the app."""
    keys = services().crypto
    return _shown(assisted.enter(session(), services().rules, keys, actor=actor(), **body))


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(ServiceRecordOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the member's own records by when they happened, the latest first."""
    found = queries.of_member(actor().as_member())
    return _page(
        fetch_in_order(
            found, ServiceRecord.started_at, ServiceRecord.id, newest_first=True, **query
        )
    )


def _shown(record: ServiceRecord) -> ServiceRecord:
    attachments.fill(session(), actor(), [record])
    return record


def _page(page: Page) -> Page:
    attachments.fill(session(), actor(), page.items)
    return page
