"""Who reads and publishes learning materials. Everything not named here is refused."""

import sqlalchemy as sa

from backend.branch_life.learning import kinds
from backend.branch_life.learning.models import LearningMaterial, MaterialStatus
from backend.core.actor import Actor, Role
from backend.core.own import is_own
from backend.support.attachments.declared import Opening


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """What is published is for the branch's members; all of it for its secretary."""
    published = LearningMaterial.status == MaterialStatus.PUBLISHED
    return sa.or_(
        sa.and_(is_own(LearningMaterial.organization_id, actor.branch_id), published),
        LearningMaterial.organization_id.in_(actor.organizations(Role.BRANCH_SECRETARY)),
    )


def may_publish(actor: Actor, organization_id: int) -> bool:
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)


FILES = Opening(kinds.FILES, LearningMaterial, visible)
