"""Wire shapes of projects and claims."""

from typing import Any

from backend.projects import policy
from backend.projects.models import ClaimantKind, ClaimStatus, ProjectStatus
from miniprogram_api import fields
from miniprogram_api.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.http import PageQuery, Schema, actor
from miniprogram_api.members.schemas import NamedOut
from miniprogram_api.text_checks.schemas import CheckedStr, GuardedCheckedStr


class ProjectIn(Schema):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    title = fields.Text(60, required=True)
    content = fields.Text(1000, least=0, load_default="")
    claimants = fields.Choice(ClaimantKind, load_default=ClaimantKind.ANY)
    places = fields.Int(1, 1000, required=True)
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True)
    claim_deadline = fields.Moment(required=True)


class ProjectQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(ProjectStatus)


class ProjectOut(Schema):
    id = fields.Id(required=True)
    community = fields.Part(AreaRefOut, required=True)
    title = CheckedStr(required=True, part="plan")
    content = CheckedStr(required=True, part="plan")
    claimants = fields.Choice(ClaimantKind, required=True)
    places = fields.Whole(required=True)
    places_left = fields.Whole(required=True)
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True)
    claim_deadline = fields.Moment(required=True)
    status = fields.Choice(ProjectStatus, required=True)


class ClaimIn(Schema):
    unit_id = fields.Id(load_default=None, allow_none=True)
    note = fields.Text(200, least=0, load_default="")


class DeliveryIn(Schema):
    summary = fields.Text(500, required=True)
    delivered_on = fields.Day(required=True)


class CompletionIn(Schema):
    """Of the project, never a score for a person."""

    solved = fields.Bool(required=True)
    satisfied = fields.Bool(required=True)
    comment = fields.Text(200, least=0, load_default="")


class ClaimQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    status = fields.Choice(ClaimStatus)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )


def may_see_person(row: Any) -> bool:
    return policy.may_see_person(actor(), row)


class ClaimOut(Schema):
    id = fields.Id(required=True)
    status = fields.Choice(ClaimStatus, required=True)
    project = fields.Part(ProjectOut, required=True)
    # Null for street, district and city.
    member = fields.GuardedPart(NamedOut, allowed=may_see_person)
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    note = GuardedCheckedStr(part="note", allowed=may_see_person)
    created_at = fields.Moment(required=True)
    decided_at = fields.Moment(required=True, allow_none=True)
    decline_reason = GuardedCheckedStr(part="decline_reason", allowed=may_see_person)
    summary = GuardedCheckedStr(part="summary", allowed=may_see_person)
    delivered_on = fields.Day(required=True, allow_none=True)
    solved = fields.Bool(required=True, allow_none=True)
    satisfied = fields.Bool(required=True, allow_none=True)
    comment = GuardedCheckedStr(part="comment", allowed=may_see_person)
