"""Questions about learning materials. None of them writes: reading leaves no trace."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.branch_life.learning import policy
from backend.branch_life.learning.models import LearningMaterial, MaterialStatus
from backend.core.actor import Actor
from backend.support.text_checks import withheld


def shown(actor: Actor) -> sa.Select[LearningMaterial]:
    """Select what exists for the actor, with what every answer shows of it."""
    texts = withheld.of(LearningMaterial.__tablename__, LearningMaterial.id)
    return (
        sa.select(LearningMaterial)
        .where(policy.visible(actor))
        .options(
            joinedload(LearningMaterial.organization),
            with_expression(LearningMaterial.withheld, texts),
        )
    )


def listed(actor: Actor, *, organization_id: int | None = None) -> sa.Select[LearningMaterial]:
    """Select what there is to read at present."""
    found = shown(actor).where(LearningMaterial.status == MaterialStatus.PUBLISHED)
    if organization_id is not None:
        found = found.where(LearningMaterial.organization_id == organization_id)
    return found
