"""Wire shapes of units and their registrations."""

from typing import Any

from backend.community.unit_registrations import policy
from backend.community.unit_registrations.flow import FLOW, Sending
from backend.community.unit_registrations.models import ResourceKind, UnitRegistrationStatus
from backend.community.unit_registrations.resources import Resource
from backend.community.unit_registrations.service import Submission, may_replace_resources
from backend.people.organizations.models import UnitKind
from miniprogram_api import fields
from miniprogram_api.http import OneIn, PageQuery, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr, sentence_for

# Of a community or of a street.
RECEIVER_CODE = rf"{COMMUNITY_CODE}|\d{{9}}"
NO_RECEIVER = "接收方代码应为 12 位（社区）或 9 位（街道）数字。"
MOST_RESOURCES = 20


class ResourceIn(Schema):
    makes = Resource
    kind = fields.Choice(ResourceKind, required=True)
    description = fields.Text(100, required=True)
    amount = fields.Text(50, least=0, load_default="")
    times = fields.Text(50, least=0, load_default="")


class ResourceListIn(OneIn):
    """The whole list: what is not in it is no longer offered."""

    resources = fields.Many(fields.Part(ResourceIn), MOST_RESOURCES, required=True)


class UnitPlanIn(Schema):
    plan = fields.Text(500, required=True, metadata={"description": "What the two sides agree"})
    resources = fields.Many(fields.Part(ResourceIn), MOST_RESOURCES, load_default=[])


class UnitResubmissionIn(UnitPlanIn):
    """Without `resources` the list that was sent before stays."""

    makes = Sending
    resources = fields.Many(fields.Part(ResourceIn), MOST_RESOURCES, load_default=None)


class UnitRegistrationIn(UnitPlanIn):
    makes = Submission
    unit_id = fields.Id(required=True)
    receiver_code = fields.Code(RECEIVER_CODE, error=NO_RECEIVER, required=True)


class UnitRegistrationQuery(PageQuery):
    community_code = fields.Code(
        RECEIVER_CODE, error=NO_RECEIVER, metadata={"description": "The receiver, a street too"}
    )
    unit_id = fields.QueryInt(1)
    status = fields.Choice(UnitRegistrationStatus)
    q = fields.Text(30, metadata={"description": "Part of a unit's name, or how it reads"})
    kind = fields.Choice(UnitKind)
    district_code = fields.Code(r"\d{6}", error="区县代码应为 6 位数字。")
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


class UnitOut(Schema):
    id = fields.Id(required=True)
    name = fields.Str(required=True)
    kind = fields.Choice(UnitKind, required=True)
    community = fields.Part(AreaRefOut, required=True)


class ResourceOut(Schema):
    kind = fields.Choice(ResourceKind, required=True)
    description = fields.Str(required=True)
    amount = fields.Str(required=True)
    times = fields.Str(required=True)


class ResourceQuery(PageQuery):
    community_code = fields.Code(
        RECEIVER_CODE, error=NO_RECEIVER, metadata={"description": "The receiver, a street too"}
    )
    kind = fields.Choice(ResourceKind)


class OfferedResourceOut(Schema):
    """A line of a resource list with whose it is: the unit, never its contact."""

    id = fields.Id(required=True)
    kind = fields.Choice(ResourceKind, required=True)
    description = CheckedStr(part="resources", required=True)
    amount = CheckedStr(part="resources", required=True)
    times = CheckedStr(part="resources", required=True)
    unit = fields.Part(NamedOut, required=True, attribute="registration.unit")
    receiver = fields.Part(AreaRefOut, required=True, attribute="registration.area")


class ResourceList(fields.Varied, fields.ListOf[Any]):
    """Withheld as a whole: it was written as a whole."""

    def around(self, plain: fields.Show) -> fields.Show:
        def checked(row: Any) -> Any:
            sentence = sentence_for(row, "resources")
            if sentence is None:
                return plain(row)
            return [{"kind": "other", "description": sentence, "amount": "", "times": ""}]

        return checked


class UnitRegistrationOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(UnitRegistrationStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    may_replace_resources = fields.Computed(
        may_replace_resources,
        required=True,
        metadata={
            "type": "boolean",
            "description": "Whether the reader may write its resource list anew",
        },
    )
    unit = fields.Part(NamedOut, required=True)
    receiver = fields.Part(AreaRefOut, required=True, attribute="area")
    # Null for officers above the receiver.
    contact = fields.GuardedPart(NamedOut, allowed=policy.EITHER.stands)
    plan = CheckedStr(part="plan", required=True)
    resources = ResourceList(fields.Part(ResourceOut), required=True)
    submitted_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    return_reason = CheckedStr(part="return_reason", required=True, allow_none=True)
    receipt_no = fields.Str(required=True, allow_none=True)
    accepted_on = fields.Day(required=True, allow_none=True)
    renewed_on = fields.Day(required=True, allow_none=True)
    ended_on = fields.Day(required=True, allow_none=True)
    end_reason = CheckedStr(part="end_reason", required=True, allow_none=True)
