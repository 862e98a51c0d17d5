"""How a claim is found and locked, and what was written about it checked."""

from sqlalchemy.orm import Session

from backend.community.projects import kinds, policy, queries, timeouts
from backend.community.projects.models import ProjectClaim, ServiceProject
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.ledger.rulepack import RulePack
from backend.support.text_checks import service as text_checks


def locked_claim(session: Session, rules: RulePack, actor: Actor, claim_id: int) -> ProjectClaim:
    """Return a claim that exists for the actor, as the clock has it today, its project and then
    itself locked. Raises NotFound."""
    found = queries.claims().where(ProjectClaim.id == claim_id, policy.visible_claim(actor))
    row = session.scalars(found).first()
    if row is None:
        raise NotFound("claim_not_found", "没有找到这次认领。")
    session.refresh(row.project, with_for_update={"of": ServiceProject}, attribute_names=_PROJECT)
    session.scalars(
        found.with_for_update(of=ProjectClaim).execution_options(populate_existing=True)
    ).first()
    timeouts.apply(session, rules, row.project)
    return row


_PROJECT = ["claimed", "status", "done_on", "evaluation_due_on"]


def check_text(session: Session, actor: Actor, row: ProjectClaim, part: str, text: str) -> None:
    """Have what was written about a claim checked."""
    text_checks.submit(
        session,
        actor,
        kind=kinds.CLAIM_TEXTS,
        subject=row.as_subject,
        part=part,
        area_id=row.project.community_id,
        texts=[text],
    )
