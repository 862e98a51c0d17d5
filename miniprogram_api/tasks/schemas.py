"""Wire shapes of what waits for people."""

from typing import Any

import marshmallow

from backend import capabilities
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.support.attachments.schemas import AttachmentOut


def _about(about: str) -> dict[str, str]:
    return {"description": about}


class TaskQuery(PageQuery):
    kind = fields.Str(
        validate=marshmallow.validate.OneOf([task.kind.name for task in capabilities.TASKS]),
        metadata=_about("Only what waits of this kind"),
    )


class SaidOut(Schema):
    """What a step must name as whoever takes it has seen it."""

    member_id = fields.Id(required=True)


class TaskOut(Schema):
    kind = fields.Kind(required=True)
    title = fields.Str(required=True, metadata=_about("What the kind is called"))
    id = fields.Id(required=True)
    subject = fields.Str(
        required=True, attribute="as_subject", metadata=_about("What it is, `table:id`")
    )
    who = fields.Str(required=True, metadata=_about("Whom or what it is about; empty: not told"))
    lines = fields.ListOf[Any](
        fields.Str(), required=True, metadata=_about("What is to be known of it, in words")
    )
    due_on = fields.Day(required=True, allow_none=True)
    since = fields.Moment(required=True)
    can = fields.ListOf[Any](
        fields.Str(), required=True, metadata=_about("Steps open to the reader")
    )
    next_step = fields.Str(required=True, metadata=_about("The step that waits"))
    said = fields.Part(
        SaidOut,
        required=True,
        allow_none=True,
        metadata=_about("To be sent with the step that waits, as it stands here"),
    )
    attachments = fields.ListOf[Any](fields.Part(AttachmentOut), required=True)


class KindCountOut(Schema):
    kind = fields.Kind(required=True)
    title = fields.Str(required=True)
    count = fields.Whole(required=True)


class TaskCountsOut(Schema):
    total = fields.Whole(required=True)
    items = fields.ListOf[Any](fields.Part(KindCountOut), required=True)
