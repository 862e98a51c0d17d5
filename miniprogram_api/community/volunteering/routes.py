"""Members log the services they gave; the community's secretary confirms."""

from typing import Any

from backend.community.volunteering import assisted, detail, lists, service
from backend.community.volunteering.assisted import Slip
from backend.community.volunteering.detail import RecordDetail
from backend.community.volunteering.flow import FLOW
from backend.community.volunteering.models import ServiceRecord
from backend.community.volunteering.service import Logging
from miniprogram_api import steps
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
    KEPT,
    Blueprint,
    Page,
    PageQuery,
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
def submit(said: Logging) -> ServiceRecord:
    """Log a service one gave."""
    return service.submit(session(), services().rules, actor=actor(), said=said)


@blueprint.get("")
@blueprint.arguments(ServiceRecordQuery, location="query")
@blueprint.response(200, page_of(ServiceRecordOut))
def list_records(query: dict[str, Any]) -> Page:
    """List the records of the secretary's community or the officer's area, the last first; what
    waits for one's own decision by when it was sent."""
    page, found = paging(query), lists.listed(actor(), **query)
    if query["decidable"]:
        return _page(fetch_in_order(found, ServiceRecord.submitted_at, ServiceRecord.id, **page))
    return _page(fetch_page(found, ServiceRecord.id, **page))


@blueprint.get("/<int:record_id>")
@blueprint.response(200, ServiceRecordDetailOut)
def get(record_id: int) -> RecordDetail:
    """Return one record with all it ever said, and what else there is for the same time."""
    return detail.of(session(), actor=actor(), record_id=record_id)


steps.serve(
    blueprint,
    FLOW,
    ServiceRecordOut,
    "record_id",
    [ConfirmationIn, ResubmissionIn, ServiceRecordCorrectionIn],
)


@entered.post("")
@idempotent
@entered.arguments(AssistedServiceRecordIn)
@entered.response(201, ServiceRecordOut)
def enter(said: Slip) -> ServiceRecord:
    """Enter a service from the slip of somebody without the app."""
    keys = services().crypto
    return assisted.enter(session(), services().rules, keys, actor=actor(), said=said)


@mine.get("")
@mine.arguments(PageQuery, location="query")
@mine.response(200, page_of(ServiceRecordOut))
def list_mine(query: dict[str, Any]) -> Page:
    """List the member's own records by when they happened, the latest first."""
    found = lists.own(actor())
    return _page(
        fetch_in_order(
            found,
            ServiceRecord.started_at,
            ServiceRecord.id,
            newest_first=True,
            values=KEPT,
            **query,
        )
    )


def _page(page: Page) -> Page:
    FLOW.fill(session(), actor(), page.items)
    return page
