"""Who reads and publishes learning materials. Everything not named here is refused."""

import sqlalchemy as sa

from backend.branch_life.learning import kinds
from backend.branch_life.learning.models import LearningMaterial, MaterialStatus
from backend.core.actor import Actor, Role
from backend.core.asker import Asker, asker_of
from backend.flows.steps import Party
from backend.support.attachments.declared import Opening

_M = LearningMaterial


def visible(asker: Asker) -> sa.ColumnElement[bool]:
    """Return whether a material exists for the asker.

    What is published is for the branch's members; all of it for its secretary.
    """
    published = _M.status == MaterialStatus.PUBLISHED
    return sa.or_(sa.and_(asker.belongs(_M.organization_id), published), SECRETARY.holds(asker))


def may_publish(actor: Actor, organization_id: int) -> bool:
    return organization_id in actor.organizations(Role.BRANCH_SECRETARY)


SECRETARY = Party(
    "branch secretary",
    lambda asker: asker.leads(_M.organization_id, Role.BRANCH_SECRETARY),
    "not_the_branch_secretary",
    "只有本支部书记可以发布和撤回学习材料。",
)
FILES = Opening(kinds.FILES, LearningMaterial, lambda actor: visible(asker_of(actor)))
