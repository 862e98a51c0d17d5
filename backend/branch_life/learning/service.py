"""Publish and withdraw learning materials. Callers own the transaction."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.branch_life.learning import kinds, policy, queries
from backend.branch_life.learning.models import LearningMaterial, MaterialStatus
from backend.branch_life.learning.states import LEARNING_MATERIAL
from backend.core.actor import Actor
from backend.core.errors import Forbidden, Invalid, NotFound
from backend.core.own import is_own
from backend.people.organizations.models import Organization
from backend.support.attachments import carried as attachments
from backend.support.attachments import queries as attached
from backend.support.text_checks import service as text_checks


def publish(
    session: Session,
    *,
    actor: Actor,
    organization_id: int,
    title: str,
    body: str,
    attachment_ids: Sequence[int] = (),
) -> LearningMaterial:
    """Publish material to the secretary's own branch. Raises Forbidden, Invalid."""
    if not policy.may_publish(actor, organization_id):
        if is_own(organization_id, actor.branch_id):
            raise _not_the_secretary()
        raise Invalid("organization_id", "没有找到该党支部。")
    material = LearningMaterial(
        organization_id=organization_id,
        title=title,
        body=body,
        status=MaterialStatus.PUBLISHED,
        published_by=actor.account_id,
    )
    session.add(material)
    audit.record(session, actor, "learning_material.published", material)
    _hand_over(session, actor, material, attachment_ids)
    return detail(session, actor=actor, material_id=material.id)


def _hand_over(
    session: Session, actor: Actor, material: LearningMaterial, attachment_ids: Sequence[int]
) -> None:
    """Give text and files to whoever checks and keeps them, for the place of the branch."""
    subject = material.as_subject
    area_id = session.get_one(Organization, material.organization_id).area_id
    text_checks.submit(
        session,
        actor,
        kind=kinds.TEXTS,
        subject=subject,
        part="text",
        area_id=area_id,
        texts=[material.title, material.body],
    )
    attachments.attach(
        session, actor=actor, ids=attachment_ids, kind=kinds.FILES, subject=subject, area_id=area_id
    )


def withdraw(session: Session, *, actor: Actor, material_id: int) -> LearningMaterial:
    """Take material back; withdrawing again is no change. Raises NotFound, Forbidden, Conflict."""
    found = queries.shown(actor).where(LearningMaterial.id == material_id)
    material = session.scalars(found.with_for_update(of=LearningMaterial)).first()
    if material is None:
        raise _not_found()
    if not policy.may_publish(actor, material.organization_id):
        raise _not_the_secretary()
    repeated = material.withdrawn_by == actor.account_id
    if not (material.status is MaterialStatus.WITHDRAWN and repeated):
        material.status = LEARNING_MATERIAL.after(material.status, "withdraw")
        material.withdrawn_by = actor.account_id
        audit.record(session, actor, "learning_material.withdrawn", material)
    attached.fill(session, actor, [material])
    return material


def detail(session: Session, *, actor: Actor, material_id: int) -> LearningMaterial:
    """Return material that exists for the actor, with its files; raises NotFound."""
    session.flush()
    found = queries.shown(actor).where(LearningMaterial.id == material_id)
    material = session.scalars(found).first()
    if material is None:
        raise _not_found()
    attached.fill(session, actor, [material])
    return material


def _not_found() -> NotFound:
    return NotFound("learning_material_not_found", "没有找到这份学习材料，可能已被撤回。")


def _not_the_secretary() -> Forbidden:
    return Forbidden("not_the_branch_secretary", "只有本支部书记可以发布和撤回学习材料。")
