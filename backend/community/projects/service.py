"""Projects of a community: draw up, amend, open. What else may happen stands in `flow`. Callers own
the transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backend.community.demands import matching
from backend.community.projects import policy
from backend.community.projects.flow import FLOW, check_plan, check_text
from backend.community.projects.models import ClaimantKind, ServiceProject
from backend.community.projects.policy import COMMUNITY
from backend.core.actor import Actor
from backend.core.errors import Forbidden, Invalid
from backend.core.risk import RiskClass
from backend.people.areas import service as areas

approve = FLOW.step("approve", "project_id")
send_back = FLOW.step("return", "project_id")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a community writes about a project, and the demand it is for, if any."""

    community_code: str
    demand_id: int | None = None
    title: str
    content: str = ""
    claimants: ClaimantKind = ClaimantKind.ANY
    places: int
    starts_on: date
    ends_on: date
    claim_deadline: datetime
    risk: RiskClass = RiskClass.LOW
    funded: bool = False
    insurance_note: str = ""


def publish(session: Session, *, actor: Actor, plan: Plan) -> ServiceProject:
    """Draw up a project of the secretary's own community; it is a draft until opened.

    A demand must stand on the community's list.
    """
    community = areas.community(session, plan.community_code)
    if not policy.may_publish(actor, community.id):
        raise Forbidden("not_your_community", "只能发布本社区的服务项目。")
    wanted = plan.demand_id
    demand = matching.open_demand(session, actor, wanted) if wanted is not None else None
    if demand is not None and demand.community_id != community.id:
        raise Invalid("demand_id", "只能为本社区的需求发布项目。")
    values = {**vars(plan), "community": community, "demand": demand}
    del values["community_code"], values["demand_id"]
    project = ServiceProject(**values, claimed=0, created_by=actor.account_id)
    check_plan(project)
    taken = FLOW.begin(session, actor, project, "drafted")
    check_text(taken)
    return FLOW.reread(taken)


def open_for_claims(session: Session, *, actor: Actor, project_id: int) -> ServiceProject:
    """Open a draft for claims, or ask the street where it has a say; again is no change."""
    taken = FLOW.held(session, actor, project_id, COMMUNITY)
    return FLOW.go("ask_for_review" if taken.row.needs_review else "open", taken)
