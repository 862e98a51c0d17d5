"""Wire shapes of projects."""

from typing import Any

from backend.community.demands.models import DemandKind
from backend.community.projects.flow import FLOW, claimable_as
from backend.community.projects.models import ClaimantAs, ClaimantKind, ProjectStatus
from backend.community.projects.policy import COMMUNITY, STREET
from backend.community.projects.service import Plan
from backend.core.risk import RiskClass
from backend.flows.steps import Reason
from miniprogram_api import fields
from miniprogram_api.http import ChangesIn, PageQuery, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, DISTRICT_CODE, ReachedAreaOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr, GuardedCheckedStr


class ProjectIn(Schema):
    """What a community writes about a project. Money never passes through the system: `funded`
    says that the work needs some, which the street then reviews."""

    makes = Plan
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。", required=True)
    demand_id = fields.Id(load_default=None, allow_none=True)
    title = fields.Text(60, required=True)
    content = fields.Text(1000, least=0, load_default="")
    claimants = fields.Choice(ClaimantKind, load_default=ClaimantKind.ANY)
    places = fields.Int(1, 1000, required=True)
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True)
    claim_deadline = fields.Moment(required=True)
    risk = fields.Choice(RiskClass, load_default=RiskClass.LOW)
    funded = fields.Bool(load_default=False)
    insurance_note = fields.Text(200, least=0, load_default="")


class ProjectPutIn(ChangesIn):
    """What changes about a draft: what is left out stays as it is."""

    title = fields.Text(60)
    content = fields.Text(1000, least=0)
    claimants = fields.Choice(ClaimantKind)
    places = fields.Int(1, 1000)
    starts_on = fields.Day()
    ends_on = fields.Day()
    claim_deadline = fields.Moment()
    risk = fields.Choice(RiskClass)
    funded = fields.Bool()
    insurance_note = fields.Text(200, least=0)


class CancellationIn(Schema):
    makes = Reason
    reason = fields.Text(
        200, least=0, load_default="", metadata={"description": "Read by those who claimed"}
    )


class ProjectQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error="社区代码应为 12 位数字。")
    district_code = fields.Code(DISTRICT_CODE, error="区县代码应为 6 位数字。")
    demand_id = fields.QueryInt(1)
    status = fields.Choice(ProjectStatus)
    kind = fields.Choice(DemandKind, metadata={"description": "Of the demand it is for"})
    claimable_by = fields.Choice(
        ClaimantKind, metadata={"description": "Those open to everybody are always among them"}
    )
    since = fields.Day(
        data_key="from", metadata={"description": "Not over before; the first to begin comes first"}
    )
    until = fields.Day(data_key="to", metadata={"description": "Begun by then"})
    q = fields.Text(30, metadata={"description": "Part of the title, or how it reads: gm for 国贸"})
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own review"}
    )


def may_read_review(row: Any) -> bool:
    return COMMUNITY.stands(row) or STREET.stands(row)


def _is_reviewable(row: Any) -> bool:
    return row.status is ProjectStatus.REVIEW and STREET.stands(row)


class ClaimableAs(fields.ListOf[ClaimantAs]):
    """As whom the reader may ask for a place, made when it is shown."""

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return claimable_as(obj)


class ProjectOut(Schema):
    id = fields.Id(required=True)
    community = fields.Part(ReachedAreaOut, required=True)
    demand_id = fields.Id(required=True, allow_none=True)
    title = CheckedStr(required=True, part="plan")
    content = CheckedStr(required=True, part="plan")
    claimants = fields.Choice(ClaimantKind, required=True)
    places = fields.Whole(required=True)
    places_left = fields.Whole(required=True)
    waiting = fields.Whole(
        required=True, allow_none=True, metadata={"description": "How many wait for a place"}
    )
    starts_on = fields.Day(required=True)
    ends_on = fields.Day(required=True)
    claim_deadline = fields.Moment(required=True)
    risk = fields.Choice(RiskClass, required=True)
    funded = fields.Bool(required=True)
    insurance_note = CheckedStr(required=True, part="plan")
    status = fields.Choice(ProjectStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    claimable_as = ClaimableAs(
        fields.Choice(ClaimantAs),
        required=True,
        metadata={"description": "As whom the reader may claim a place, or queue for one"},
    )
    may_invite = fields.Computed(
        lambda row: COMMUNITY.stands(row) and row.seeks_members,
        required=True,
        metadata={"type": "boolean", "description": "Whether the reader may invite members to it"},
    )
    decidable = fields.Computed(
        _is_reviewable,
        required=True,
        metadata={"type": "boolean", "description": "Whether it waits for one's own review"},
    )
    return_reason = GuardedCheckedStr(part="return_reason", allowed=may_read_review)
    cancel_reason = CheckedStr(required=True, allow_none=True, part="cancel_reason")
    done_on = fields.Day(required=True, allow_none=True)
    evaluation_due_on = fields.Day(required=True, allow_none=True)
