"""Publish learning materials and show them. Taking them back stands in `flow`. Callers own the
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.branch_life.learning import kinds, policy
from backend.branch_life.learning.flow import FLOW
from backend.branch_life.learning.models import LearningMaterial, MaterialStatus
from backend.core.actor import Actor
from backend.core.errors import Invalid
from backend.core.own import is_own
from backend.people.organizations.models import Organization
from backend.support.attachments import carried as attachments

withdraw = FLOW.step("withdraw", "material_id")


@dataclass(frozen=True)
class Material:
    """What is to be read, and by which branch."""

    organization_id: int
    title: str
    body: str
    attachment_ids: Sequence[int] = ()


def publish(session: Session, *, actor: Actor, said: Material) -> LearningMaterial:
    """Publish material to the secretary's own branch. Raises Forbidden, Invalid."""
    if not policy.may_publish(actor, said.organization_id):
        if is_own(said.organization_id, actor.branch_id):
            raise policy.SECRETARY.refusal()
        raise Invalid("organization_id", "没有找到该党支部。")
    organization = session.get_one(Organization, said.organization_id)
    material = LearningMaterial(
        organization=organization,
        title=said.title,
        body=said.body,
        status=MaterialStatus.PUBLISHED,
        published_by=actor.account_id,
    )
    FLOW.begin(session, actor, material, "published").check("text", said.title, said.body)
    attachments.attach(
        session,
        actor=actor,
        ids=said.attachment_ids,
        kind=kinds.FILES,
        subject=material.as_subject,
        area_id=organization.area_id,
    )
    FLOW.fill(session, actor, [material])
    return material


def detail(session: Session, *, actor: Actor, material_id: int) -> LearningMaterial:
    """Return material that exists for the actor, with its files; raises NotFound."""
    return FLOW.show(session, actor, material_id)
