"""Wire shapes of meetings."""

from typing import Any

from marshmallow import ValidationError, post_load, validate

from backend.meetings.models import AttendanceStatus, MeetingKind, MeetingMode, MeetingStatus
from backend.meetings.service import OnlinePlace
from miniprogram_api import fields
from miniprogram_api.attachments.schemas import AttachmentOut, attachment_ids
from miniprogram_api.http import PageQuery, Schema
from miniprogram_api.members.schemas import NamedOut
from miniprogram_api.text_checks.schemas import CheckedList, CheckedStr


class WebAddress(fields.Text):
    """An https address; nothing else is ever opened from a meeting."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(500, **kwargs)
        self.validators.append(
            validate.URL(schemes={"https"}, require_tld=True, error="链接须以 https:// 开头。")
        )


class OnlineIn(Schema):
    platform = fields.Text(30, required=True)
    url = WebAddress(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> OnlinePlace:
        return OnlinePlace(**data)


class MeetingIn(Schema):
    organization_id = fields.Id(required=True)
    kind = fields.Choice(MeetingKind, required=True)
    title = fields.Text(60, required=True)
    mode = fields.Choice(MeetingMode, required=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    agenda = fields.Many(fields.Text(200), 20, load_default=[])
    online = fields.Part(OnlineIn, load_default=None, allow_none=True)
    attachment_ids = attachment_ids(load_default=[])


class MeetingQuery(PageQuery):
    organization_id = fields.QueryInt(1)
    since = fields.Moment(data_key="from")
    until = fields.Moment(data_key="to")


class JoinIn(Schema):
    """The rotating code of the venue is optional: the recorder's list counts the same."""

    code = fields.Text(64, load_default=None, allow_none=True)


class ListIn(Schema):
    """Ids of members, each in one list at most; at closing who is in none counts as absent."""

    present = fields.Many(fields.Id(), 1000, required=True)
    excused = fields.Many(fields.Id(), 1000, load_default=[])
    absent = fields.Many(fields.Id(), 1000, load_default=[])

    @post_load
    def build(self, data: dict[str, list[int]], **_: Any) -> dict[int, AttendanceStatus]:
        """Return the status of each member; raises ValidationError for one named twice."""
        marks: dict[int, AttendanceStatus] = {}
        for status in AttendanceStatus:
            for member_id in data[status.value]:
                if member_id in marks:
                    raise ValidationError("同一人在名单中出现了两次，请核对。", status.value)
                marks[member_id] = status
        return marks


class OnlineOut(Schema):
    platform = fields.Str(required=True)
    url = fields.Str(required=True)


class MeetingOut(Schema):
    id = fields.Id(required=True)
    organization = fields.Part(NamedOut, required=True)
    kind = fields.Choice(MeetingKind, required=True)
    title = CheckedStr(required=True, part="plan")
    mode = fields.Choice(MeetingMode, required=True)
    status = fields.Choice(MeetingStatus, required=True)
    starts_at = fields.Moment(required=True)
    ends_at = fields.Moment(required=True)
    agenda = CheckedList(fields.Str(), required=True, part="plan")
    online = fields.Part(OnlineOut, required=True, allow_none=True)
    due_count = fields.Whole(required=True, allow_none=True)
    present_count = fields.Whole(required=True, allow_none=True)
    closed_at = fields.Moment(required=True, allow_none=True)
    closing_hash = fields.Str(required=True, allow_none=True)
    cancel_reason = CheckedStr(required=True, allow_none=True, part="cancel_reason")


class AttendanceOut(Schema):
    member = fields.Part(NamedOut, required=True)
    status = fields.Choice(AttendanceStatus, required=True)
    self_joined = fields.Bool(required=True)


class MeetingDetailOut(MeetingOut):
    """Names are for the recorder; a member sees the own line and no list of who is due."""

    attendance = fields.ListOf(fields.Part(AttendanceOut), required=True)
    due = fields.ListOf(fields.Part(NamedOut), required=True)
    attachments = fields.ListOf(fields.Part(AttachmentOut), required=True)
