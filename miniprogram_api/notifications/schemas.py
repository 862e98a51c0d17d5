"""Wire shapes of the inbox."""

from backend.notifications.models import NotificationKind
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema


class InboxQuery(PageQuery):
    unread = fields.QueryBool(load_default=None)


class NotificationOut(Schema):
    id = fields.Id(required=True)
    kind = fields.Choice(NotificationKind, required=True)
    title = fields.Str(required=True)
    body = fields.Str(required=True)
    subject = fields.Str(required=True, metadata={"description": "What it is about, `table:id`"})
    created_at = fields.Moment(required=True)
    read_at = fields.Moment(required=True, allow_none=True)
