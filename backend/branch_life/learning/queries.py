"""Questions about learning materials. None of them writes: reading leaves no trace."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from backend.branch_life.learning.models import LearningMaterial
from backend.support.text_checks import withheld


@cache
def shown() -> sa.Select[LearningMaterial]:
    """Select materials with what every answer shows of them."""
    texts = withheld.of(LearningMaterial.__tablename__, LearningMaterial.id)
    return sa.select(LearningMaterial).options(
        joinedload(LearningMaterial.organization),
        with_expression(LearningMaterial.withheld, texts),
    )
