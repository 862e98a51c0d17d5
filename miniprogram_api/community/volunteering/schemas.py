"""Wire shapes of service records."""

from typing import Any

from marshmallow import post_load

from backend.community.volunteering.assisted import Slip
from backend.community.volunteering.corrections import Correcting
from backend.community.volunteering.facts import Facts
from backend.community.volunteering.flow import FLOW, Confirming, Sending
from backend.community.volunteering.models import RecordSource, ServiceCategory, ServiceRecordStatus
from backend.community.volunteering.policy import READER
from backend.community.volunteering.service import Logging
from backend.people.members.models import Channel
from miniprogram_api import fields
from miniprogram_api.http import PageQuery, ReasonIn, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut, SlipIn
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.attachments.schemas import AttachmentOut, attachment_ids
from miniprogram_api.support.text_checks.schemas import GuardedCheckedStr


def hours_of_minutes() -> fields.Str:
    about = {"description": "Hours to a tenth, rounded down"}
    return fields.Str(required=True, metadata=about)


def late_reason() -> fields.Text:
    description = "Needed where the back-entry window of the period is over; the street's alone"
    return fields.Text(
        200, load_default=None, allow_none=True, metadata={"description": description}
    )


class ServiceFactsIn(Schema):
    """What was done and when; minutes are computed, never typed."""

    category = fields.Choice(ServiceCategory, required=True)
    content = fields.Text(500, required=True)
    started_at = fields.Moment(required=True)
    ended_at = fields.Moment(required=True)
    break_min = fields.Int(0, 1440, load_default=0)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        facts = Facts(**{name: data.pop(name) for name in Facts.__dataclass_fields__})
        return super().build(data | {"facts": facts})


def kept_break() -> fields.Int:
    return fields.Int(
        0,
        1440,
        load_default=None,
        allow_none=True,
        metadata={"description": "Left out: the break that stands stays"},
    )


class ResubmissionIn(ServiceFactsIn):
    """Without `attachment_ids` the attachments stay; with it they are replaced."""

    makes = Sending
    break_min = kept_break()
    attachment_ids = attachment_ids(load_default=None)


class ServiceRecordIn(ServiceFactsIn):
    makes = Logging
    attachment_ids = attachment_ids(load_default=[])
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    is_party_service = fields.Bool(
        load_default=True,
        metadata={"description": "Counts for the yearly duty; at least one of the two is true"},
    )
    is_volunteer_service = fields.Bool(
        load_default=False,
        metadata={"description": "Also to be kept as registered volunteer service; voluntary"},
    )


class ServiceRecordCorrectionIn(ServiceFactsIn, ReasonIn):
    """The record as it should have been, and why it is corrected."""

    makes = Correcting
    break_min = kept_break()


class AssistedServiceRecordIn(ServiceFactsIn, SlipIn):
    """What a signed slip says of a service."""

    makes = Slip
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    late_reason = late_reason()


class ConfirmationIn(Schema):
    makes = Confirming
    late_reason = late_reason()


class ServiceRecordQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(ServiceRecordStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )
    q = fields.Query(30, metadata={"description": "Part of a member's name, or how it reads"})


class ServiceRecordOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(ServiceRecordStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    source = fields.Choice(RecordSource, required=True)
    channel = fields.Choice(Channel, required=True)
    slip_no = fields.GuardedStr(allowed=READER.stands)
    community = fields.Part(AreaRefOut, required=True)
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=READER.stands)
    category = fields.Choice(ServiceCategory, required=True)
    content = GuardedCheckedStr(part="content", allowed=READER.stands)
    started_at = fields.Moment(required=True)
    ended_at = fields.Moment(required=True)
    break_min = fields.Whole(required=True)
    duration_min = fields.Whole(required=True)
    hours = hours_of_minutes()
    is_party_service = fields.Bool(required=True)
    is_volunteer_service = fields.Bool(required=True)
    submitted_at = fields.Moment(required=True)
    confirm_due_on = fields.Day(
        required=True, metadata={"description": "Last day for the community to confirm it in time"}
    )
    late = fields.Bool(
        required=True,
        metadata={"description": "Came after the back-entry window; the street decides"},
    )
    decided_at = fields.Moment(required=True, allow_none=True)
    late_reason = GuardedCheckedStr(part="late_reason", allowed=READER.stands)
    return_reason = GuardedCheckedStr(part="return_reason", allowed=READER.stands)
    void_reason = GuardedCheckedStr(part="void_reason", allowed=READER.stands)
    dispute_reason = GuardedCheckedStr(part="dispute_reason", allowed=READER.stands)
    answer = GuardedCheckedStr(part="answer", allowed=READER.stands)
    attachments = fields.GuardedList(fields.Part(AttachmentOut), allowed=READER.stands)


class ServiceRecordCorrectionOut(Schema):
    """What the record said before it was corrected."""

    category = fields.Choice(ServiceCategory, required=True)
    content = fields.Str(required=True)
    started_at = fields.Moment(required=True)
    ended_at = fields.Moment(required=True)
    break_min = fields.Whole(required=True)
    duration_min = fields.Whole(required=True)
    hours = hours_of_minutes()
    corrected_at = fields.Moment(required=True, attribute="created_at")


class SameTimeOut(Schema):
    """Another record of the same person for the same time, which counts once."""

    status = fields.Choice(ServiceRecordStatus, required=True)
    source = fields.Choice(RecordSource, required=True)
    started_at = fields.Moment(required=True)
    ended_at = fields.Moment(required=True)


class ServiceRecordDetailOut(ServiceRecordOut):
    same_time = fields.GuardedList(fields.Part(SameTimeOut), allowed=READER.stands)
    # Oldest first.
    corrections = fields.GuardedList(fields.Part(ServiceRecordCorrectionOut), allowed=READER.stands)
