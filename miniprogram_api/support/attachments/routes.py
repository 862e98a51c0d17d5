"""Files go up, are seen by those who may, and are reviewed by people where a check holds them."""

from typing import Any

import sqlalchemy as sa
from flask import Response

from backend import capabilities
from backend.flows.steps import Reason
from backend.support.attachments import queries, service
from backend.support.attachments.models import Attachment
from backend.support.attachments.service import Opened
from miniprogram_api.http import (
    Blueprint,
    Page,
    ReasonIn,
    actor,
    fetch_page,
    outside,
    page_of,
    paging,
    services,
    session,
)
from miniprogram_api.support.attachments.multipart import BODY, read_file
from miniprogram_api.support.attachments.schemas import (
    AttachmentCaseOut,
    AttachmentLinkOut,
    AttachmentOut,
    AttachmentQuery,
    LinkQuery,
)

blueprint = Blueprint("attachments", __name__, description="附件")

# A document of somebody's is shown and never run, wherever it is opened.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
BYTES = {
    "responses": {
        "200": {
            "description": "The file",
            "content": {
                "application/octet-stream": {
                    "schema": {"type": "string", "contentMediaType": "application/octet-stream"}
                }
            },
        }
    }
}


@blueprint.post("")
@blueprint.doc(requestBody=BODY)
@blueprint.response(201, AttachmentOut)
def upload() -> Attachment:
    """Send one file, as `wx.uploadFile` does; the same file again is the same attachment."""
    actor().as_member()
    name, data = outside(read_file)
    return service.upload(
        session(),
        services().store,
        actor=actor(),
        name=name,
        data=data,
        checked_by_wechat=bool(services().settings.public_base_url),
    )


@blueprint.get("")
@blueprint.arguments(AttachmentQuery, location="query")
@blueprint.response(200, page_of(AttachmentCaseOut))
def list_attachments(query: dict[str, Any]) -> Page:
    """List what one sent or reviews, the last first; what waits for one's own decision, the
    first."""
    page = paging(query) | {"newest_first": not query["decidable"]}
    return fetch_page(queries.listed(actor(), **query), Attachment.id, **page)


@blueprint.get("/<int:attachment_id>")
@blueprint.response(200, AttachmentLinkOut)
def show(attachment_id: int) -> Opened:
    """Show an attachment with an address that opens it for five minutes."""
    return service.show(
        session(),
        services().store,
        services().crypto,
        actor=actor(),
        open_subjects=_open(),
        attachment_id=attachment_id,
    )


@blueprint.get("/<int:attachment_id>/content")
@blueprint.arguments(LinkQuery, location="query")
@blueprint.doc(**BYTES)
def read_content(query: dict[str, str], attachment_id: int) -> Response:
    """Read the bytes, through an address handed out before."""
    found = service.by_link(session(), services().crypto, attachment_id=attachment_id, **query)
    parts = outside(lambda: services().store.read(found.storage_key))
    answer = Response(parts, content_type=found.content_type, headers=HEADERS)
    answer.headers["Content-Disposition"] = found.disposition
    answer.content_length = found.size
    return answer


@blueprint.delete("/<int:attachment_id>")
@blueprint.response(204)
def take_back(attachment_id: int) -> None:
    """Delete what one sent and has not used."""
    service.take_back(session(), actor=actor(), open_subjects=_open(), attachment_id=attachment_id)


@blueprint.post("/<int:attachment_id>/release")
@blueprint.response(200, AttachmentCaseOut)
def release(attachment_id: int) -> Attachment:
    """Let an image that was held be seen."""
    return service.release(
        session(), actor=actor(), open_subjects=_open(), attachment_id=attachment_id
    )


@blueprint.post("/<int:attachment_id>/removal")
@blueprint.arguments(ReasonIn)
@blueprint.response(200, AttachmentCaseOut)
def remove(said: Reason, attachment_id: int) -> Attachment:
    """Remove an image that was held, for a reason its sender reads."""
    return service.remove(
        session(),
        actor=actor(),
        open_subjects=_open(),
        attachment_id=attachment_id,
        reason=said.reason,
    )


def _open() -> sa.ColumnElement[bool]:
    return capabilities.open_files(actor())
