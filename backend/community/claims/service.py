"""Claims: the first tap, for oneself or for a unit, and their end when a project is called off.
What else may happen stands in `flow`. Callers own the transaction."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.community.claims import news, queries
from backend.community.claims.flow import FLOW, Claim, Retry, ask, let_pass, release
from backend.community.claims.models import DELIVERED, ClaimStatus, ProjectClaim, ReleaseReason
from backend.community.claims.policy import may_claim_for
from backend.community.demands.models import Demand
from backend.community.projects import places
from backend.community.projects.flow import FLOW as PROJECT
from backend.community.projects.models import ClaimantKind, ServiceProject
from backend.community.projects.policy import CLAIMANT, COMMUNITY
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.flows.steps import Reason
from backend.ledger import queries as ledger
from backend.ledger.models import SubjectKind
from backend.ledger.rulepack import RulePack
from backend.ledger.subjects import MEMBER_UNIT, Subject

UNIT_REGISTRATION = "unit_registration"

accept = FLOW.step("accept", "claim_id")
decline = FLOW.step("decline", "claim_id")
withdraw = FLOW.step("withdraw", "claim_id")
start = FLOW.step("start", "claim_id")
deliver = FLOW.step("deliver", "claim_id")
send_back = FLOW.step("return", "claim_id")
complete = FLOW.step("complete", "claim_id")
fail = FLOW.step("fail", "claim_id")
evaluate = FLOW.step("evaluate", "claim_id")


@dataclass(frozen=True)
class Claiming:
    """For whom, oneself or a unit, with which words, and whether to queue where no place is
    left."""

    unit_id: int | None = None
    note: str = ""
    wait: bool = False


def claim(
    session: Session, rules: RulePack, *, actor: Actor, project_id: int, said: Claiming
) -> ProjectClaim:
    """Give the actor, or the unit the actor is contact of, one place on an open project.

    A claim that the community left unanswered is submitted again. Raises Conflict
    `already_claimed`, `project_full`, `claim_closed`, `claimant_not_allowed`, `own_demand`;
    Forbidden `registration_required`, `unit_not_registered`.
    """
    member_id = actor.as_member()
    project = PROJECT.locked(session, actor, project_id, CLAIMANT)
    _check_claimant(session, actor, project, said.unit_id)
    let_pass(session, rules, project)
    before = session.scalars(queries.live_of(project.id, member_id, said.unit_id)).first()
    if before is not None:
        return _retry(FLOW.taken(session, before, actor, Retry(said.note), rules))
    row = ProjectClaim(project=project, member_id=member_id, unit_id=said.unit_id, note=said.note)
    taken = FLOW.taken(session, row, actor, rules=rules)
    _queue(taken) if said.wait else _submit(taken)
    if said.note:
        taken.check("note", said.note)
    return FLOW.reread(taken)


def _retry(taken: Claim) -> ProjectClaim:
    """Ask the community again on the place that was kept."""
    if taken.row.status is not ClaimStatus.LAPSED:
        raise Conflict("already_claimed", "已经认领过该项目，可在“我的认领”中查看。")
    return FLOW.go("retry", taken)


def _queue(taken: Claim) -> None:
    places.wait(taken.session, taken.row.project)
    taken.row.status = ClaimStatus.WAITING
    FLOW.begin(taken.session, taken.actor, taken.row, "queued", unit_id=taken.row.unit_id)


def _submit(taken: Claim) -> None:
    places.take(taken.session, taken.row.project)
    taken.row.status, taken.row.tries = ClaimStatus.SUBMITTED, 1
    ask(taken)
    FLOW.begin(taken.session, taken.actor, taken.row, "submitted", unit_id=taken.row.unit_id)
    news.tell_deciders(taken.session, taken.row, "submitted")


def cancel(session: Session, *, actor: Actor, project_id: int, said: Reason) -> ServiceProject:
    """Call a project off, while nothing was delivered; all claims end without consequence."""
    taken = PROJECT.held(session, actor, project_id, COMMUNITY, said)
    live = session.scalars(queries.live(project_id)).all()
    # Perhaps it came while this waited for the lock.
    taken.row.delivered = any(claim.status in DELIVERED for claim in live)
    PROJECT.go("cancel", taken)
    for claim in live:
        release(session, claim, ReleaseReason.PROJECT_CANCELLED)
    return PROJECT.reread(taken)


# Who may claim (spec 5.1): registered members, and units that are registered or belong to a
# coordination body; never a unit what it asked for itself.


def _check_claimant(
    session: Session, actor: Actor, project: ServiceProject, unit_id: int | None
) -> None:
    """Raise where the actor, or the unit the actor claims for, may not claim the project."""
    if unit_id is None:
        _check_member(actor)
    else:
        _check_unit(session, actor, unit_id)
    wrong = ClaimantKind.MEMBERS if unit_id is not None else ClaimantKind.UNITS
    if project.claimants is wrong:
        only = "党员个人" if unit_id is not None else "单位"
        raise Conflict("claimant_not_allowed", f"该项目只接受{only}认领。")
    if unit_id is not None and _asked_for_it(session, project, unit_id):
        raise Conflict("own_demand", "这是本单位提出的需求，请由其他单位或党员认领。")


def _check_member(actor: Actor) -> None:
    if not actor.registered:
        raise Forbidden("registration_required", "请先完成社区报到，再认领项目。")


def _check_unit(session: Session, actor: Actor, unit_id: int) -> None:
    if not may_claim_for(actor, unit_id):
        raise Invalid("unit_id", "只有单位的党建联络员可以代表本单位认领。")
    allowed = sa.or_(
        ledger.stands(UNIT_REGISTRATION, Subject(SubjectKind.UNIT, unit_id)),
        ledger.stands(MEMBER_UNIT, Subject(SubjectKind.UNIT, unit_id)),
    )
    if not session.scalar(sa.select(allowed)):
        raise Forbidden("unit_not_registered", "请先为本单位到街道社区报到，再认领项目。")


def _asked_for_it(session: Session, project: ServiceProject, unit_id: int) -> bool:
    """Whether the demand behind a project, or one merged into it, is the unit's own."""
    if project.demand_id is None:
        return False
    own = sa.or_(Demand.id == project.demand_id, Demand.merged_into_id == project.demand_id)
    return bool(session.scalar(sa.select(sa.exists().where(own, Demand.unit_id == unit_id))))
