"""Wire shapes of demands and of the lists that are published of them."""

from typing import Any

from marshmallow import post_load

from backend.community.demands import matching, policy, progress
from backend.community.demands.flow import FLOW, Evaluation
from backend.community.demands.models import DemandKind, DemandSource, DemandStatus
from backend.community.demands.policy import BOTH_SIDES, COMMUNITY, SUBMITTER
from backend.community.demands.service import Bringing, Closing
from backend.community.demands.triage import Answer, Decision, Outcome
from miniprogram_api import fields
from miniprogram_api.http import ChangesIn, OneIn, PageQuery, ReasonIn, Schema
from miniprogram_api.people.areas.schemas import COMMUNITY_CODE, AreaRefOut
from miniprogram_api.people.members.schemas import NamedOut
from miniprogram_api.steps import Can, NextStep
from miniprogram_api.support.text_checks.schemas import CheckedStr, GuardedCheckedStr
from miniprogram_api.timeline import Timeline

BENEFICIARY_CODE = r"[A-Z][A-Z0-9]{3,7}"
NO_COMMUNITY = "社区代码应为 12 位数字。"
# A street or a community.
LISTING_CODE = r"\d{9}|\d{12}"
NO_AREA = "社区代码应为 12 位数字，街道代码应为 9 位数字。"
NO_CODE = "编号应为 4 至 8 位大写字母和数字，以字母开头。"


class WantedPutIn(ChangesIn):
    kind = fields.Choice(DemandKind)
    title = fields.Text(60)
    content = fields.Text(1000, least=0)
    needed_by = fields.Day(allow_none=True)
    beneficiary_code = fields.Code(BENEFICIARY_CODE, error=NO_CODE, allow_none=True)


class DemandIn(Schema):
    """What is needed. No names, numbers or addresses: it is published as it stands."""

    makes = Bringing
    kind = fields.Choice(DemandKind, load_default=DemandKind.DEMAND)
    title = fields.Text(60, required=True)
    content = fields.Text(1000, least=0, load_default="")
    needed_by = fields.Day(load_default=None, allow_none=True)
    beneficiary_code = fields.Code(
        BENEFICIARY_CODE,
        error=NO_CODE,
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a micro-wish, by the community only; else one is given out"},
    )
    community_code = fields.Code(COMMUNITY_CODE, error=NO_COMMUNITY, required=True)
    unit_id = fields.Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "The unit whose contact one is, where one acts for it"},
    )
    draft = fields.Bool(load_default=False)


class DemandQuery(PageQuery):
    community_code = fields.Code(COMMUNITY_CODE, error=NO_COMMUNITY)
    status = fields.Choice(DemandStatus)
    kind = fields.Choice(DemandKind)
    decidable = fields.QueryBool(
        load_default=False, metadata={"description": "Only what waits for one's own decision"}
    )
    ended = fields.QueryBool(
        load_default=False, metadata={"description": "Only those of which nothing is to come"}
    )


class TriageIn(Schema):
    """`reason`: needed to refer and to decline; `title`, `content`: what is published instead."""

    makes = Answer
    decision = fields.Choice(Decision, required=True)
    reason = fields.Text(200, least=0, load_default="")
    merged_into_id = fields.Id(load_default=None, allow_none=True)
    title = fields.Text(60, load_default=None, allow_none=True)
    content = fields.Text(1000, least=0, load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Any:
        return super().build(data | {"reason": data["reason"] or None})


class DemandClosingIn(ReasonIn):
    makes = Closing
    outcome = fields.Choice(Outcome, required=True)


class DemandEvaluationIn(Schema):
    """Of the demand, never of a person."""

    makes = Evaluation
    solved = fields.Bool(required=True)
    satisfied = fields.Bool(required=True)
    comment = fields.Text(200, least=0, load_default="")


class DemandOut(Schema):
    """Who brought it is told to nobody; `mine` says so to that person."""

    id = fields.Id(required=True)
    kind = fields.Choice(DemandKind, required=True)
    community = fields.Part(AreaRefOut, required=True)
    title = CheckedStr(part="text", required=True)
    content = CheckedStr(part="text", required=True)
    status = fields.Choice(DemandStatus, required=True)
    can = Can(FLOW)
    next_step = NextStep(FLOW)
    # Null for outsiders where a person stands behind it.
    source = fields.GuardedChoice(DemandSource, allowed=policy.may_see_source)
    unit = fields.Part(NamedOut, required=True, allow_none=True)
    beneficiary_code = fields.Str(required=True, allow_none=True)
    needed_by = fields.Day(required=True, allow_none=True)
    submitted_at = fields.Moment(required=True, allow_none=True)
    published_on = fields.Day(required=True, allow_none=True)
    expires_on = fields.Day(
        required=True,
        allow_none=True,
        metadata={"description": "The last day on which it stands on the list unmatched"},
    )
    closed_on = fields.Day(required=True, allow_none=True)
    # Null for outsiders until it is closed.
    decision_reason = GuardedCheckedStr(part="decision_reason", allowed=policy.may_see_reason)
    merged_into_id = fields.Id(required=True, allow_none=True)
    merged_count = fields.Computed(
        lambda row: row.merged_count or 0, required=True, metadata={"type": "integer"}
    )
    original_title = fields.GuardedStr(allowed=BOTH_SIDES.stands)
    original_content = fields.GuardedStr(allowed=BOTH_SIDES.stands)
    mine = fields.Computed(SUBMITTER.stands, required=True, metadata={"type": "boolean"})
    may_draw_up = fields.Computed(
        lambda row: COMMUNITY.stands(row) and matching.is_open(row),
        required=True,
        metadata={
            "type": "boolean",
            "description": "Whether the reader may draw up a project for it",
        },
    )
    decidable = fields.Computed(
        lambda row: "triage" in FLOW.can(row),
        required=True,
        metadata={"type": "boolean", "description": "Whether it waits for one's own decision"},
    )
    closable = fields.Computed(
        lambda row: "closing" in FLOW.can(row),
        required=True,
        metadata={"type": "boolean", "description": "Whether it is open and one may close it"},
    )
    timeline = Timeline(progress.of)
    solved = fields.GuardedBool(allowed=BOTH_SIDES.stands)
    satisfied = fields.GuardedBool(allowed=BOTH_SIDES.stands)
    comment = GuardedCheckedStr(part="comment", allowed=BOTH_SIDES.stands)
    created_at = fields.Moment(required=True)


class DemandListIn(OneIn):
    """Of a community or a street."""

    area_code = fields.Code(LISTING_CODE, error=NO_AREA, required=True)


class DemandListQuery(PageQuery):
    area_code = fields.Code(LISTING_CODE, error=NO_AREA)
    year = fields.QueryInt(2020, 2100)


class ShareOut(Schema):
    """How many demands of a list are a community's, and how many of them new."""

    community = fields.Part(AreaRefOut, required=True)
    size = fields.Whole(required=True)
    new = fields.Whole(required=True)


class DemandListPreviewOut(Schema):
    """Publishing is refused where nothing is new."""

    area = fields.Part(AreaRefOut, required=True)
    year = fields.Whole(required=True)
    version = fields.Whole(required=True)
    size = fields.Computed(
        lambda coming: len(coming.demands), required=True, metadata={"type": "integer"}
    )
    new = fields.Computed(
        lambda coming: len(coming.new), required=True, metadata={"type": "integer"}
    )
    communities = fields.ListOf(fields.Part(ShareOut), required=True)


class DemandListOut(Schema):
    """`area`: the community or street whose list it is."""

    id = fields.Id(required=True)
    area = fields.Part(AreaRefOut, required=True)
    year = fields.Whole(required=True)
    version = fields.Whole(required=True)
    published_at = fields.Moment(required=True)
    size = fields.Whole(required=True)


class ListedDemandOut(Schema):
    """A demand as it stands today, wherever it stood when the list was published."""

    id = fields.Id(required=True)
    community = fields.Part(AreaRefOut, required=True)
    kind = fields.Choice(DemandKind, required=True)
    # Null for others once it was withdrawn.
    title = GuardedCheckedStr(part="text", allowed=policy.may_see_title)
    status = fields.Choice(DemandStatus, required=True)


class WholeDemandListOut(DemandListOut):
    demands = fields.ListOf(fields.Part(ListedDemandOut), required=True)
