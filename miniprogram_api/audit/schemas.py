"""Wire shapes of the audit log."""

from marshmallow.fields import Dict

from miniprogram_api import fields
from miniprogram_api.http import PageQuery, Schema


class AuditQuery(PageQuery):
    account_id = fields.QueryInt(1)
    action = fields.Code(
        r"[a-z_]{1,40}(\.[a-z_]{0,40})?",
        error="请填写操作代码，如 session.opened。",
        metadata={"description": "An action, or how several begin: `session.`"},
    )
    subject = fields.Code(r"[a-z_]{1,40}:\d{1,18}", error="请填写对象，如 member:1。")
    since = fields.Moment(data_key="from")
    until = fields.Moment(data_key="to", metadata={"description": "Not itself"})


class AuditEntryOut(Schema):
    """In codes and ids; `staff_name` is null for members, and for what comes with time."""

    id = fields.Id(required=True)
    recorded_at = fields.Moment(required=True)
    account_id = fields.Whole(required=True, allow_none=True, attribute="actor_id")
    staff_name = fields.Str(required=True, allow_none=True)
    action = fields.Str(required=True)
    subject = fields.Str(required=True)
    detail = Dict(required=True, metadata={"description": "Codes and ids, by name"})
    request_id = fields.Str(required=True, allow_none=True)
