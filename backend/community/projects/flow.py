"""What may happen to a project, who does it, and what follows for its demand (spec 5.1). The
project is locked before the demand."""

from datetime import timedelta

from backend.community.demands import matching
from backend.community.projects import kinds, news, policy, queries
from backend.community.projects.models import TAKING_CLAIMS, ClaimantAs, ServiceProject
from backend.community.projects.models import ProjectStatus as S
from backend.community.projects.policy import (
    AS_MEMBER,
    CLAIMANT,
    COMMUNITY,
    FOR_UNIT,
    STREET,
    SYSTEM,
)
from backend.core import clock
from backend.core.errors import Invalid
from backend.core.risk import RiskClass
from backend.core.states import Guard
from backend.flows.flow import Flow
from backend.flows.steps import CLOCK, Reason, Step, Taken, never

Project = Taken[ServiceProject]


# Until it is opened.


INSURED = Guard(
    "insurance_required",
    "insured, if risky",
    "有安全风险的项目应先落实保险，请填写保险情况。",
    lambda row: row.risk is RiskClass.LOW or bool(row.insurance_note),
)
DEADLINE_TO_COME = Guard(
    "claim_deadline_passed",
    "deadline to come",
    "认领截止时间已过，请修改后再开放。",
    lambda row: row.claim_deadline > clock.now(),
)


def _write_plan(taken: Project) -> None:
    for name, value in taken.said.items():
        setattr(taken.row, name, value)
    check_plan(taken.row)
    check_text(taken)


def check_plan(project: ServiceProject) -> None:
    """Refuse a plan that cannot be carried out. Raises Invalid."""
    if project.ends_on < project.starts_on:
        raise Invalid("ends_on", "结束日期不能早于开始日期。")
    if clock.local_date(project.claim_deadline) > project.ends_on:
        raise Invalid("claim_deadline", "认领截止时间不能晚于项目结束日期。")
    if project.of_wish and project.places != 1:
        raise Invalid("places", "微心愿由一个认领方完成，名额应为1。")


def check_text(taken: Project) -> None:
    """Have what a community wrote checked."""
    row = taken.row
    taken.check("plan", row.title, row.content, row.insurance_note)


def _is_open(taken: Project) -> bool:
    """Whichever way it went when it was opened the first time."""
    return taken.row.status in (S.REVIEW, *TAKING_CLAIMS)


def _ask_street(taken: Project) -> None:
    taken.row.reviews += 1


def _take_up_demand(taken: Project) -> None:
    if taken.row.demand_id is not None:
        reviewed = taken.row.status is S.REVIEW
        matching.take_up(taken.session, taken.row.demand_id, was_reviewed=reviewed)


def _answered(taken: Project) -> None:
    """What the street asked for once is done."""
    taken.row.return_reason = None


# Once it is: what happens to claims turns it.


CLAIMABLE = Guard(
    "claim_closed",
    "before the deadline",
    "该项目已停止认领，可查看本社区其他项目。",
    lambda row: row.status in TAKING_CLAIMS and clock.now() <= row.claim_deadline,
)
PLACE_LEFT = Guard(
    "project_full",
    "a place is left",
    "名额已满，可以排队候补，或查看本社区其他项目。",
    lambda row: row.places_left > 0,
)
NO_PLACE_LEFT = Guard(
    "place_is_free",
    "no place is left",
    "还有名额，不用排队，请直接认领。",
    lambda row: row.places_left <= 0,
)
NOTHING_DELIVERED = Guard(
    "work_was_delivered",
    "nothing was delivered",
    "已有认领方提交了完成情况，请先验收。",
    lambda row: not row.delivered,
)


def claimable_as(row: ServiceProject) -> list[ClaimantAs]:
    """Return as whom whoever the row was read for may ask for a place.

    That one must be registered is said when one asks: it is done then.
    """
    asking = {ClaimantAs.MEMBER: AS_MEMBER, ClaimantAs.UNIT: FOR_UNIT}
    return [each for each, by in asking.items() if CLAIMABLE.allows(row) and by.stands(row)]


def _free_all(taken: Project) -> None:
    taken.row.claimed = 0


def _expect_evaluation(taken: Project) -> None:
    today, days = clock.today(), taken.rules.counting.project_evaluation_days
    taken.row.done_on, taken.row.evaluation_due_on = today, today + timedelta(days=days)


def _settle_demand(taken: Project) -> None:
    if taken.row.demand_id is not None:
        matching.settle(taken.session, taken.row.demand_id, taken.row.id)


FLOW: Flow[ServiceProject] = Flow(
    "project",
    ServiceProject,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这个项目。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.community_id,
    rereads=True,
    others=[AS_MEMBER, FOR_UNIT],
    steps=[
        Step("amend", "amendment",
             "Change a draft; what is left out stays as it is.",
             {S.DRAFT: S.DRAFT}, COMMUNITY,
             says=dict, again=never, signs="amended", then=_write_plan, past="amended"),
        Step("open", "opening",
             "Open a draft for claims; what is risky or funded goes to the street first.",
             {S.DRAFT: S.OPEN}, COMMUNITY, "no review needed",
             guards=[INSURED, DEADLINE_TO_COME], again=_is_open, first=_take_up_demand,
             past="opened"),
        Step("ask_for_review", "", "Ask the street, where it has a say.",
             {S.DRAFT: S.REVIEW}, COMMUNITY, "risky or funded",
             guards=[INSURED, DEADLINE_TO_COME], again=_is_open, signs="requested",
             then=_ask_street, past="review_requested", tells=news.ask_for_review),
        Step("approve", "approval",
             "Agree to a project as its street, which opens it for claims.",
             {S.REVIEW: S.OPEN}, STREET, guards=[DEADLINE_TO_COME],
             first=_take_up_demand, signs="reviewed", then=_answered,
             past="opened", tells=news.tell_approved, awaited=True),
        Step("return", "return",
             "Send a project back to the community as its street, with a reason.",
             {S.REVIEW: S.DRAFT}, STREET, "with a reason",
             says=Reason, writes={"reason": "return_reason"}, signs="reviewed",
             past="returned", tells=news.tell_returned),
        Step("cancel", "cancellation",
             "Call a project off; all claims on it end without consequence.",
             dict.fromkeys((S.DRAFT, S.REVIEW, *TAKING_CLAIMS), S.CANCELLED), COMMUNITY,
             guards=[NOTHING_DELIVERED],
             says=Reason, writes={"reason": "cancel_reason"}, signs="cancelled", then=_free_all,
             past="cancelled", afterwards=_settle_demand),
        Step("claim", "", "Take a place.",
             {S.OPEN: S.OPEN, S.IN_PROGRESS: S.IN_PROGRESS}, CLAIMANT, "once",
             within=[CLAIMABLE, PLACE_LEFT]),
        Step("wait", "", "Queue for a place.",
             {S.FULL: S.FULL, S.IN_PROGRESS: S.IN_PROGRESS}, CLAIMANT, "once",
             within=[CLAIMABLE, NO_PLACE_LEFT]),
        Step("fill", "", "Be full.",
             {S.OPEN: S.FULL}, SYSTEM, "the last place is taken"),
        Step("free", "", "Take claims again.",
             {S.FULL: S.OPEN}, SYSTEM, "a place is free and nobody waits"),
        Step("begin", "", "Be under way.",
             {S.OPEN: S.IN_PROGRESS, S.FULL: S.IN_PROGRESS}, SYSTEM, "the first claim was started"),
        Step("finish", "", "Be done, and ask how it went.",
             {S.IN_PROGRESS: S.DONE}, SYSTEM, "no claim is under way or can come",
             then=_expect_evaluation, past="done", afterwards=_settle_demand),
        Step("expire", "", "End without anything done.",
             dict.fromkeys(TAKING_CLAIMS, S.EXPIRED), CLOCK, "no claim stands or can come",
             past="expired", tells=news.tell_expired, afterwards=_settle_demand),
        Step("evaluate", "", "Close.",
             {S.DONE: S.EVALUATED}, SYSTEM, "all did, or the term passed", past="evaluated"),
    ],
)  # fmt: skip
