"""Wire shapes of attachments."""

from typing import Any

from backend.support.attachments.models import AttachmentKind, AttachmentStatus
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.support.text_checks.schemas import CheckedStr

MOST = 9


def attachment_ids(**kwargs: Any) -> fields.Many:
    """Return the field by which something takes what was sent before; never compulsory."""
    about = {"description": "Own attachments that belong to nothing yet; voluntary"}
    return fields.Many(fields.Id(), MOST, metadata=about, **kwargs)


class AttachmentQuery(PageQuery):
    status = fields.Choice(AttachmentStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


class LinkQuery(Schema):
    expires = fields.Str(required=True)
    signature = fields.Str(required=True)


class AttachmentOut(Schema):
    id = fields.Id(required=True)
    name = CheckedStr(part="name", required=True)
    kind = fields.Choice(AttachmentKind, required=True)
    content_type = fields.Str(required=True)
    size = fields.Whole(required=True)
    status = fields.Choice(AttachmentStatus, required=True)
    created_at = fields.Moment(required=True)
    reason = CheckedStr(
        part="reason",
        required=True,
        allow_none=True,
        metadata={"description": "Why it was removed"},
    )


class AttachmentLinkOut(AttachmentOut):
    url = fields.Str(
        required=True,
        allow_none=True,
        metadata={
            "description": "Opens the file without signing in; below the API's origin when it "
            "begins with a slash; null for a removed one"
        },
    )
    url_expires_at = fields.Moment(required=True, allow_none=True)


class AttachmentCaseOut(AttachmentOut):
    """For those who review: who sent it, and to what it belongs."""

    member = fields.Part(NamedOut, required=True, allow_none=True)
    subject = fields.Str(
        required=True,
        allow_none=True,
        metadata={"description": "What it belongs to, `table:id`"},
    )
