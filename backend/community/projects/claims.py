"""Claims on projects, as the claimant takes them: from the first tap to the own view of how it
went. Callers own the transaction.

Every step locks the project first and the claim second, so that two of them never cross.
"""

from datetime import date

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import news as demand_news
from backend.community.projects import (
    answers,
    claimants,
    ending,
    kinds,
    news,
    places,
    policy,
    queries,
    reminders,
    timeouts,
)
from backend.community.projects.access import check_text, locked_claim
from backend.community.projects.models import (
    HOLDING,
    ClaimStatus,
    ProjectClaim,
    ProjectStatus,
)
from backend.community.projects.service import locked_project
from backend.community.projects.states import CLAIM
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid
from backend.ledger.rulepack import RulePack


def claim(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    project_id: int,
    unit_id: int | None,
    note: str,
    wait: bool = False,
) -> ProjectClaim:
    """Give the actor, or the unit the actor is contact of, one place on an open project.

    Where none is left, `wait` queues for one. A claim that the community left unanswered is
    submitted again. Raises Conflict `already_claimed`, `project_full`, `claim_closed`,
    `claimant_not_allowed`, `own_demand`; Forbidden `registration_required`, `unit_not_registered`.
    """
    member_id = actor.as_member()
    project = locked_project(session, actor, project_id)
    claimants.check(session, actor, project, unit_id)
    timeouts.apply(session, rules, project)
    before = session.scalars(queries.live_of(project.id, member_id, unit_id)).first()
    if before is not None:
        return _retry(session, rules, actor, before, note)
    places.check_open(project)
    row = ProjectClaim(project=project, member_id=member_id, unit_id=unit_id, note=note)
    if wait:
        _queue(session, actor, row)
    else:
        _submit(session, rules, actor, row)
    if note:
        check_text(session, actor, row, "note", note)
    return row


def _queue(session: Session, actor: Actor, row: ProjectClaim) -> None:
    places.check_waiting(row.project)
    row.status = ClaimStatus.WAITING
    session.add(row)
    audit.record(session, actor, "claim.queued", row, unit_id=row.unit_id)


def _submit(session: Session, rules: RulePack, actor: Actor, row: ProjectClaim) -> None:
    places.take(row.project)
    row.status, row.tries = ClaimStatus.SUBMITTED, 1
    answers.ask(session, rules, row)
    audit.record(session, actor, "claim.submitted", row, unit_id=row.unit_id)
    news.tell_deciders(session, row, "submitted")


def _retry(
    session: Session, rules: RulePack, actor: Actor, row: ProjectClaim, note: str
) -> ProjectClaim:
    """Ask the community again on the place that was kept."""
    if row.status is not ClaimStatus.LAPSED:
        raise Conflict("already_claimed", "已经认领过该项目，可在“我的认领”中查看。")
    row.status = CLAIM.after(row.status, "retry")
    row.tries += 1
    answers.ask(session, rules, row)
    audit.record(session, actor, "claim.submitted", row, unit_id=row.unit_id)
    if note:
        row.note = note
        check_text(session, actor, row, "note", note)
    news.tell_deciders(session, row, "submitted")
    return row


def withdraw(session: Session, rules: RulePack, *, actor: Actor, claim_id: int) -> ProjectClaim:
    """Withdraw before the start, without consequence; the place goes to who waits."""
    row = _own(session, rules, actor, claim_id)
    if row.status is ClaimStatus.WITHDRAWN:
        return row
    held = row.status in HOLDING
    row.status = CLAIM.after(row.status, "withdraw")
    row.retry_until, row.ended_at = None, clock.now()
    reminders.drop(session, row)
    audit.record(session, actor, "claim.withdrawn", row)
    if held:
        places.give_back(session, rules, row.project)
    ending.settle(session, rules, row.project)
    return row


def start(session: Session, rules: RulePack, *, actor: Actor, claim_id: int) -> ProjectClaim:
    """Begin the work of an accepted claim; with the first the project is under way."""
    row = _own(session, rules, actor, claim_id)
    if row.status is ClaimStatus.IN_PROGRESS:
        return row
    row.status, row.started_at = CLAIM.after(row.status, "start"), clock.now()
    places.begin(row.project)
    for kind in (kinds.STARTS, kinds.START_DUE):
        reminders.drop(session, row, kind)
    audit.record(session, actor, "claim.started", row)
    return row


def deliver(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    claim_id: int,
    summary: str,
    delivered_on: date,
) -> ProjectClaim:
    """Say what was done and when; the day decides the year in which it counts."""
    row = _own(session, rules, actor, claim_id)
    said = (row.summary, row.delivered_on)
    if row.status is ClaimStatus.DELIVERED and said == (summary, delivered_on):
        return row
    status = CLAIM.after(row.status, "deliver")
    if not row.project.starts_on <= delivered_on <= clock.today():
        raise Invalid("delivered_on", "完成日期应在项目开始之后，且不晚于今天。")
    row.status, row.summary, row.delivered_on = status, summary, delivered_on
    row.delivered_at, row.deliveries = clock.now(), row.deliveries + 1
    row.delivery_recorded_on = clock.today()
    reminders.drop(session, row)
    audit.record(session, actor, "claim.delivered", row)
    check_text(session, actor, row, "summary", summary)
    news.tell_deciders(session, row, "delivered")
    if row.project.demand is not None:
        demand_news.tell_of_delivery(session, row.project.demand, row)
    return row


def evaluate(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    claim_id: int,
    solved: bool,
    satisfied: bool,
    comment: str,
) -> ProjectClaim:
    """Say how the project went, as its claimant: of the project, never of a person."""
    row = _own(session, rules, actor, claim_id)
    said = (row.claimant_solved, row.claimant_satisfied, row.claimant_comment)
    if said == (solved, satisfied, comment):
        return row
    CLAIM.after(row.status, "evaluate")
    if row.claimant_solved is not None:
        raise Conflict("already_evaluated", "您已经评价过这个项目，评价提交后不再修改。")
    if row.project.status is ProjectStatus.EVALUATED:
        raise Conflict("evaluation_closed", "评价期限已过。")
    row.claimant_solved, row.claimant_satisfied, row.claimant_comment = solved, satisfied, comment
    audit.record(session, actor, "claim.evaluated", row, solved=solved, satisfied=satisfied)
    check_text(session, actor, row, "claimant_comment", comment)
    news.tell_deciders(session, row, "evaluated")
    ending.settle(session, rules, row.project)
    return row


def _own(session: Session, rules: RulePack, actor: Actor, claim_id: int) -> ProjectClaim:
    """Return the claim as it is today, locked with its project. Raises NotFound, Forbidden."""
    row = locked_claim(session, rules, actor, claim_id)
    if not policy.is_claimant(actor, row):
        raise Forbidden("not_yours", "只能办理本人或本单位的认领。")
    return row
