"""What may happen to learning material (spec 2.1, rule 16c)."""

from backend.branch_life.learning import kinds, policy, queries
from backend.branch_life.learning.models import LearningMaterial
from backend.branch_life.learning.models import MaterialStatus as S
from backend.flows.flow import Flow
from backend.flows.steps import Step
from backend.support.attachments import queries as attached

FLOW = Flow(
    "learning_material",
    LearningMaterial,
    select=queries.shown,
    visible=policy.visible,
    missing="没有找到这份学习材料，可能已被撤回。",
    texts=kinds.TEXTS,
    area_id=lambda row: row.organization.area_id,
    fill=attached.fill,
    steps=[
        Step("withdraw", "withdrawal",
             "Take material back: its branch does not find it any more.",
             {S.PUBLISHED: S.WITHDRAWN}, policy.SECRETARY, "own branch",
             signs="withdrawn", past="withdrawn"),
    ],
)  # fmt: skip
