"""The list in which an actor finds learning materials. It is executed with `asked_by`."""

import sqlalchemy as sa

from backend.branch_life.learning.flow import FLOW
from backend.branch_life.learning.models import LearningMaterial, MaterialStatus
from backend.core.actor import Actor
from backend.core.asker import asker_of


def listed(actor: Actor, *, organization_id: int | None = None) -> sa.Select[LearningMaterial]:
    """Select what there is to read at present."""
    found = FLOW.shown(asker_of(actor)).where(LearningMaterial.status == MaterialStatus.PUBLISHED)
    if organization_id is not None:
        found = found.where(LearningMaterial.organization_id == organization_id)
    return found
