"""What the community decides about claims: accept, decline, ask for more, take over, give up.
Callers own the transaction."""

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.community.demands import news as demand_news
from backend.community.projects import answers, ending, news, places, policy, postings, reminders
from backend.community.projects.access import check_text, locked_claim
from backend.community.projects.models import ClaimStatus, ProjectClaim
from backend.community.projects.states import CLAIM
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Forbidden
from backend.ledger import service as ledger
from backend.ledger.rulepack import RulePack


def accept(session: Session, rules: RulePack, *, actor: Actor, claim_id: int) -> ProjectClaim:
    """Accept a claim; the claimant's term to start begins."""
    row = _decidable(session, rules, actor, claim_id)
    if row.status is ClaimStatus.ACCEPTED and row.decided_by == actor.account_id:
        return row
    _decide(actor, row, "accept")
    row.accepted_at = row.decided_at
    answers.expect_start(session, rules, row)
    audit.record(session, actor, "claim.accepted", row)
    news.tell_claimant(session, row, "accepted")
    if row.project.demand is not None:
        demand_news.tell_of_claim(session, row.project.demand, row)
    return row


def decline(
    session: Session, rules: RulePack, *, actor: Actor, claim_id: int, reason: str
) -> ProjectClaim:
    """Decline with a reason; the place goes to who waits."""
    row = _decidable(session, rules, actor, claim_id)
    if row.status is ClaimStatus.DECLINED and row.decided_by == actor.account_id:
        return row
    _decide(actor, row, "decline")
    row.decline_reason, row.ended_at = reason, row.decided_at
    audit.record(session, actor, "claim.declined", row)
    check_text(session, actor, row, "decline_reason", reason)
    news.tell_claimant(session, row, "declined")
    _give_up_place(session, rules, row)
    return row


def send_back(
    session: Session, rules: RulePack, *, actor: Actor, claim_id: int, reason: str
) -> ProjectClaim:
    """Ask for more of what was delivered, with a reason."""
    row = _decidable(session, rules, actor, claim_id)
    if row.status is ClaimStatus.IN_PROGRESS and row.return_reason == reason:
        return row
    row.status, row.return_reason = CLAIM.after(row.status, "return"), reason
    reminders.plan_delivery(session, row)
    audit.record(session, actor, "claim.returned", row)
    check_text(session, actor, row, "return_reason", reason)
    news.tell_claimant(session, row, "returned")
    return row


def fail(
    session: Session, rules: RulePack, *, actor: Actor, claim_id: int, reason: str
) -> ProjectClaim:
    """State that nothing came of a claim that was started; the place goes to who waits."""
    row = _decidable(session, rules, actor, claim_id)
    if row.status is ClaimStatus.FAILED and row.decided_by == actor.account_id:
        return row
    row.status, row.failure_reason = CLAIM.after(row.status, "fail"), reason
    row.decided_by, row.decided_at = actor.account_id, clock.now()
    row.ended_at = row.decided_at
    audit.record(session, actor, "claim.failed", row)
    check_text(session, actor, row, "failure_reason", reason)
    news.tell_claimant(session, row, "failed")
    _give_up_place(session, rules, row)
    return row


def complete(
    session: Session,
    rules: RulePack,
    *,
    actor: Actor,
    claim_id: int,
    solved: bool,
    satisfied: bool,
    comment: str,
) -> ProjectClaim:
    """Take the work over and say how it went; this is what earns the credit."""
    row = _decidable(session, rules, actor, claim_id)
    if row.status is ClaimStatus.COMPLETED and row.completed_by == actor.account_id:
        return row
    row.status = CLAIM.after(row.status, "complete")
    row.solved, row.satisfied, row.comment = solved, satisfied, comment
    row.completed_by, row.completed_at = actor.account_id, clock.now()
    session.flush()
    if postings.counts(session, row):
        ledger.post(session, rules, postings.entry_of(row))
    audit.record(session, actor, "claim.completed", row, solved=solved, satisfied=satisfied)
    check_text(session, actor, row, "comment", comment)
    news.tell_claimant(session, row, "completed")
    ending.settle(session, rules, row.project)
    return row


def _give_up_place(session: Session, rules: RulePack, row: ProjectClaim) -> None:
    reminders.drop(session, row)
    places.give_back(session, rules, row.project)
    ending.settle(session, rules, row.project)


def _decidable(session: Session, rules: RulePack, actor: Actor, claim_id: int) -> ProjectClaim:
    row = locked_claim(session, rules, actor, claim_id)
    if not policy.may_decide(actor, row):
        raise Forbidden(
            "not_your_decision", "只有项目所在社区的书记可以办理，且不能办理本人或本单位的认领。"
        )
    return row


def _decide(actor: Actor, row: ProjectClaim, event: str) -> None:
    row.status = CLAIM.after(row.status, event)
    row.decided_by, row.decided_at = actor.account_id, clock.now()
