"""Claims on projects, from the first tap to the credit. Callers own the transaction.

Every step locks the project first and the claim second, so that two of them never cross.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core import clock
from backend.core.actor import Actor
from backend.core.errors import Conflict, Forbidden, Invalid, NotFound
from backend.duties import service as ledger
from backend.duties.models import SubjectKind
from backend.duties.rulepack import RulePack
from backend.duties.service import Entry, Source
from backend.duties.subjects import Subject
from backend.notifications.models import ReminderKind
from backend.projects import news, policy, queries, reminders
from backend.projects.models import (
    LIVE,
    ClaimantKind,
    ClaimStatus,
    ProjectClaim,
    ServiceProject,
)
from backend.projects.service import locked_project
from backend.projects.states import CLAIM
from backend.text_checks import service as text_checks

# A unit's claim is the unit's duty; a member's own is shown as a contribution (rule 12g).
UNIT_KIND, MEMBER_KIND = "unit_claim", "member_claim"


def claim(
    session: Session, *, actor: Actor, project_id: int, unit_id: int | None, note: str
) -> ProjectClaim:
    """Give the actor, or the unit the actor is contact of, one place on an open project."""
    member_id = actor.as_member()
    project = locked_project(session, actor, project_id)
    _check_claimant(actor, project, unit_id)
    if session.scalar(_live_claim_of(project.id, member_id, unit_id)):
        raise Conflict("already_claimed", "已经认领过该项目，可在“我的认领”中查看。")
    project.take_place(clock.now())
    row = ProjectClaim(
        project=project,
        member_id=member_id,
        unit_id=unit_id,
        note=note,
        status=ClaimStatus.SUBMITTED,
    )
    session.add(row)
    audit.record(session, actor, "claim.submitted", row, unit_id=unit_id)
    _check(session, actor, row, "note", note)
    news.tell_secretaries(session, row, "submitted")
    return row


def _check_claimant(actor: Actor, project: ServiceProject, unit_id: int | None) -> None:
    if unit_id is not None and not policy.may_claim_for(actor, unit_id):
        raise Invalid("unit_id", "只有单位的党建联络员可以代表本单位认领。")
    if unit_id is None and not actor.registered:
        raise Forbidden("registration_required", "请先完成社区报到，再认领项目。")
    wrong = ClaimantKind.MEMBERS if unit_id is not None else ClaimantKind.UNITS
    if project.claimants is wrong:
        only = "党员个人" if unit_id is not None else "单位"
        raise Conflict("claimant_not_allowed", f"该项目只接受{only}认领。")


def _live_claim_of(project_id: int, member_id: int, unit_id: int | None) -> sa.Select[bool]:
    own = (
        sa.and_(ProjectClaim.unit_id.is_(None), ProjectClaim.member_id == member_id)
        if unit_id is None
        else ProjectClaim.unit_id == unit_id
    )
    return sa.select(
        sa.exists().where(ProjectClaim.project_id == project_id, own, ProjectClaim.status.in_(LIVE))
    )


def accept(session: Session, *, actor: Actor, claim_id: int) -> ProjectClaim:
    """Accept a claim of the secretary's own community."""
    row = _decidable(session, actor, claim_id)
    if row.status is ClaimStatus.ACCEPTED and row.decided_by == actor.account_id:
        return row
    _decide(actor, row, "accept")
    reminders.plan(session, row)
    audit.record(session, actor, "claim.accepted", row)
    news.tell_claimant(session, row)
    return row


def decline(session: Session, *, actor: Actor, claim_id: int, reason: str) -> ProjectClaim:
    """Decline with a reason; the place is free again."""
    row = _decidable(session, actor, claim_id)
    if row.status is ClaimStatus.DECLINED and row.decided_by == actor.account_id:
        return row
    _decide(actor, row, "decline")
    row.decline_reason = reason
    row.project.give_back_place()
    audit.record(session, actor, "claim.declined", row)
    _check(session, actor, row, "decline_reason", reason)
    news.tell_claimant(session, row)
    return row


def withdraw(session: Session, *, actor: Actor, claim_id: int) -> ProjectClaim:
    """Withdraw before the start, without consequence; the place is free again."""
    row = _own(session, actor, claim_id)
    if row.status is ClaimStatus.WITHDRAWN:
        return row
    row.status = CLAIM.after(row.status, "withdraw")
    row.project.give_back_place()
    reminders.drop(session, row)
    audit.record(session, actor, "claim.withdrawn", row)
    return row


def start(session: Session, *, actor: Actor, claim_id: int) -> ProjectClaim:
    """Begin the work of an accepted claim."""
    row = _own(session, actor, claim_id)
    if row.status is ClaimStatus.IN_PROGRESS:
        return row
    row.status = CLAIM.after(row.status, "start")
    reminders.drop(session, row, ReminderKind.PROJECT_STARTS)
    audit.record(session, actor, "claim.started", row)
    return row


def deliver(
    session: Session, *, actor: Actor, claim_id: int, summary: str, delivered_on: date
) -> ProjectClaim:
    """Say what was done and when; the day decides the year in which it counts."""
    row = _own(session, actor, claim_id)
    if row.status is ClaimStatus.DELIVERED and (row.summary, row.delivered_on) == (
        summary,
        delivered_on,
    ):
        return row
    status = CLAIM.after(row.status, "deliver")
    if not row.project.starts_on <= delivered_on <= clock.today():
        raise Invalid("delivered_on", "完成日期应在项目开始之后，且不晚于今天。")
    row.status, row.summary, row.delivered_on = status, summary, delivered_on
    row.delivery_recorded_on = clock.today()
    reminders.drop(session, row)
    audit.record(session, actor, "claim.delivered", row)
    _check(session, actor, row, "summary", summary)
    news.tell_secretaries(session, row, "delivered")
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
    row = _decidable(session, actor, claim_id)
    if row.status is ClaimStatus.COMPLETED and row.completed_by == actor.account_id:
        return row
    row.status = CLAIM.after(row.status, "complete")
    row.solved, row.satisfied, row.comment = solved, satisfied, comment
    row.completed_by = actor.account_id
    session.flush()
    ledger.post(session, rules, entry_of(row))
    audit.record(session, actor, "claim.completed", row, solved=solved, satisfied=satisfied)
    _check(session, actor, row, "comment", comment)
    news.tell_claimant(session, row)
    return row


def _check(session: Session, actor: Actor, row: ProjectClaim, part: str, text: str) -> None:
    text_checks.submit(
        session,
        actor,
        subject=row.as_subject,
        part=part,
        area_id=row.project.community_id,
        texts=[text],
    )


def entry_of(row: ProjectClaim) -> Entry:
    """Return what a completed claim posts: one project is one occasion, however it was split."""
    delivered = row.delivered_on or clock.today()
    subject = (
        Subject(SubjectKind.UNIT, row.unit_id)
        if row.unit_id is not None
        else Subject(SubjectKind.MEMBER, row.member_id)
    )
    return Entry(
        kind=UNIT_KIND if row.unit_id is not None else MEMBER_KIND,
        subject=subject,
        source=source_of(row),
        occurred_on=delivered,
        recorded_on=row.delivery_recorded_on or delivered,
        occasion=f"project:{row.project_id}",
        amount=1,
        area_id=row.project.community_id,
    )


def source_of(row: ProjectClaim) -> Source:
    return Source(ProjectClaim.__tablename__, row.id)


def _locked(session: Session, actor: Actor, claim_id: int) -> ProjectClaim:
    """Return the claim if it exists for the actor, with its project and then itself locked."""
    found = queries.claims().where(ProjectClaim.id == claim_id, policy.visible_claim(actor))
    row = session.scalars(found).first()
    if row is None:
        raise NotFound("claim_not_found", "没有找到这次认领。")
    session.refresh(row.project, with_for_update=True, attribute_names=["claimed", "status"])
    session.refresh(row, with_for_update=True, attribute_names=_STATE)
    return row


_STATE = ["status", "decided_by", "completed_by", "summary", "delivered_on", "delivery_recorded_on"]


def _own(session: Session, actor: Actor, claim_id: int) -> ProjectClaim:
    row = _locked(session, actor, claim_id)
    if not policy.is_claimant(actor, row):
        raise Forbidden("not_yours", "只能办理本人或本单位的认领。")
    return row


def _decidable(session: Session, actor: Actor, claim_id: int) -> ProjectClaim:
    row = _locked(session, actor, claim_id)
    if not policy.may_decide(actor, row):
        raise Forbidden(
            "not_your_decision", "只有项目所在社区的书记可以办理，且不能办理本人或本单位的认领。"
        )
    return row


def _decide(actor: Actor, row: ProjectClaim, event: str) -> None:
    row.status = CLAIM.after(row.status, event)
    row.decided_by, row.decided_at = actor.account_id, clock.now()
