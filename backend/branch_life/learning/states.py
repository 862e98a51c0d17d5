"""What may happen to learning material (spec 2.1, rule 16c)."""

from backend.branch_life.learning.models import MaterialStatus as S
from backend.core.states import Machine, Transition

LEARNING_MATERIAL = Machine(
    "learning_material",
    [Transition(S.PUBLISHED, "withdraw", S.WITHDRAWN, "branch secretary", "own branch")],
)
