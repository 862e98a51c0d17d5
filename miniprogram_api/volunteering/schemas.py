"""Wire shapes of service records."""

from typing import Any

from backend.volunteering import policy
from backend.volunteering.models import RecordSource, ServiceCategory, ServiceRecordStatus
from miniprogram_api import fields
from miniprogram_api.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.attachments.schemas import AttachmentOut, attachment_ids
from miniprogram_api.http import PageQuery, Schema, actor
from miniprogram_api.members.schemas import NamedOut
from miniprogram_api.text_checks.schemas import GuardedCheckedStr


class ServiceFactsIn(Schema):
    """What was done and when; minutes are computed, never typed."""

    category = fields.Choice(ServiceCategory, required=True)
    content = fields.Text(500, required=True)
    started_at = fields.Moment(required=True)
    ended_at = fields.Moment(required=True)
    break_min = fields.Int(0, 1440, load_default=0)


class ResubmissionIn(ServiceFactsIn):
    """Without `attachment_ids` the attachments stay; with it they are replaced."""

    attachment_ids = attachment_ids(load_default=None)


class ServiceRecordIn(ServiceFactsIn):
    attachment_ids = attachment_ids(load_default=[])
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    is_volunteer_service = fields.Bool(
        load_default=False,
        metadata={"description": "Also to be kept as registered volunteer service; voluntary"},
    )


class ServiceRecordQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(ServiceRecordStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


def may_see_person(row: Any) -> bool:
    return policy.may_see_person(actor(), row)


class ServiceRecordOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(ServiceRecordStatus, required=True)
    source = fields.Choice(RecordSource, required=True)
    community = fields.Part(AreaRefOut, required=True)
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=may_see_person)
    category = fields.Choice(ServiceCategory, required=True)
    content = GuardedCheckedStr(part="content", allowed=may_see_person)
    started_at = fields.Moment(required=True)
    ended_at = fields.Moment(required=True)
    break_min = fields.Whole(required=True)
    duration_min = fields.Whole(required=True)
    is_party_service = fields.Bool(required=True)
    is_volunteer_service = fields.Bool(required=True)
    submitted_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    return_reason = GuardedCheckedStr(part="return_reason", allowed=may_see_person)
    void_reason = GuardedCheckedStr(part="void_reason", allowed=may_see_person)
    attachments = fields.GuardedList(fields.Part(AttachmentOut), allowed=may_see_person)
