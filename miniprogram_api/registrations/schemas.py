"""Wire shapes of registrations. `...In` is what we accept, `...Out` what we answer."""

from typing import Any

from backend.registrations import policy
from backend.registrations.models import (
    EndReason,
    RegistrationKind,
    RegistrationStatus,
    RejectionCode,
)
from miniprogram_api import fields
from miniprogram_api.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.http import PageQuery, ReasonIn, Schema, actor
from miniprogram_api.members.schemas import NamedOut
from miniprogram_api.text_checks.schemas import GuardedCheckedList, GuardedCheckedStr


class OfferIn(Schema):
    """What the member offers; all of it voluntary."""

    skills = fields.Many(fields.Text(20), 10, load_default=[])
    interests = fields.Many(fields.Text(20), 10, load_default=[])
    availability = fields.Text(100, least=0, load_default="")


class RegistrationIn(OfferIn):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    kind = fields.Choice(RegistrationKind, load_default=RegistrationKind.PRIMARY)


class RejectionIn(ReasonIn):
    reason_code = fields.Choice(RejectionCode, required=True)


class RegistrationQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(RegistrationStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


def may_see_person(row: Any) -> bool:
    return policy.may_see_person(actor(), row)


class RegistrationOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(RegistrationStatus, required=True)
    kind = fields.Choice(RegistrationKind, required=True)
    community = fields.Part(AreaRefOut, required=True)
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=may_see_person)
    skills = GuardedCheckedList(fields.Str(), part="offer", allowed=may_see_person)
    interests = GuardedCheckedList(fields.Str(), part="offer", allowed=may_see_person)
    availability = GuardedCheckedStr(part="offer", allowed=may_see_person)
    submitted_at = fields.Moment(required=True)
    answer_due_on = fields.Day(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    return_reason = GuardedCheckedStr(part="return_reason", allowed=may_see_person)
    rejection_code = fields.Choice(RejectionCode, required=True, allow_none=True)
    rejection_reason = GuardedCheckedStr(part="rejection_reason", allowed=may_see_person)
    receipt_no = fields.Str(required=True, allow_none=True)
    accepted_on = fields.Day(required=True, allow_none=True)
    ended_on = fields.Day(required=True, allow_none=True)
    end_reason = fields.Choice(EndReason, required=True, allow_none=True)
